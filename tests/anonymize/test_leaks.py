"""The leak scan: an identifying value in any byte of a release is found, and told by its field only."""

import json
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize import PrivateValue, private_values, scan_release
from anonymize.leaks import PrivateValues
from anonymize.leaks.compiled import is_in_own_texts
from codebook import Verdict
from tests.vault_factory import new_vault

from .small_vault import BOOK, SmallVault

NAME = "Зарема Выдуманная"
PHONE = "+7 900 000-00-01"
HANDLE = "@invented_zarema"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallVault]:
    with new_vault(tmp_path) as vault:
        yield SmallVault(vault)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "public" / "r1"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>Documented cases, not prevalence.</p>", encoding="utf-8")
    return folder


def searching(*texts: str, field: str = "person.name") -> PrivateValues:
    return PrivateValues([PrivateValue(field, text) for text in texts], 0)


def into_sqlite(path: Path, text: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("before",), (text,), ("after",)])
    connection.close()


def as_text(path: Path, text: str) -> None:
    path.write_text(f"before {text} after", encoding="utf-8")


def as_entities(path: Path, text: str) -> None:
    as_text(path, "".join(f"&#{ord(letter)};" if ord(letter) > 127 else letter for letter in text))


PLACES: dict[str, Callable[[Path, str], object]] = {
    "data.csv": as_text,
    "chart.svg": as_text,
    "page.html": as_text,
    "picture.png": lambda path, text: path.write_bytes(b"\x89PNG\xff\xfe" + text.encode() + b"\xff\x00"),
    "paper.pdf": lambda path, text: path.write_bytes(b"%PDF\xe2\xe3" + text.encode() + b"\x00"),
    "release.db": into_sqlite,
    "without_suffix": as_text,
    "plain.json": lambda path, text: as_text(path, json.dumps([text], ensure_ascii=False)),
    "escaped.json": lambda path, text: as_text(path, json.dumps([text])),
    "escaped.html": as_entities,
    "address.svg": lambda path, text: as_text(path, urllib.parse.quote(text)),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", [NAME, NAME.upper(), NAME.lower()])
def test_a_name_is_found_in_any_file_and_any_case_and_never_told(
    release: Path, place: str, text: str
) -> None:
    PLACES[place](release / place, text)
    finding = scan_release(release, searching(NAME))
    assert finding.verdict is Verdict.FAIL
    kind = Path(place).suffix or "a file of another kind"
    assert finding.counts["found"] == {f"person.name in {kind}": 1}
    told = json.dumps(finding.as_evidence(), ensure_ascii=False).casefold()
    assert NAME.casefold() not in told
    assert "Зарема".casefold() not in told


def test_a_value_in_the_name_of_a_file_or_folder_is_found(release: Path) -> None:
    (release / HANDLE).mkdir()
    (release / HANDLE / "data.csv").write_text("a\n", encoding="utf-8")
    finding = scan_release(release, searching(HANDLE, field="person.social_handle"))
    assert (finding.verdict, finding.counts["found"]) == (Verdict.FAIL, {"person.social_handle in .csv": 1})


@pytest.mark.parametrize("name", [HANDLE, f"data.{HANDLE}", f".{HANDLE}"])
def test_a_value_that_is_the_name_of_a_file_is_not_told_either(release: Path, name: str) -> None:
    (release / name).write_text("a\n", encoding="utf-8")
    finding = scan_release(release, searching(HANDLE))
    assert finding.verdict is Verdict.FAIL
    assert HANDLE not in json.dumps(finding.as_evidence())


def test_a_value_with_quotes_is_found_as_json_and_html_write_it(release: Path) -> None:
    value = 'Zarema "Z" & <sisters>'
    (release / "a.json").write_text(json.dumps(value), encoding="utf-8")
    (release / "b.html").write_text("Zarema &quot;Z&quot; &amp; &lt;sisters&gt;", encoding="utf-8")
    finding = scan_release(release, searching(value))
    assert finding.counts["found"] == {"person.name in .json": 1, "person.name in .html": 1}


def test_a_release_without_any_private_value_passes(release: Path) -> None:
    finding = scan_release(release, searching(NAME, PHONE, HANDLE))
    assert (finding.verdict, finding.counts["values_found"], finding.remedy) == (Verdict.PASS, 0, "")
    assert finding.counts["files_searched"] == 1


def test_part_of_a_value_is_not_the_value(release: Path) -> None:
    (release / "a.csv").write_text(" ".join(word[:-1] + "b" for word in NAME.split()), encoding="utf-8")
    assert scan_release(release, searching(NAME)).verdict is Verdict.PASS


def test_where_nothing_was_searched_nothing_has_passed(release: Path, tmp_path: Path) -> None:
    assert scan_release(release, PrivateValues([], 0)).verdict is Verdict.FAIL
    empty = tmp_path / "empty"
    empty.mkdir()
    assert scan_release(empty, searching(NAME)).verdict is Verdict.FAIL
    assert scan_release(tmp_path / "nowhere", searching(NAME)).verdict is Verdict.FAIL


def test_values_too_short_to_search_ask_for_a_review_and_say_why(release: Path) -> None:
    finding = scan_release(release, PrivateValues([PrivateValue("person.name", NAME)], 3))
    assert finding.verdict is Verdict.REVIEW
    assert "letters" in finding.remedy


def test_a_value_that_is_found_fails_also_where_others_could_not_be_searched(release: Path) -> None:
    (release / "a.csv").write_text(NAME, encoding="utf-8")
    assert (
        scan_release(release, PrivateValues([PrivateValue("person.name", NAME)], 3)).verdict is Verdict.FAIL
    )


def test_how_many_values_there_are_is_told_by_one_digit_only(release: Path) -> None:
    finding = scan_release(
        release, PrivateValues([PrivateValue("person.name", f"name{n}") for n in range(347)], 58)
    )
    assert finding.counts["values_searched"] == 300
    assert finding.counts["values_not_searchable"] == 50


def searched(small: SmallVault) -> dict[str, str]:
    return {one.text: one.field for one in private_values(small.vault).searchable}


def test_every_identifying_or_operational_text_of_the_vault_is_searched_for(small: SmallVault) -> None:
    case = small.case(external_id="HL-2024-00017", settlement="Выдуманное", narrative="An invented account.",
                      place_to="Nowhere")  # fmt: skip
    person = small.person(case, name=NAME, phone=PHONE, social_handle=HANDLE)
    small.request(
        person, provider="Invented House", route="by night", destination="Far away", worker="Worker W."
    )
    small.consent(person, consent_note="asked twice")
    expected = {
        "HL-2024-00017": "incident.external_id", "Выдуманное": "incident.settlement",
        "An invented account.": "incident.narrative", "Nowhere": "incident.place_to", NAME: "person.name",
        PHONE: "person.phone", HANDLE: "person.social_handle", "Invented House": "request.provider",
        "by night": "request.route", "Far away": "request.destination", "Worker W.": "request.worker",
        "asked twice": "consent.consent_note", person: "person.person_id", case: "incident.incident_id",
    }  # fmt: skip
    found = searched(small)
    assert {text: found.get(text) for text in expected} == expected


def test_every_text_field_that_may_not_leave_is_searched_for(small: SmallVault) -> None:
    planted = {}
    for entity in BOOK.entities.values():
        row = {
            one.name: small.vault.new_id() if one.type == "uuid" else f"planted in {one.path}"
            for one in entity.stored_fields
            if one.role in ("DI", "OP") and one.type in ("text", "uuid", "sha256")
        }
        small.vault.insert(entity.name, [row] if row else [])
        planted.update({text: f"{entity.name}.{name}" for name, text in row.items()})
    # Words that are not of a case: readers, declarations, languages and forms.
    own = {"source.adapter", "source.source_name", "source.mapping_version", "source.source_language",
           "consent.consent_language", "consent.form_version"}  # fmt: skip
    # Events that others publish: names of countries and kinds of events are no values of a case.
    own |= {one.path for one in BOOK.entities["context_event"].stored_fields}
    assert searched(small) == {text: field for text, field in planted.items() if field not in own}


@pytest.mark.parametrize(
    "cell",
    [
        "По признаку пола (гендерное); Так называемая «честь»",
        "Побои, избиение; Иная угроза",
        "assault_minor death_threat",
        "эвакуация",
        "ноябрь 2024",
        "в марте 2023",
        "10000.00",
        "12 500,50 руб.",
    ],
)
def test_a_waiting_cell_that_lists_labels_or_names_a_month_is_no_finding(
    small: SmallVault, release: Path, cell: str
) -> None:
    kept = json.dumps({"number": 2, "cells": {"cell": cell}, "repeats": {}}, ensure_ascii=False)
    small.vault.insert("quarantine", [{"quarantine_id": "1", "row_json": kept, "status": "waiting"}])
    small.person(small.case(narrative="An invented account of some words."), name=NAME)
    labels = [code.label_ru for one in BOOK.code_lists.values() for code in one.codes.values()]
    text = " ".join([*labels, cell, "22 ноября 2026, с марта 2023 по ноябрь 2024", "1000000", "1 250 050"])
    (release / "index.html").write_text(f"<p>{text}</p>", encoding="utf-8")
    assert scan_release(release, private_values(small.vault)).verdict < Verdict.FAIL


def test_a_name_or_a_place_beside_labels_in_a_waiting_cell_is_still_found(
    small: SmallVault, release: Path
) -> None:
    kept = {
        "number": 2,
        "cells": {"cell": "Побои; Выдуманная Зарема", "date": "15 ноября 2024"},
        "repeats": {},
    }
    row = {"quarantine_id": "1", "row_json": json.dumps(kept), "status": "waiting"}
    small.vault.insert("quarantine", [row])
    for text in ("Побои; Выдуманная Зарема", "on 15 November 2024"):
        (release / "index.html").write_text(f"<p>{text}</p>", encoding="utf-8")
        assert scan_release(release, private_values(small.vault)).verdict is Verdict.FAIL


def test_short_texts_and_short_numbers_are_counted_and_not_searched_for(small: SmallVault) -> None:
    small.person(small.case(external_id="17", settlement="Ая"), external_id="123456", phone="79000000001")
    values = private_values(small.vault)
    texts = {one.text for one in values.searchable}
    assert values.unsearchable == 3
    assert "79000000001" in texts
    assert not texts & {"17", "Ая", "123456"}


@pytest.mark.parametrize("label", ["Москва", "москва", "Moscow", "Chechnya", "RU-CE", "Шелтер, убежище"])
def test_a_label_of_the_codebook_is_not_a_private_value(small: SmallVault, label: str) -> None:
    small.request(small.person(small.case()), provider_city=label)
    assert label not in searched(small)


def test_a_value_is_searched_for_once_whatever_stands_around_it(small: SmallVault) -> None:
    small.case(settlement=" Выдуманное ")
    small.case(settlement="Выдуманное")
    assert [text for text in searched(small) if "Выдуманное" in text] == ["Выдуманное"]


# What stands in the program's own labels stands in every release, and is told by its forms alone.
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=4, max_size=20).filter(
    lambda text: not is_in_own_texts(text)
)


@settings(max_examples=15, deadline=None)
@given(value=WORDS, before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_any_value_is_found_between_any_bytes(
    tmp_path_factory: pytest.TempPathFactory, value: str, before: bytes, after: bytes
) -> None:
    folder = tmp_path_factory.mktemp("release")
    (folder / "any.bin").write_bytes(before + value.encode() + after)
    finding = scan_release(folder, searching(value))
    assert finding.verdict is Verdict.FAIL
    assert finding.counts["values_found"] == 1


def test_an_identifier_of_the_vault_is_found_among_other_numbers(small: SmallVault, tmp_path: Path) -> None:
    person = small.person(small.case())
    others = " ".join(f"{number:04d}" for number in range(10_000))
    (tmp_path / "clean.txt").write_text(others)
    assert scan_release(tmp_path, private_values(small.vault)).verdict < Verdict.FAIL
    (tmp_path / "leak.txt").write_text(f"{others} 99{person}0")
    assert scan_release(tmp_path, private_values(small.vault)).verdict is Verdict.FAIL
