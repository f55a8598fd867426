"""A declaration says everything about a source, or it is refused naming file and key."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook import SourceError, load_codebook
from ingest import load_source, load_sources
from ingest.declarations.load import _SOURCE_KEYS, PACKAGED

from .workbench import DECLARATION, bench, row

__all__ = ["bench"]

# Every key of a declaration, and some of its parts.
KEYS = st.sampled_from(sorted({*_SOURCE_KEYS, "join", "field", "values", "only_if", "numbers"}))


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


def test_all_faults_of_a_declaration_are_told_at_once(tmp_path):
    text = (
        DECLARATION.replace("format: csv", "format: doc\ncolour: red")
        .replace("Age: person.age", "Age: person.aeg")
        .replace("Sex: person.sex", "Sex: {field: person.sex, values: {x: femal}}")
        .replace("{consent: statistics}", "{consent: everything}")
    )
    text += "constants: {incident.country: RUS}\nrepeats: [{path: help, columns: {Need: request.ned}}]\n"
    with pytest.raises(SourceError) as raised:
        load(tmp_path, text)
    first, *lines = raised.value.reason.split("\n  ")
    assert first == "7 faults:"
    assert lines == [
        "desk.yml: has keys that mean nothing: colour",
        "desk.yml: format: must be one of csv, tsv, xlsx, xls, ods, json, jsonl, parquet, sqlite, zip",
        "desk.yml: person.aeg: is not a field of the codebook; did you mean person.age?",
        "desk.yml: Sex: values: not in codes/sex.csv: femal; did you mean female?",
        "desk.yml: Statistics: `consent` names a scope that is not in codes/consent_scope.csv",
        "desk.yml: incident.country: the constant is not a code of codes/country_group.csv; did you mean RU?",
        "desk.yml: repeat help: request.ned: is not a field of the codebook; did you mean request.need?",
    ]
    assert "README" in raised.value.remedy


def test_the_faults_of_every_file_of_a_folder_are_told_at_once(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text(
            f"name: {name}\nversion: '1'\nformat: csv\ncolumns: {{A: no}}\n"
        )
    with pytest.raises(SourceError) as raised:
        load_sources(tmp_path)
    assert "one.yml: no: is not a field" in raised.value.reason
    assert "two.yml: no: is not a field" in raised.value.reason


@pytest.mark.parametrize(
    ("added", "match"),
    [
        ("positions: [A, B]\n", "`positions` and `headings`"),
        ("positions: [A]\nheadings: {en: [A, B]}\n", "headings: en: must be as many as `positions`: 1"),
        ("positions: [A]\nheadings: {en: [A]}\n", "positions: lacks columns that are mapped: Acts, Age"),
        ("column_groups: [{only_if: [x], columns: {P: perpetrator.perpetrator_sex}}]\n", "only_if: must be"),
        ("repeats: [{path: more, columns: {Motive: incident.motive}}]\n", "say `continues: true`"),
        ("notes: told\n", "notes: must be a list"),
    ],
)
def test_the_newer_keys_are_checked_too(tmp_path, added, match):
    with pytest.raises(SourceError) as raised:
        load(tmp_path, DECLARATION + added)
    assert match in raised.value.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [("Age: person.age", "Age: {field: person.age, otherwise: blank}"),
     ("Date: incident.date_incident", "Date: {field: incident.date_incident, otherwise: blank}"),
     ("Acts: {field", "Case cost: {field: request.cost, otherwise: '0'}\n  Acts: {field")],
)  # fmt: skip
def test_an_impossible_number_or_date_cannot_be_declared_away(tmp_path, old, new):
    with pytest.raises(SourceError, match="`otherwise` is for codes"):
        load(tmp_path, DECLARATION.replace(old, new))


def test_otherwise_covers_codes_that_nobody_knows_and_nothing_else(bench):
    declaration = DECLARATION.replace("Sex: person.sex", "Sex: {field: person.sex, otherwise: unknown}")
    (summary,) = bench.ingest_rows(
        row(Case="1", Sex="elf"), row(Case="2", Age="240"), declaration=declaration
    ).files
    assert (summary.stored, summary.reasons) == (1, {"impossible_number": 1})
    assert [one["sex"] for one in bench.all("person")] == ["unknown"]


PARTS = """
name: parts
version: "1"
format: csv
short_rows: true
optional_columns: all
recognise: [Case, Name]
key: [Case]
notes: ["of this file nobody knows the rest"]
columns:
  Case: incident.external_id
  Name: person.name
  When: {field: incident.date_incident, range: "~"}
  Acts: {field: act.act_code, printed_list: true}
  Motives: {field: incident.motive, separator: "|", parents: "::"}
  Story: {field: incident.narrative, separator: ","}
  How many: incident.number_perpetrators
column_groups:
  - only_if: {How many: ["1"]}
    columns: {Their sex: perpetrator.perpetrator_sex}
"""


def test_cells_that_systems_print_are_taken_apart(bench):
    text = (
        "Case,Name,When,Acts,Motives,Story,How many,Their sex\n"
        '1,A,2020-01-01~2020-02-01,"[""beating"", ""threat""]",bias::honour|bias::gender,"Adult, ",1,M\n'
        '2,B,2020-01-01~,beating,honour,"Adult, Minor",2,M\n'
        "3,C\n"
    )
    (summary,) = bench.ingest(bench.file(text, "parts.csv"), PARTS).files
    assert (summary.stored, summary.quarantined) == (3, 0)
    assert "of this file nobody knows the rest" in summary.notices
    first, second, third = bench.all("incident")
    assert (first["date_incident"], first["date_incident_to"]) == ("2020-01-01", "2020-02-01")
    assert (second["date_incident"], second["date_precision"]) == ("2020-01-01", "estimate")
    assert (first["motive"], first["narrative"], second["narrative"]) == (
        ["honour", "gender"],
        "Adult",
        "Adult; Minor",
    )
    assert third["date_incident"] is None
    assert [one["act_code"] for one in bench.all("act")] == ["assault_minor", "threat", "assault_minor"]
    # A group of columns that is read for one perpetrator only says nothing where there are two.
    assert [one["perpetrator_sex"] for one in bench.all("perpetrator")] == ["male"]


def test_columns_that_a_file_may_lack_are_told_from_those_it_must_have(bench):
    (summary,) = bench.ingest(bench.file("Case,Name\n1,A\n", "parts.csv"), PARTS).files
    assert summary.stored == 1
    (refused,) = bench.ingest(bench.file("Case,When\n1,2020\n", "parts.csv"), PARTS).files
    assert "declared columns are missing: Name" in refused.refused.reason


ODD = st.recursive(
    st.sampled_from(["", "x", "true", "person.age", "incident.region", "{n}", "["]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc") | KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, ODD, min_size=1, max_size=4))
def test_a_declaration_of_any_shape_is_understood_or_told_to_be_wrong(tmp_path_factory, odd):
    folder = tmp_path_factory.getbasetemp()
    document = {**yaml.safe_load(DECLARATION), **odd}
    try:
        load(folder, yaml.safe_dump(document, allow_unicode=True))
    except SourceError as error:
        told = error
    else:
        return
    assert "desk.yml" in told.reason
    assert told.remedy
