"""The leak scan and days: every release prints its own in several ways; any other is a day of somebody's."""

import sqlite3
import zlib
from pathlib import Path

import pytest

from anonymize import PrivateValue, scan_release
from anonymize.leaks import PrivateValues
from anonymize.leaks.identity import read_identity
from anonymize.readable_png import take_apart_png
from anonymize.spans import Inflater
from codebook import Verdict
from ingest.storing.people import match_keys
from tests.vault_factory import new_vault

from .containers import png

_PRINTED = "1 декабря 2026, 1 December 2026, December 1, 2026, 01.12.2026, 1/12/2026, 1 декабря 2026 г."


def release_of(folder: Path, text: str, **days: str) -> Path:
    """Write a release that states days of itself, and a page with a text."""
    with sqlite3.connect(folder / "release.db") as database:
        database.execute("CREATE TABLE release (key TEXT, value TEXT)")
        database.executemany("INSERT INTO release VALUES (?, ?)", days.items())
    database.close()
    (folder / "data.csv").write_text(text, encoding="utf-8")
    return folder


def verdict_of(folder: Path, cell: str) -> Verdict:
    """Return the verdict on a release where a cell waits in quarantine."""
    texts = (cell, "Зарема Выдуманная")
    values = PrivateValues([PrivateValue("quarantine.row_json", text) for text in texts], 0)
    return scan_release(folder, values).verdict


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("2026-09-30", Verdict.PASS),
        ("2026-09", Verdict.PASS),
        ("1987-03-05", Verdict.FAIL),
        ("2026-09-3", Verdict.FAIL),
    ],
)
def test_a_cell_of_quarantine_that_is_a_day_of_the_release_itself_is_not_taken_for_a_leak(
    tmp_path, cell, verdict
):
    folder = release_of(tmp_path, f"{cell} and 2026-09-30", period_to="2026-09-30")
    assert verdict_of(folder, cell) is verdict


@pytest.mark.parametrize(
    "cell", [*_PRINTED.replace("December 1, 2026, ", "").split(", "), "December 1, 2026"]
)
def test_a_day_of_the_release_is_no_leak_however_a_waiting_cell_writes_it(tmp_path, cell):
    assert verdict_of(release_of(tmp_path, _PRINTED, built_at="2026-12-01"), cell) is Verdict.PASS


@pytest.mark.parametrize("cell", ["2 декабря 2026", "1 декабря 2026, дома", "02.12.2026"])
def test_another_day_and_a_day_with_more_beside_it_are_found(tmp_path, cell):
    assert (
        verdict_of(release_of(tmp_path, f"{_PRINTED}, {cell}", built_at="2026-12-01"), cell) is Verdict.FAIL
    )


_ENGLISH = "January,February,March,April,May,June,July,August,September,October,November,December"
_RUSSIAN = "января,февраля,марта,апреля,мая,июня,июля,августа,сентября,октября,ноября,декабря"
_MONTHS = f"{_ENGLISH},{_RUSSIAN}".split(",")


def test_who_is_named_like_a_month_stops_no_release_that_is_made_in_it(tmp_path):
    with new_vault(tmp_path) as vault:
        for number, month in enumerate(_MONTHS):
            keys = match_keys(vault, {"name": f"{month.capitalize()} Выдуманова"}, "")
            vault.insert(
                "match_key",
                [{"person_id": number + 1, "kind": kind, "fingerprint": text} for kind, text in keys],
            )
        values = PrivateValues([PrivateValue("person.name", "Зарема Иная")], 0, identity=read_identity(vault))
        folder = tmp_path / "release"
        folder.mkdir()
        printed = ", ".join(f"Accessed 12 {month} 2027" for month in _MONTHS)
        assert scan_release(release_of(folder, printed), values).verdict is Verdict.PASS
        (folder / "page.html").write_text("January Vydumanova", encoding="utf-8")
        assert scan_release(folder, values).counts["found"] == {"person.name in .html": 1}


def test_the_month_of_a_waiting_day_by_itself_is_no_leak(tmp_path):
    folder = release_of(tmp_path, "в июне 2025, Юн, 13 июня 2024", built_at="2026-12-01")
    assert verdict_of(folder, "13 июня 2026") is Verdict.PASS


def test_lengths_and_checksums_of_a_picture_are_not_read_as_text():
    picture = png(pixels=b"\x07" * 64)
    read = b"".join(take_apart_png(picture, Inflater()).texts)
    chunks = [(b"IHDR", picture[16:29]), (b"IEND", b"")]
    assert all(kind + body in read for kind, body in chunks)
    assert not [1 for kind, body in chunks if zlib.crc32(kind + body).to_bytes(4, "big") in read]


@pytest.mark.parametrize("cell", ["2025-10", "10.2025", "10/2025"])
def test_the_month_of_a_waiting_cell_is_no_leak_where_a_number_follows_a_year(tmp_path, cell):
    # The database of a release has a year beside a count: together they are the digits of the month.
    assert verdict_of(release_of(tmp_path, "Q 2025 10, 10 2025"), cell) is Verdict.PASS


def test_a_day_in_digits_that_no_release_states_is_still_found(tmp_path):
    assert verdict_of(release_of(tmp_path, "Q 2025 10, on 2025-10-07"), "2025-10-07") is Verdict.FAIL


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">', Verdict.PASS),
        ("born 1999/02/22", Verdict.FAIL),
        ("https://example.org/1999/02/22-a-birth", Verdict.FAIL),
    ],
)
def test_who_was_born_on_the_day_in_the_address_of_rdf_stops_no_release(tmp_path, text, verdict):
    days = {"1999-02-22": "person.date_of_birth"}
    values = PrivateValues([PrivateValue("person.name", "Зарема Выдуманная")], 0, days)
    (tmp_path / "chart.svg").write_text(text, encoding="utf-8")
    assert scan_release(tmp_path, values).verdict is verdict
