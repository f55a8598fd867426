"""Memory under hostile input has a bound: what a file claims to hold is not taken at its word.

A run holds about 120 MiB before it reads anything; the bounds are of the whole process.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.test_bad_xls import corner, extent
from tests.ingest.workbooks import xls_book

from .group import Watched, says_no_value
from .scale import LONG

MEBIBYTE = 2**20
LONGEST = 120.0  # seconds that a hostile file may take; a busy machine needs most of it
BOUND = 640 * MEBIBYTE  # of an ingest of any file below; a usual one takes 110 MiB


def zip_of(name: str, member: bytes, times: int) -> Callable[[Path], None]:
    """Return a writer of a zip whose member unpacks to far more than it weighs."""

    def write(path: Path) -> None:
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(name, "w", force_zip64=True) as file,
        ):
            for _ in range(times):
                file.write(member)

    return write


def text(content: bytes, times: int) -> Callable[[Path], None]:
    """Return a writer of the same bytes over and over."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            for _ in range(times):
                file.write(content)

    return write


def deep(path: Path) -> None:
    """Write JSON of a hundred thousand levels."""
    path.write_text("[" * 100_000 + "]" * 100_000, encoding="utf-8")


def wide(path: Path) -> None:
    """Write a row of three hundred thousand columns."""
    path.write_text(",".join(f"c{number}" for number in range(300_000)) + "\n1\n", encoding="utf-8")


def heavy_records(path: Path) -> None:
    """Write thirty records of a megabyte each, every one of which becomes twenty in memory."""
    record = '{"a":[' + "[]," * 350_000 + "1]}"
    path.write_text("[" + ",".join([record] * 30) + "]", encoding="utf-8")


def endless_extent(path: Path) -> None:
    """Write an old workbook that says it has two thousand million rows."""
    xls_book(path, {"Cases": extent(0x7FFFFFFF, 0xFFFF)})


def sheets_in_one_place(path: Path) -> None:
    """Write an old workbook whose sheets are all the same one, nearly empty: 64 MB for each."""
    xls_book(path, {f"S{number}": corner(60_000, 30) for number in range(20)}, is_one=True)


HOSTILE = {
    "bomb.xlsx": zip_of("xl/worksheets/sheet1.xml", b"<row/>" * 200_000, 120),
    "bomb.ods": zip_of("content.xml", b" " * MEBIBYTE, 60),
    "bomb.zip": zip_of("form.csv", b"0" * MEBIBYTE, 200),
    "line.csv": text(b"x" * MEBIBYTE, 15),
    "quote.csv": text(b'"' + b"x" * MEBIBYTE, 15),
    "columns.csv": wide,
    "deep.json": deep,
    "heavy.json": heavy_records,
    "long.json": text(b'["' + b"x" * MEBIBYTE, 30),
    "extent.xls": endless_extent,
    "places.xls": sheets_in_one_place,
    "zeros.xls": text(bytes(MEBIBYTE), 10),
    "zeros.parquet": text(b"PAR1" + bytes(MEBIBYTE), 60),
    "zeros.sqlite": text(b"SQLite format 3\0" + bytes(MEBIBYTE - 16), 60),
}


@pytest.mark.parametrize("name", HOSTILE if LONG else ["bomb.ods", "deep.json", "quote.csv", "places.xls"])
def test_a_hostile_file_is_refused_within_the_bound(killer, watched, filled, tmp_path, name):
    HOSTILE[name](tmp_path / name)
    before = watched.fresh(filled).counts()
    orders: list[list[str]] = [[], ["--source", "desk"], ["--suggest"]]
    for more in orders[:1] if name == "heavy.json" else orders:  # each look at it takes seconds
        outcome = killer.run("ingest", tmp_path / name, *more, "-w", watched.workspace, kill_after=LONGEST)
        assert outcome.code in (0, 1, 2), (more, outcome.code, outcome.err)
        assert "a fault of the program" not in outcome.err, outcome.err
        assert outcome.peak < BOUND, f"{more}: {outcome.peak // MEBIBYTE} MiB"
        assert says_no_value(outcome)
    assert watched.counts() == before


def test_without_memory_a_run_says_so_and_keeps_nothing(killer, watched, empty, files):
    before = watched.fresh(empty).counts()
    told = set()
    for mebibytes in (450, 600, 700) if LONG else (600,):
        outcome = killer.run(
            "ingest", files / "many" / "cases.csv", "-w", watched.workspace, memory=mebibytes * MEBIBYTE
        )
        assert outcome.code in (0, 1)
        assert "a fault of the program" not in outcome.err, outcome.err
        assert outcome.code == 0 or watched.counts() == before
        told.add(outcome.code)
        watched.fresh(empty)
    assert Watched(watched.folder).plain_files() == []


@pytest.mark.parametrize("option", ["--mapping", "--passphrase-file"])
def test_a_device_without_end_is_no_file(killer, watched, filled, files, option):
    watched.fresh(filled)
    order = ["ingest", files / "cases.csv", option, "/dev/zero", "-w", watched.workspace]
    outcome = killer.run(*order, kill_after=20.0)
    assert outcome.code in (1, 2), outcome.err
    assert "what to do" in outcome.err
    assert outcome.peak < BOUND


def test_a_case_file_that_is_a_device_is_refused(killer, watched, filled):
    watched.fresh(filled)
    outcome = killer.run("ingest", "/dev/zero", "-w", watched.workspace, kill_after=20.0)
    assert outcome.code in (1, 2)
    assert json.dumps(outcome.err)
