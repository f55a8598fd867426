"""`withheld ingest --suggest`: a draft says what it is unsure of, quotes nobody, is not used unconfirmed."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import SourceError, UsageError, load_codebook
from ingest import load_source, load_sources
from ingest.suggest import Draft, Known, suggest_declaration
from ingest.suggest.words import FieldWords
from tests.ingest.workbench import Workbench
from tests.ingest.workbench import bench as bench

BOOK = load_codebook()
WORDS = FieldWords(BOOK)
SOURCES = load_sources()


def draft_of(path, name="desk"):
    """Return the draft for a file of no known kind."""
    found = suggest_declaration(path, name, sources=SOURCES, book=BOOK)
    assert isinstance(found, Draft)
    return found


def drafted(bench, header, rows, name="cases.csv", **how):
    """Return the draft for a table."""
    path = bench.folder / name
    with path.open("w", encoding=how.get("encoding", "utf-8"), newline="") as file:
        csv.writer(file, delimiter=how.get("delimiter", ",")).writerows([header, *rows])
    return suggest_declaration(path, "cases", sources=SOURCES, book=BOOK)


def line_of(draft, column):
    """Return the line of the draft that speaks of a column."""
    return next(
        line for line in draft.text.splitlines() if column in line and not line.startswith("recognise")
    )


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Дата происшествия", "incident.date_incident"), ("ФИО", "person.name"), ("Пол", "person.sex"),
        ("Возраст (лет)", "person.age"), ("Район", "incident.district"), ("Кто", "act.relationship"),
        ("Населённый пункт", "incident.settlement"), ("Населенный пункт", "incident.settlement"),
        ("Что произошло?", "act.act_code"), ("Помощь", "request.need"), ("Сумма, руб.", "request.cost"),
        ("Date of incident", "incident.date_incident"), ("Town", "incident.settlement"),
        ("Age", "person.age"),
        ("Perpetrator", "act.relationship"), ("3. Семейное положение", "person.marital"),
        ("Возраст пострадавшей", "person.age"), ("Victim sex", "person.sex"), ("person/age", "person.age"),
        ("Возраст обидчика", "perpetrator.perpetrator_age"), ("date_incident", "incident.date_incident"),
        ("Цена вечности", "request.cost"), ("Мироздание", ""),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_the_words_that_people_use(heading, target):
    assert WORDS.read(heading).target == target


def test_a_word_that_may_mean_something_else_is_doubtful():
    assert WORDS.read("Статус").doubtful
    assert not WORDS.read("Дата рождения").doubtful
    assert WORDS.read("Согласие").kind == "consent"


def test_a_file_of_a_known_kind_is_said_to_be_known(bench: Workbench):
    header = ["Month", "Channel", "Currency", "Amount", "Donors", "Largest gift"]
    found = drafted(bench, header, [["2024-01", "domestic", "RUB", "100", "3", "50"]])
    assert found == Known("funding", draft=False)


def test_a_list_of_donors_gets_no_draft(bench: Workbench):
    with pytest.raises(SourceError, match="list of donors"):
        drafted(bench, ["Donor name", "Сумма"], [["N", "100"]] * 3)


@pytest.mark.parametrize("answers", [("да", "нет"), ("yes", "no"), ("1", "0")])
def test_a_consent_is_never_sure(bench: Workbench, answers):
    rows = [[f"A{number}", answers[number % 2], "19"] for number in range(20)]
    draft = drafted(bench, ["Дело", "Согласие на статистику", "Возраст"], rows)
    assert "{consent: statistics}  # unsure" in line_of(draft, "Согласие на статистику")


def test_without_a_consent_the_draft_says_that_nobody_is_counted_and_grants_none(bench: Workbench):
    draft = drafted(bench, ["Дело", "Возраст"], [[f"A{number}", "19"] for number in range(5)])
    assert "NOBODY" in draft.text
    path = bench.folder / "cases.yml"
    path.write_text(draft.text, "utf-8")
    assert load_source(path, BOOK).consent == ()


def test_a_column_of_two_faced_dates_is_decided_by_the_column_or_asked(bench: Workbench):
    header = ["Case no", "Date of incident", "Age"]
    days = [["a", "13/04/2024", "19"], ["b", "05/04/2024", "20"], ["c", "06/05/2024", "21"]]
    assert "order: day_month" in line_of(drafted(bench, header, days), "Date of incident")
    asked = line_of(drafted(bench, header, days[1:]), "Date of incident")
    assert "unsure" in asked
    assert "order: day_month or order: month_day" in asked


def test_numbered_columns_become_a_group_and_ticks_become_flags(bench: Workbench):
    header = ["Case no", "Person 1 age", "Person 1 sex", "Person 2 age", "Person 2 sex", "Побои", "Угрозы"]
    rows = [[f"C{number}", "19", "F", "", "", "1", "0"] for number in range(6)]
    draft = drafted(bench, header, rows)
    path = bench.folder / "cases.yml"
    path.write_text(draft.text, "utf-8")
    source = load_source(path, BOOK)
    assert [set(group.columns) for group in source.main.column_groups] == [
        {"Person 1 age", "Person 1 sex"},
        {"Person 2 age", "Person 2 sex"},
    ]
    assert {one.flag for one in source.main.block.targets()} == {"", "assault_minor", "threat"}


def test_numbered_columns_of_one_person_stay_together_and_needs_apart(bench: Workbench):
    header = [
        "Дело",
        "Возраст 1",
        "Пол 1",
        "Возраст 2",
        "Пол 2",
        "Помощь 1",
        "Статус 1",
        "Помощь 2",
        "Статус 2",
    ]
    rows = [[f"C{number}", "19", "ж", "7", "м", "юрист", "оказано", "", ""] for number in range(6)]
    draft = drafted(bench, header, rows)
    path = bench.folder / "cases.yml"
    path.write_text(draft.text, "utf-8")
    groups = [group.entities for group in load_source(path, BOOK).main.column_groups]
    assert groups == [{"person"}, {"person"}, {"request"}, {"request"}]


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("Сумма, тыс. руб.", "12,5", "{field: request.cost, unit: thousand}"),
        ("Возраст (мес.)", "8", "{field: person.age, unit: months}"),
        ("Сумма, руб.", "12 500,50", "request.cost"),
    ],
)
def test_a_unit_in_a_heading_is_taken_up_and_asked_about(bench: Workbench, heading, cell, said):
    line = line_of(drafted(bench, ["Дело", heading, "Пол"], [["a", cell, "ж"], ["b", cell, "ж"]]), heading)
    assert said in line
    assert ("unit" in said) == ("unsure" in line)


def test_a_date_in_three_columns_is_put_together(bench: Workbench):
    rows = [[f"C{number}", str(number % 28 + 1), "марта", "2024", "19"] for number in range(30)]
    draft = drafted(bench, ["Дело", "День", "Месяц", "Год", "Возраст"], rows)
    confirmed = draft.text.replace("draft: true\n", "").replace("name: cases", "name: desk")
    (summary,) = bench.ingest(bench.folder / "cases.csv", confirmed).files
    assert summary.stored == 30
    assert "2024-03-05" in {one["date_incident"] for one in bench.all("incident")}


@pytest.mark.parametrize("cell", ["43.31195, 45.68895", "43.3 45.7 0 0", "43,31195"])
def test_coordinates_are_dropped_whatever_their_column_is_called(bench: Workbench, cell):
    draft = drafted(bench, ["Дело", "Точка", "Возраст"], [[f"C{number}", cell, "19"] for number in range(6)])
    assert "drop_coordinates: [Точка]" in draft.text


def test_a_sum_at_the_foot_is_asked_about_and_is_no_case(bench: Workbench):
    rows = [[f"К-{number}", "2024-03-01", "избиение"] for number in range(1, 7)]
    draft = drafted(bench, ["Номер дела", "Дата происшествия", "Вид насилия"], [*rows, ["Итого", "", ""]])
    assert "skip_rows: {Номер дела: [Итого]}  # unsure: are these rows sums, and no cases?" in draft.text


def test_a_mere_count_of_rows_is_no_key(bench: Workbench):
    draft = drafted(bench, ["№", "Возраст"], [[str(number), "19"] for number in range(1, 9)])
    assert "\nkey:" not in draft.text
    assert draft.text.count('- "№"  # number of a row') == 1


def test_no_name_phone_place_or_story_stands_in_a_draft(bench: Workbench):
    header = ["Дело", "ФИО", "Телефон", "Город", "Кто причинил", "Что произошло", "Рассказ", "Непонятно"]
    rows = [
        [
            f"A{number}",
            "Вымышлова Зарема",
            "8 900 123-45-67",
            "Нигдеград",
            person,
            act,
            "Тайный рассказ.",
            "Секретик",
        ]
        for number, (person, act) in enumerate(
            [("муж", "побои"), ("Магомед", "побои"), ("сосед Ахмед", "скандал"), ("+7 900 1", "скандал")] * 6
        )
    ]
    draft = drafted(bench, header, rows)
    told = draft.text + "\n".join(draft.lines())
    for value in (
        "Вымышлова",
        "123-45",
        "Нигдеград",
        "Магомед",
        "Ахмед",
        "+7 900",
        "Тайный",
        "Секретик",
        "A1",
    ):
        assert value not in told
    assert '"скандал": CODE  # 12 cells' in draft.text


def test_a_spelling_that_comes_twice_does_not_stand_in_a_draft(bench: Workbench):
    rows = [[f"A{number}", "побои"] for number in range(10)] + [["B1", "возня"], ["B2", "возня"]]
    draft = drafted(bench, ["Дело", "Что произошло"], rows)
    assert "возня" not in draft.text
    assert "1 spelling is no known code (2 of 12 cells)" in draft.text


CELLS = st.text(alphabet="абв ёABC0123456789.,;:/'\"#|[]{}-@", max_size=14)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    st.lists(CELLS, min_size=3, max_size=3),
)
def test_any_table_gets_a_draft_that_is_a_declaration_or_a_reason(tmp_path_factory, rows, header):
    folder = tmp_path_factory.mktemp("any")
    path = folder / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Дело", *header], *(["x", *row] for row in rows)])
    refused = None
    try:
        draft = draft_of(path, "cases")
    except SourceError as error:
        refused = error
    if refused:
        assert refused.remedy
        return
    (folder / "cases.yml").write_text(draft.text, "utf-8")
    source = load_source(folder / "cases.yml", BOOK)
    assert source.draft


def test_a_draft_needs_one_file_and_a_name(tmp_path):
    with pytest.raises(UsageError, match="name of a declaration"):
        suggest_declaration(tmp_path / "x.csv", "a b", sources=SOURCES, book=BOOK)


def test_a_code_that_nobody_filled_in_is_told_so(bench: Workbench, tmp_path):
    rows = [[f"К-{number}", "2024-03-01", "скандал дома"] for number in range(1, 7)]
    text = drafted(bench, ["Номер дела", "Дата происшествия", "Вид насилия"], rows).text
    assert '"скандал дома": CODE' in text
    text = text.replace("draft: true\n", "").replace("# values:", "values:").replace('#   "', '  "')
    (tmp_path / "cases.yml").write_text(text, encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"not in codes/act\.csv: CODE; write a code of that list"
    ) as raised:
        load_source(tmp_path / "cases.yml", BOOK)
    assert "correct the declaration at that place" in raised.value.remedy
