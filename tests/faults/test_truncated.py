"""A source file of every format that ends too early: refused, or read with every row counted."""

import random

import pytest

from tests.ingest.fuzzing import KINDS, Kind, rows_of
from tests.ingest.test_fuzzed_files import declared, require_sound
from tests.ingest.workbench import Workbench, bench

from .scale import tries

__all__ = ["bench"]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_truncated_file_is_refused_or_its_rows_are_all_accounted_for(bench: Workbench, kind: Kind):
    source = declared(bench, kind)
    whole = bench.folder / f"whole.{kind.ending}"
    kind.write(whole, rows_of(random.Random(7)))
    content = whole.read_bytes()
    dice = random.Random(7)
    places = {0, 1, 2, len(content) // 2, len(content) - 1, len(content) - 2}
    places |= {dice.randrange(len(content)) for _ in range(tries(4, 200))}
    path = bench.folder / f"case.{kind.ending}"
    for place in sorted(places):
        path.write_bytes(content[:place])
        require_sound(bench, path, source)
