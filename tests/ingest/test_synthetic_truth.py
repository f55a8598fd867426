"""The truth beside the invented files: every identifying string, and nothing that is public by necessity."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from codebook import load_codebook
from ingest.synthetic import DEFAULT_FORMATS, synthesize
from ingest.synthetic.names import FullName, in_latin, is_denied, patronymic_of
from ingest.synthetic.names_data import load_names

# Identifying columns, written here by hand so that the writers' own lists are checked too.
CASEBOOK = (
    "Дело", "Код лица", "Код семьи", "ФИО", "Телефон", "Телеграм", "Паспорт", "Населённый пункт",
    "Координаты", "Описание", "Сотрудник", "Устройство",
)  # fmt: skip
CASEBOOK_HELP = (
    "Дело",
    "Кто помог",
    "Город",
    "Маршрут",
    "Билет откуда",
    "Билет куда",
    "Пункт пропуска",
    "Куда уехала",
)
HOTLINE = re.compile(
    r"Call ref|Town|Latitude|Longitude|Summary|Taken by|Handset"
    r"|P\d (name|phone|messenger)|Need \d (provider|route)"
)
WEB_FORM = re.compile(
    r"_id|_uuid|meta/instanceID|_submitted_by|username|deviceid|form/case_code|incident/(settlement|gps|narrative)"
    r"|person/(full_name|phone|telegram|email)|help/(provider|route|destination)"
)


def identifying_cells(directory: Path) -> Iterator[str]:
    if (directory / "casebook_ru.xlsx").exists():
        book = CalamineWorkbook.from_path(directory / "casebook_ru.xlsx")
        for sheet, columns in (("Обращения", CASEBOOK), ("Помощь", CASEBOOK_HELP)):
            rows = book.get_sheet_by_name(sheet).to_python()
            for row in rows[1:]:
                cells = dict(zip(rows[0], row, strict=True))
                yield from (str(cells[column]) for column in columns)
    if (directory / "hotline_en.csv").exists():
        with (directory / "hotline_en.csv").open(encoding="utf-8-sig", newline="") as file:
            for call in csv.DictReader(file, delimiter=";"):
                yield from (value for column, value in call.items() if HOTLINE.fullmatch(column))
    if (directory / "web_form.json").exists():
        body = json.loads((directory / "web_form.json").read_text(encoding="utf-8"))
        for result in body["results"]:
            yield from submission_cells(result)


def submission_cells(row: dict[str, Any]) -> Iterator[str]:
    for key, value in row.items():
        if key in ("person", "help"):
            for inner in value:
                yield from submission_cells(inner)
        elif WEB_FORM.fullmatch(key):
            yield str(value)


def truth_of(directory: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("group")
    synthesize(directory, incidents=1000, seed=3)
    return directory


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    formats=st.lists(st.sampled_from(sorted(DEFAULT_FORMATS)), min_size=1, unique=True),
)
def test_every_cell_of_an_identifying_column_is_an_identifying_value(
    tmp_path_factory: pytest.TempPathFactory, seed: int, formats: list[str]
) -> None:
    directory = tmp_path_factory.mktemp("any")
    synthesize(directory, incidents=40, seed=seed, formats=formats)
    values = set(truth_of(directory)["identifying_values"])
    cells = [cell for cell in identifying_cells(directory) if cell]
    assert cells
    assert [cell for cell in cells if cell not in values] == []


def test_names_and_phones_inside_stories_are_identifying_values_of_their_own(group: Path) -> None:
    values = truth_of(group)["identifying_values"]
    stories = [value for value in values if len(value) > 80]
    short = {value for value in values if len(value) <= 80}
    assert len(stories) > 900
    assert all(phone in short for story in stories for phone in re.findall(r"\+7907\d{7}", story))
    assert all(any(value in story for value in short) for story in stories[:200])


def test_identifying_values_are_unique_sorted_and_long_enough_to_grep_for(group: Path) -> None:
    values = truth_of(group)["identifying_values"]
    assert values == sorted(set(values))
    assert min(map(len, values)) >= 5


def test_no_identifying_value_stands_in_a_text_that_is_public_by_necessity(group: Path) -> None:
    book = load_codebook()
    public = [
        text
        for code_list in book.code_lists.values()
        for code in code_list.codes.values()
        for text in (code.code, code.label_en, code.label_ru)
    ]
    public += [
        text
        for entity in book.entities.values()
        for field in entity.fields.values()
        for text in (field.name, field.label_en, field.label_ru, field.description)
    ]
    everything = "\n".join(public).casefold()
    values = truth_of(group)["identifying_values"]
    assert [value for value in values if value.casefold() in everything] == []


def test_nobody_has_the_surname_of_a_public_person(group: Path) -> None:
    values = truth_of(group)["identifying_values"]
    words = {word for value in values for word in re.findall(r"[А-ЯЁ][а-яё]+", value) if len(value) < 60}
    assert len(words) > 500
    assert [word for word in words if is_denied(word)] == []


@pytest.mark.parametrize("people", sorted(load_names().peoples))
def test_no_surname_that_can_be_put_together_is_denied_more_than_rarely(people: str) -> None:
    parts = load_names().peoples[people]
    surnames = [stem + end for stem in parts.stems for end in parts.ends]
    assert sum(map(is_denied, surnames)) < 0.05 * len(surnames)


def test_phones_and_documents_are_of_series_that_nobody_has(group: Path) -> None:
    rows = CalamineWorkbook.from_path(group / "casebook_ru.xlsx").get_sheet_by_name("Обращения").to_python()
    phone, document = rows[0].index("Телефон"), rows[0].index("Паспорт")
    phones = [re.sub(r"\D", "", str(row[phone])) for row in rows[1:] if row[phone]]
    documents = [str(row[document]) for row in rows[1:] if row[document]]
    assert all(re.fullmatch(r"[78]907\d{7}", number) for number in phones)
    assert all(re.fullmatch(r"00 \d\d \d{6}", number) for number in documents)


def test_pairs_households_and_repeats_name_cases_that_are_there(group: Path) -> None:
    truth = truth_of(group)
    cells = set(identifying_cells(group))
    codes = {code for pair in truth["duplicate_pairs"] for code in pair}
    codes |= {code for codes in truth["repeat_victims"] for code in codes}
    codes |= {member.split("/")[0] for members in truth["households"] for member in members}
    assert codes <= cells
    assert truth["repeat_victims"]


def test_counts_of_the_files_add_up(group: Path) -> None:
    counts = truth_of(group)["counts"]
    over_files = ("files", "different_incidents", "different_persons")
    whole = [name for name in counts if name not in over_files]
    for name in whole:
        assert counts[name] == sum(
            one[name] for file, one in counts["files"].items() if file != "funding.csv"
        )


@pytest.mark.parametrize(
    ("father", "sex", "expected"),
    [
        ("Магомед", "female", "Магомедовна"),
        ("Шамиль", "male", "Шамилевич"),
        ("Муса", "female", "Мусаевна"),
        ("Гаджи", "male", "Гаджиевич"),
        ("Сергей", "female", "Сергеевна"),
    ],
)
def test_patronymics_follow_the_name_of_the_father(father: str, sex: str, expected: str) -> None:
    assert patronymic_of(father, sex) == expected


def test_a_name_has_three_forms_and_a_latin_one() -> None:
    name = FullName("Хеда", "Мусаевна", "Юсхарбекова")
    assert (name.full, name.short, name.initials) == (
        "Юсхарбекова Хеда Мусаевна",
        "Хеда Юсхарбекова",
        "Юсхарбекова Х. М.",
    )
    assert in_latin(name.short) == "Kheda Yuskharbekova"
