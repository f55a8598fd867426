"""A declaration says everything about a source, or it is refused naming file and key."""

import pytest

from codebook import SourceError, load_codebook
from ingest import load_source, load_sources
from ingest.declarations import PACKAGED

from .workbench import DECLARATION


def load(tmp_path, text, name="desk"):
    """Load a declaration from text."""
    path = tmp_path / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return load_source(path, load_codebook())


def test_every_packaged_declaration_and_every_example_is_understood():
    assert {"casebook_ru", "hotline_en", "web_form", "funding"} <= set(load_sources())
    examples = load_sources(PACKAGED.parent.parent / "examples")
    assert {"police_killings", "missing_migrants", "data_police_uk", "kobo_csv", "kobo_api"} <= set(examples)


def test_scalars_are_the_text_that_stands_there(tmp_path):
    text = DECLARATION.replace(
        "  Sex: person.sex", "  Sex: {field: person.sex, values: {no: unknown, 1: female, NA: null}}"
    )
    target = load(tmp_path, text).main.block.columns["Sex"][0]
    assert target.values == {"no": "unknown", "1": "female", "na": ""}


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("format: csv", "format: csv\ncolour: red", "desk.yml: has keys that mean nothing: colour"),
        ("format: csv", "format: doc", "desk.yml: format: must be one of"),
        ("name: desk", "name: other", "must be the file's own name"),
        ("Age: person.age", "Age: person.shoe_size", "person.shoe_size: is not a field"),
        ("Age: person.age", "Age: person.age_band", "filled by Withheld itself"),
        ("Age: person.age", "Age: person.person_id", "filled by Withheld itself"),
        ("Age: person.age", "Age: source.record_key", "filled by Withheld itself"),
        ("Age: person.age", "Age: {field: person.age, red: 1}", "Age: has options that mean nothing: red"),
        ("Age: person.age", "Age: {field: person.age, separator: ';'}", "Age: takes one value"),
        ("Age: person.age", "Age: person.age\n  Years: person.age", "person.age: is filled by two columns"),
        ("Sex: person.sex", "Sex: {field: person.sex, values: {x: elf}}", "not in codes/sex.csv: elf"),
        ("Sex: person.sex", "Sex: {field: person.sex, otherwise: martian}", "`otherwise` is not a code"),
        ("{consent: statistics}", "{consent: everything}", "`consent` names a scope"),
        ("key: [Case]", "key: [Nothing]", "key: names columns that are not mapped: Nothing"),
        ("key: [Case]", "key: [Case]\nkey: [Age]", "line 6: is not the YAML"),
        ("ignore: [Worker]", "ignore_pattern: ['(']", "is not a regular expression"),
        ("ignore: [Worker]", "consent: [{scope: statistics, status: given}]", "needs `basis`"),
        ("ignore: [Worker]", "constants: {person.sex: martian}", "person.sex: the constant is not a code"),
        ("order: day_month", "order: whatever", "`order` or `unit`"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_an_error_with_file_and_key(tmp_path, old, new, match):
    assert old in DECLARATION
    with pytest.raises(SourceError, match=r"desk\.yml") as raised:
        load(tmp_path, DECLARATION.replace(old, new))
    assert match in raised.value.reason
    assert raised.value.remedy


def test_a_source_without_a_column_on_persons_must_say_so(tmp_path):
    text = 'name: desk\nversion: "1"\nformat: csv\ncolumns: {Case: incident.external_id}\n'
    with pytest.raises(SourceError, match="no column speaks of a person"):
        load(tmp_path, text)
    assert load(tmp_path, text + "person: implied\n").implied_person


def test_rows_are_put_together_only_by_a_code_that_is_stored(tmp_path):
    text = DECLARATION.replace("key: [Case]", "incident_by: [Name]").replace(
        "  Case: incident.external_id\n", ""
    )
    with pytest.raises(
        SourceError, match=r"incident_by: needs a column that is mapped to incident\.external_id"
    ):
        load(tmp_path, text)
