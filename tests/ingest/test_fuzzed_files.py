"""Damaged files of every container: no traceback, no lost row, no word of what they hold in any message.

`WITHHELD_FUZZ=10000` makes as many cases for each reader; a case is found again by its number, its seed.
"""

import json
import os
import random
from pathlib import Path

import pytest

from codebook import SourceError, load_codebook
from ingest import FileSummary, ingest_files, load_source, load_sources
from ingest.mapping import Source
from ingest.readers import open_table
from tests.shared_files import REPOSITORY, shared_path

from .fuzzing import CANARIES, KINDS, Kind, damaged, damaged_inside, rows_of
from .workbench import NOW, Workbench, bench

__all__ = ["bench"]

CASES = int(os.environ.get("WITHHELD_FUZZ", "110"))  # of each reader
FRESH = 200  # cases after which the vault is a new one: each run looks at those before it
SAMPLES = (
    ("kobo/kobo_export_labels_ru_hierarchy.xlsx", "kobo_xlsx_labels_ru"),
    ("kobo/kobo_export_xml_values_both.xlsx", "kobo_xlsx_names"),
    ("kobo/kobo_api_v2_data.json", "kobo_api"),
    ("public/police_killings.csv", "police_killings"),
)


def declared(bench: Workbench, kind: Kind) -> Source:
    """Return the declaration of a container."""
    path = bench.folder / f"{kind.name}.yml"
    path.write_text(kind.declaration, encoding="utf-8")
    return load_source(path, load_codebook())


def rows_in(path: Path, source: Source) -> int | None:
    """Return the rows that a reader hands over; None where it refuses the file."""
    try:
        with open_table(path, source) as table:
            return sum(1 for _ in table.rows)
    except SourceError:
        return None


def told(words: str) -> bool:
    """Return whether a message holds a marked value."""
    low = words.lower()
    return any(canary in low for canary in CANARIES)


def require_sound(bench: Workbench, path: Path, source: Source) -> FileSummary:
    """Take one damaged file and return what happened, having made sure that nothing is lost or told."""
    rows = rows_in(path, source)
    before = bench.vault.count("source")
    (summary,) = ingest_files(
        bench.vault, [path], sources={source.name: source}, now=NOW, source_name=source.name
    ).files
    words = json.dumps(summary.as_dict(), ensure_ascii=False, default=str) + summary.line()
    assert not told(words)
    stored = bench.vault.count("source") - before
    if summary.refused:
        assert summary.refused.remedy
        assert stored == 0
    else:
        assert summary.reconciles
        assert stored == summary.stored - summary.changed
        assert summary.read == rows
    return summary


def require_untold(bench: Workbench) -> None:
    """Make sure that what the vault notes of its runs holds no marked value."""
    words = json.dumps(bench.all("ingest_run") + bench.all("custody"), ensure_ascii=False)
    assert not told(words)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_damaged_files_are_refused_or_read_and_nothing_is_lost_or_told(bench, kind):
    source = declared(bench, kind)
    path = bench.folder / f"case.{kind.ending}"
    whole, other = bench.folder / f"whole.{kind.ending}", b""
    for number in range(CASES):
        dice = random.Random(number)
        if number % FRESH == FRESH - 1:
            require_untold(bench)
            bench.renew()
        if number % 10 == 0:
            kind.write(whole, rows_of(dice))
        content = whole.read_bytes()
        inside = content.startswith(b"PK") and number % 3
        path.write_bytes((damaged_inside if inside else damaged)(content, other or content, dice))
        try:
            require_sound(bench, path, source)
        except BaseException as error:
            raise AssertionError(f"{kind.name}, case {number}: {type(error).__name__}") from error
        other = content
    kind.write(path, rows_of(random.Random(0)))
    assert require_sound(bench, path, source).refused is None
    require_untold(bench)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_file_under_another_ending_is_refused_or_read_whole(bench, kind):
    written = bench.folder / f"whole.{kind.ending}"
    kind.write(written, rows_of(random.Random(7)))
    for other in KINDS:
        path = bench.folder / f"renamed.{other.ending}"
        path.write_bytes(written.read_bytes())
        require_sound(bench, path, declared(bench, other))


@pytest.mark.parametrize(("sample", "name"), SAMPLES)
def test_damaged_real_exports_are_refused_or_read_and_nothing_is_lost(bench, sample, name):
    whole = shared_path("samples", *sample.split("/"))
    source = load_sources(REPOSITORY / "examples")[name]
    content = whole.read_bytes()[:200_000]
    path = bench.folder / f"case{whole.suffix}"
    for number in range(CASES // 3):
        dice = random.Random(number)
        inside = content.startswith(b"PK") and number % 3
        path.write_bytes((damaged_inside if inside else damaged)(content, content, dice))
        try:
            require_sound(bench, path, source)
        except BaseException as error:
            raise AssertionError(f"{name}, case {number}: {type(error).__name__}") from error
