"""One declaration, written in a form's own names, reads every way in which a form server exports the form."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook import SourceError, load_codebook
from ingest import ingest_files, load_source
from ingest.forms import Form, read_form, translator_of
from ingest.mapping import Source
from tests.shared_files import shared_path

from .workbench import NOW, Workbench, bench

__all__ = ["bench"]

DECLARATION = """
name: form
version: "1"
format: xlsx
form: form.json
recognise: [_uuid, consent_reporting, incident_date, acts/beating]
key: [_uuid]
columns:
  _uuid: incident.external_id
  consent_reporting: {consent: statistics}
  consent_scopes/stats: {consent: statistics}
  consent_scopes/justice: {consent: justice}
  incident_date: incident.date_incident
  region: incident.region
  settlement: incident.settlement
  acts/beating: {field: act.act_code, flag: assault_minor}
  acts/confinement: {field: act.act_code, flag: confinement_home}
  acts/documents_taken: {field: act.act_code, flag: documents_taken}
  acts_other: incident.narrative
  narrative: incident.narrative
ignore: [consent_scopes, consent_scopes/media, acts, start, end, deviceid, username,
         meta/instanceID, formhub/uuid]
ignore_pattern: ["_[a-z].*", "__version__"]
drop_coordinates: [gps, _gps_latitude, _gps_longitude, _gps_altitude, _gps_precision]
repeats:
  - sheet: person
    join: {_parent_index: _index}
    columns: {full_name: person.name, age: person.age, sex: person.sex}
    ignore_pattern: ["_.*"]
  - sheet: help
    join: {_parent_index: _index}
    optional: true
    columns:
      help_type: {field: request.need, values: {ticket: ticket, housing: shelter}}
      cost: request.cost
    constants: {request.currency: RUB}
    ignore_pattern: ["_.*"]
"""
SURVEY: list[Mapping[str, object]] = [
    {"type": "begin group", "name": "case", "label": ["Case", "Обращение"]},
    {"type": "date", "name": "day", "label": ["Day of it", "Когда"]},
    {"type": "select_multiple acts", "name": "acts", "label": ["What happened", "Что случилось"]},
    {"type": "select_one place", "name": "place", "label": ["Where", "Где"]},
    {"type": "geopoint", "name": "gps", "label": ["Point", "Точка"]},
    {"type": "end group"},
]
CHOICES = {
    "acts": [
        ("hit", "Hit", "Удар"),
        ("hit_hard", "Hit hard", "Сильный удар"),
        ("locked", "Locked in", "Заперта"),
    ],
    "place": [("home", "At home", "Дома"), ("street", "In the street", "На улице")],
}


def form_of(folder: Path, survey: Sequence[Mapping[str, object]] = SURVEY) -> Form:
    """Return an invented form, read from a file."""
    choices = [
        {"list_name": key, "name": name, "label": [english, russian]}
        for key, options in CHOICES.items()
        for name, english, russian in options
    ]
    path = folder / "form.json"
    path.write_text(json.dumps({"survey": survey, "choices": choices}), encoding="utf-8")
    found = read_form(path)
    assert found is not None
    return found


def declared(folder: Path, text: str = DECLARATION) -> dict[str, Source]:
    """Return the declaration of the sample form, its definition beside it."""
    shutil.copy(shared_path("samples", "kobo", "form_content.json"), folder / "form.json")
    (folder / "form.yml").write_text(text, encoding="utf-8")
    return {"form": load_source(folder / "form.yml", load_codebook())}


XLSX = ("labels_en", "labels_ru_hierarchy", "xml_values_both", "xml_values_details", "xml_values_summary")


@pytest.mark.parametrize("first", XLSX)
def test_every_mode_of_an_export_says_the_same(bench: Workbench, first: str):
    sources = declared(bench.folder)
    for mode in (first, *(one for one in XLSX if one != first)):
        path = shared_path("samples", "kobo", f"kobo_export_{mode}.xlsx")
        (summary,) = ingest_files(bench.vault, [path], sources=sources, now=NOW).files
        assert (summary.refused, summary.read, summary.quarantined) == (None, 2, 0)
        # What came in one way is already there in every other: nobody is counted twice.
        assert (summary.stored, summary.already_there) == ((2, 0) if mode == first else (0, 2))
    counted = {name: bench.vault.count(name) for name in ("incident", "person", "act", "request")}
    assert counted == {"incident": 2, "person": 3, "act": 5, "request": 1}


def test_the_json_api_is_translated_too_its_lists_included(bench: Workbench):
    text = DECLARATION.replace("format: xlsx", "format: json\npath: results").replace("sheet:", "path:")
    text = text.replace("    join: {_parent_index: _index}\n", "")
    path = shared_path("samples", "kobo", "kobo_api_v2_data.json")
    (summary,) = ingest_files(bench.vault, [path], sources=declared(bench.folder, text), now=NOW).files
    assert (summary.refused, summary.stored) == (None, 2)
    assert sorted(str(one["age"]) for one in bench.all("person")) == ["19", "23", "31"]
    assert bench.vault.count("act") == 5


def test_a_definition_that_is_not_there_is_a_fault_of_the_declaration(tmp_path):
    (tmp_path / "form.yml").write_text(DECLARATION, encoding="utf-8")
    with pytest.raises(SourceError, match=r"form\.yml: form: names no form definition"):
        load_source(tmp_path / "form.yml", load_codebook())


def written(form: Form, chosen: list[str], place: str, *, way: tuple[int, bool, str]) -> dict[str, str]:
    """Return a row as a form server writes it.

    Args:
        way: Language (-1: names), whether groups stand in front, the mode of questions with several answers.
    """
    language, grouped, mode = way
    row = {}
    for question in form.questions:
        texts = {one.name: one.name if language < 0 else one.label(language) for one in question.choices}
        groups = [one.name if language < 0 else one.label(language) for one in question.groups]
        heading = question.name if language < 0 else question.label(language)
        prefix = "".join(f"{one}/" for one in groups) if grouped else ""
        if question.name == "gps":
            row[heading] = "42.9 47.5 0 0"  # the point as a whole loses its group
            row |= {
                f"{prefix}_{heading}_{part}": "1"
                for part in ("latitude", "longitude", "altitude", "precision")
            }
        elif question.name == "acts":
            if mode != "details":
                row[prefix + heading] = " ".join(texts[one] for one in chosen)
            if mode != "summary":
                row |= {
                    f"{prefix}{heading}/{text}": "1" if one in chosen else "0" for one, text in texts.items()
                }
        else:
            row[prefix + heading] = texts[place] if question.name == "place" else "2024-03-01"
    return row


@given(
    chosen=st.lists(st.sampled_from(["hit", "hit_hard", "locked"]), unique=True, min_size=1),
    place=st.sampled_from(["home", "street"]),
    language=st.sampled_from([-1, 0, 1]),
    grouped=st.booleans(),
    mode=st.sampled_from(["both", "details", "summary"]),
)
def test_whatever_way_answers_are_written_they_are_read_the_same(
    tmp_path_factory, chosen, place, language, grouped, mode
):
    form = form_of(tmp_path_factory.getbasetemp())
    translator = translator_of(form)
    row = written(form, chosen, place, way=(language, grouped, mode))
    cells = translator.cells(row)
    assert set(translator.header(list(row))) == set(cells)
    assert (cells["day"], cells["place"]) == ("2024-03-01", place)
    assert {name: cells[f"acts/{name}"] for name in ("hit", "hit_hard", "locked")} == {
        name: "1" if name in chosen else "0" for name in ("hit", "hit_hard", "locked")
    }
    assert {"gps", "_gps_latitude", "_gps_longitude", "_gps_altitude", "_gps_precision"} <= set(cells)


def test_a_heading_or_a_label_that_means_two_things_is_left_as_it_is(tmp_path):
    twice: Mapping[str, object] = {
        "type": "select_one place",
        "name": "other_place",
        "label": ["Where", "Где ещё"],
    }
    translator = translator_of(form_of(tmp_path, [*SURVEY, twice]))
    assert translator.header(["Where", "Где", "Где ещё"]) == ("Where", "place", "other_place")
    assert translator.cells({"Где": "elsewhere"}) == {"place": "elsewhere"}
