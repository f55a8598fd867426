"""Damaged tables for the engines: read or refused in words, and no word of what they hold.

`WITHHELD_FUZZ=10000` makes as many cases for each reader; a case is found again by its number, its seed.
"""

import random
from pathlib import Path

import pytest

from anonymize.records.table_files import READERS, read_table
from codebook import SourceError
from tests.ingest.fuzzing import CANARIES, KINDS, Kind, damaged, damaged_inside, rows_of
from tests.ingest.test_fuzzed_files import CASES

READ = [kind for kind in KINDS if f".{kind.ending}" in READERS]


def require_sound(path: Path) -> None:
    """Read one damaged file, or have it refused without a word of what it holds."""
    try:
        columns = read_table(path)
    except SourceError as refused:
        told = f"{refused} {refused.remedy}".lower()
        assert not any(canary in told for canary in CANARIES)
    else:
        assert len({len(cells) for cells in columns.values()}) == 1


@pytest.mark.parametrize("kind", READ, ids=[kind.name for kind in READ])
def test_a_damaged_table_is_read_or_refused_and_nothing_is_told(tmp_path: Path, kind: Kind):
    path, whole, other = tmp_path / f"case.{kind.ending}", tmp_path / f"whole.{kind.ending}", b""
    for number in range(CASES):
        dice = random.Random(number)
        if number % 10 == 0:
            kind.write(whole, rows_of(dice))
        content = whole.read_bytes()
        inside = content.startswith(b"PK") and number % 3
        path.write_bytes((damaged_inside if inside else damaged)(content, other or content, dice))
        try:
            require_sound(path)
        except BaseException as error:
            raise AssertionError(f"{kind.name}, case {number}: {type(error).__name__}") from error
        other = content
