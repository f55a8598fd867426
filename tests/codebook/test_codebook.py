"""The codebook holds together, and a fault in it is named by file and line."""

import shutil
from pathlib import Path

import pytest

from codebook import CodebookError, FieldType, HierarchyError, Role, fold, load_codebook
from codebook.load import PACKAGED


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "codebook"
    for name in ("codes", "hierarchies"):
        shutil.copytree(PACKAGED / name, folder / name)
    for name in ("fields.yml", "settlements.csv"):
        shutil.copy(PACKAGED / name, folder / name)
    return folder


def replace_once(path: Path, old: str, new: str) -> int:
    """Replace a text and return the line on which it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_packaged_codebook_is_whole():
    book = load_codebook()
    assert set(book.entities) == {
        "incident", "person", "perpetrator", "act", "request", "outcome", "consent", "source", "evidence",
        "funding", "context_event",
    }  # fmt: skip
    assert len(book.code_lists["act"].codes) == 44
    assert len(book.settlements) == 502


def test_every_code_has_a_label_in_both_languages_and_cyrillic_in_russian():
    for code_list in load_codebook().code_lists.values():
        for code in code_list.codes.values():
            assert code.label_en
            assert code.label_ru
    assert load_codebook().label("sex", "female", "ru") == "Женский"


def test_free_text_and_identifiers_are_never_publishable():
    for entity in load_codebook().entities.values():
        for field in entity.fields.values():
            if field.type in (FieldType.TEXT, FieldType.UUID) and field.role is Role.PUBLISHABLE:
                assert field.name.endswith("currency"), field.path
            if field.identifier:
                assert field.role is Role.DIRECT_IDENTIFIER


@pytest.mark.parametrize("name", ["route", "ticket_to", "destination", "travel_date", "border_point"])
def test_where_somebody_went_is_operational(name):
    assert load_codebook().field(f"request.{name}").role is Role.OPERATIONAL


def test_a_code_without_a_label_is_named_by_file_and_line(copy):
    line = replace_once(copy / "codes" / "sex.csv", "male,Male,Мужской", "male,Male,")
    with pytest.raises(CodebookError, match=rf"codes/sex\.csv, line {line}: code male lacks a label"):
        load_codebook(copy)


def test_an_unknown_role_is_named_by_file_and_line(copy):
    line = replace_once(
        copy / "fields.yml",
        "type: code, role: QI, code_list: marital",
        "type: code, role: XX, code_list: marital",
    )
    with pytest.raises(
        CodebookError, match=rf"fields\.yml, line {line}: field person\.marital has an unknown role"
    ):
        load_codebook(copy)


def test_a_ladder_that_is_not_nested_is_named_by_file_and_line(copy):
    path = copy / "codes" / "relationship.csv"
    line = replace_once(path, ",other_family,family,", ",other_family,not_family,")
    with pytest.raises(CodebookError, match=r"codes/relationship\.csv, line \d+: .* is not nested") as error:
        load_codebook(copy)
    assert f"line {line + 1}" in str(error.value) or f"line {line}" in str(error.value)


def test_bands_that_overlap_are_refused(copy):
    replace_once(copy / "codes" / "age_band_12.csv", "15-17,15–17,15–17,15,17", "15-17,15–17,15–17,14,17")
    with pytest.raises(CodebookError, match=r"codes/age_band_12\.csv, line \d+: band 15-17 overlaps"):
        load_codebook(copy)


def test_a_parent_that_is_no_code_is_refused(copy):
    replace_once(copy / "codes" / "act.csv", ",Изнасилование,sexual,", ",Изнасилование,sexal,")
    with pytest.raises(CodebookError, match=r"codes/act\.csv, line \d+: column in_act_group of code rape"):
        load_codebook(copy)


def test_a_code_that_stands_twice_is_refused(copy):
    path = copy / "codes" / "sex.csv"
    path.write_text(path.read_text(encoding="utf-8") + "female,Female,Женский,,,\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=r"codes/sex\.csv, line 6: code female stands twice"):
        load_codebook(copy)


def test_an_unknown_key_of_a_field_is_refused(copy):
    replace_once(copy / "fields.yml", "role: DI, std_gbvims: incident_id,", "role: DI, lable: x,")
    with pytest.raises(CodebookError, match=r"fields\.yml, line \d+: .* unknown keys: lable"):
        load_codebook(copy)


def test_a_hierarchy_level_that_does_not_exist_is_refused(copy):
    replace_once(copy / "hierarchies" / "sex.yml", "[sex, any]", "[sex, gender, any]")
    with pytest.raises(CodebookError, match=r"hierarchies/sex\.yml, line 2: level gender is not a code list"):
        load_codebook(copy)


@pytest.mark.parametrize(
    ("hierarchy", "value", "level", "expected"),
    [
        ("age", "17", "age_band", "12-17"),
        ("age", "18", "age_band", "18-25"),
        ("age", "17", "age_minority", "minor"),
        ("age", "18", "age_minority", "adult"),
        ("age", "0", "age_band_12", "0-5"),
        ("age", "120", "age_band", "61+"),
        ("age", "", "age_band", "unknown"),
        ("place", "RU-CE", "federal_district", "NCFD"),
        ("relationship", "partner", "actor_type", "family"),
        ("relationship", "police", "actor_type", "state"),
        ("relationship", "vigilante", "actor_type", "stranger"),
        ("need", "asylum", "published_need", "protection"),
        ("need", "legal_consult", "published_need", "legal"),
        ("date", "2024-12-31", "quarter", "2024-Q4"),
        ("date", "2024-12-31", "three_years", "2022-2024"),
        ("date", "2024-01-01", "half", "2024-H1"),
        ("citizenship", "RU", "citizenship_group", "own"),
        ("citizenship", "AT", "citizenship_group", "other"),
        ("sex", "female", "any", "*"),
    ],
)
def test_a_value_climbs_its_ladder(hierarchy, value, level, expected):
    assert load_codebook().hierarchies[hierarchy].generalise(value, level) == expected


def test_a_value_that_is_not_on_the_ladder_is_refused_without_quoting_it():
    with pytest.raises(HierarchyError, match="lacks a value") as error:
        load_codebook().hierarchies["age"].generalise("240", "age_band")
    assert "240" not in str(error.value)


@pytest.mark.parametrize(
    "operational", ["ticket", "relocation_abroad", "shelter", "rent", "asylum", "evidence", "security"]
)
def test_operational_help_is_published_as_transport_housing_or_protection_only(operational):
    group = load_codebook().hierarchies["need"].generalise(operational, "published_need")
    assert group in {"transport", "housing", "protection"}


def test_spellings_in_both_languages_mean_the_same_code():
    spellings = load_codebook().code_lists["act"].spellings
    assert {spellings[fold(text)] for text in ("Побои", "beating", "ПОБОИ, ИЗБИЕНИЕ", "assault_minor")} == {
        "assault_minor"
    }


def test_no_two_codes_of_a_list_share_a_spelling():
    for code_list in load_codebook().code_lists.values():
        for code in code_list.codes.values():
            for spelling in (code.label_en, code.label_ru, *code.also_seen):
                assert code_list.spellings[fold(spelling)] == code.code, (code_list.name, code.code)


def test_folding_is_stable_and_reads_latin_look_alikes_as_cyrillic():
    assert fold("Рoссия") == fold("россия")
    assert fold(fold(" «Ё-моё» ")) == fold(" «Ё-моё» ")
