"""The XLSForm: converts without a warning, asks consent first, asks nothing that could betray anybody."""

import re
from xml.etree import ElementTree

import openpyxl
import pytest
from pyxform.xls2xform import convert

from codebook import load_codebook
from ingest import write_template
from ingest.forms import packaged_questionnaire

FORM = packaged_questionnaire()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    write_template("xlsform", path, load_codebook())
    return path


@pytest.fixture(scope="module")
def survey(written):
    rows = list(openpyxl.load_workbook(written)["survey"].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def xform(written):
    return convert(str(written), validate=False)


def test_it_converts_without_a_warning_into_a_well_formed_xform(xform):
    assert xform.warnings == []
    root = ElementTree.fromstring(xform.xform)
    instance = next(one for one in root.iter() if one.tag.endswith("}data"))
    assert (instance.get("id"), instance.get("version")) == (FORM.identifier, FORM.version)
    languages = {
        one.get("lang"): one.get("default") for one in root.iter() if one.tag.endswith("}translation")
    }
    assert languages == {"English (en)": "true()", "Russian (ru)": None}


def test_nothing_is_translated_by_a_dash(xform):
    """pyxform writes a dash where a language lacks a text."""
    root = ElementTree.fromstring(xform.xform)
    assert [one for one in root.iter() if one.tag.endswith("}value") and one.text == "-"] == []


def test_consent_comes_first_and_the_rest_is_shown_only_where_it_is_given(survey):
    asked = [row for row in survey if row["type"] not in ("end_group", "end_repeat")]
    assert [row["name"] for row in asked[:3]] == ["consent", "consent_explained", "consent_record"]
    assert asked[2]["required"] == "true"
    outermost, depth = [], 0
    for row in survey:
        if row["type"].startswith("begin"):
            outermost += [row] if depth == 0 else []
            depth += 1
        depth -= row["type"].startswith("end")
    assert {row["name"]: row["relevant"] for row in outermost} == {
        "consent": None,
        "incident": "${consent_record} = 'yes'",
        "person": "${consent_record} = 'yes'",
    }


def test_every_scope_of_consent_is_asked_and_explained_in_both_languages(survey):
    scopes = [row for row in survey if row["type"] == "select_one consent_answer"]
    assert {f"consent_{code}" for code in load_codebook().code_lists["consent_scope"].codes} == {
        row["name"] for row in scopes
    }
    assert all(row["hint::English (en)"] and row["hint::Russian (ru)"] for row in scopes)


def test_a_guardian_is_asked_for_minors_only_and_cannot_be_whoever_did_it(xform):
    binds = {
        one.get("nodeset"): one
        for one in ElementTree.fromstring(xform.xform).iter()
        if one.tag.endswith("}bind")
    }
    relevant = binds["/data/person/guardian"].get("relevant", "")
    assert re.sub(r"\s+", " ", relevant) == " ../consent_by = 'guardian' and not( ../age >= 18)"
    constraint = binds["/data/person/act/act_by"].get("constraint", "")
    assert re.sub(r"\s+", " ", constraint) == " ../../guardian = '' or not(selected(., ../../guardian ))"


def test_no_staff_device_position_or_time_of_typing_is_asked(survey):
    kinds = {str(row["type"]).split(" ")[0] for row in survey}
    assert kinds <= {
        "begin_group", "end_group", "begin_repeat", "end_repeat", "note", "text", "date", "dateTime",
        "integer", "decimal", "select_one", "select_multiple",
    }  # fmt: skip
    fills = {question.path for question in FORM.questions()}
    assert not {path for path in fills if re.search("worker|route|ticket|destination|border|document", path)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_labels_of_one_table_are_all_different(language):
    """An export with labels has no other way to tell its columns apart."""
    tables = [tuple(one for group in FORM.groups for one in group.questions)]
    for part in FORM.repeats:
        tables += [part.questions, *(inside.questions for inside in part.parts)]
    for table in tables:
        labels = [question.label[language] for question in table]
        assert len(set(labels)) == len(labels)


def test_identifying_and_sensitive_questions_say_so(survey):
    hints = {row["name"]: row["hint::English (en)"] or "" for row in survey}
    assert "Identifies a person" in hints["full_name"]
    assert "Sensitive" in hints["sogi"]
    assert hints["place_type"] == ""


def test_the_choices_are_the_codes_of_the_codebook(written):
    book = load_codebook()
    rows = list(openpyxl.load_workbook(written)["choices"].iter_rows(min_row=2, values_only=True))
    acts = [row for row in rows if row[0] == "act"]
    assert acts == [
        ("act", one.code, one.label_en, one.label_ru) for one in book.code_lists["act"].codes.values()
    ]
