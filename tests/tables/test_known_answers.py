"""Public instances with known answers: the peers' optimum under the peers' rule, and our own under ours.

Source: `bench/tables/README.md`, RULES section 4. Peers: sdcTable 0.34.0 (OPT), and an optimum by integer
programming for instances of GaussSuppression 1.2.3. A peer asks that no primary cell is exact for a reader
who thinks that a withheld count may be 0; we ask for a width of T - 1 against one who knows that it is not.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from anonymize.audit import IntervalAttack, Linked, sum_rows
from anonymize.tables.plan import LinkedSystem
from anonymize.tables.programs import Numbers
from anonymize.tables.suppression import SuppressionTask, suppress_cells
from anonymize.tables.suppression.exact.least import least_pattern
from tests.shared_files import shared_path


@dataclass(frozen=True)
class Instance:
    """A public table: microdata, the ladders of its columns (finest first), and a peer's print.

    Each upper level of a ladder is a hierarchy of its own, from the finest to the total.
    """

    microdata: str
    ladders: Sequence[Sequence[str]]
    peer: str
    columns: Sequence[str]
    total: str = "Total"


MICRODATA1 = Instance(
    "sdctable/microdata1.csv",
    [["region"], ["gender"]],
    "sdctable/peer_microdata1_Afemale_OPT.csv",
    ["region", "gender"],
    "total",
)
PROB4X4 = Instance(
    "sdctable/prob4x4.csv", [["v1"], ["v2"]], "sdctable/peer_prob4x4_OPT.csv", ["v1", "v2"], "tot"
)
Z1 = Instance(
    "ssbtools/z1.csv",
    [["region"], ["hovedint"]],
    "sdctable/peer_z1_T5_OPT.csv",
    ["region", "hovedint"],
)
MUN = Instance(
    "ssbtools/mun_accidents.csv",
    [["mun"], ["inj"]],
    "sdctable/peer_mun_accidents_maxN3_OPT.csv",
    ["mun", "inj"],
)
Z3_REGION = Instance(
    "ssbtools/z3.csv",
    [["region", "fylke"], ["hovedint"]],
    "sdctable/peer_z3_region_hovedint_maxN15_OPT.csv",
    ["region", "hovedint"],
)
Z2 = Instance(
    "ssbtools/z2.csv",
    [["region", "fylke", "kostragr"], ["hovedint"]],
    "ssbtools/peer_z2_zpub_none.csv",
    ["region", "hovedint"],
)
D2 = Instance(
    "ssbtools/d2.csv",
    [["region", "county", "k_group"], ["main_income"]],
    "ssbtools/peer_d2_maxN9_zpub.csv",
    ["region", "main_income"],
)

Z3 = Instance(
    "ssbtools/z3.csv",
    [["region", "fylke", "kostragr"], ["hovedint"], ["mnd", "mnd2"]],
    "ssbtools/peer_z3_zpub_none.csv",
    ["region", "hovedint", "mnd"],
)


@dataclass(frozen=True)
class PeerTask(SuppressionTask):
    """The reader of the peers: a withheld count may be 0, and zeros are shown."""

    @property
    def down(self) -> Numbers:
        return self.counts.astype(np.float64)

    @property
    def up(self) -> Numbers:
        return np.where(self.counts > 0, np.inf, 0.0)


def rows_of(name: str) -> list[dict[str, str]]:
    with Path(shared_path("bench", "tables", *name.split("/"))).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sums_along(ladder: Sequence[str], microdata: list[dict[str, str]], total: str):
    """Return (parent code, child codes) of one column."""
    finest = ladder[0]
    sums = [(total, sorted({row[finest] for row in microdata}))]
    for level in ladder[1:]:
        parents = sorted({row[level] for row in microdata})
        sums += [(code, sorted({row[finest] for row in microdata if row[level] == code})) for code in parents]
        sums.append((total, parents))
    return sums


def read(instance: Instance):
    """Return system, counts and primary cells of an instance, as the peer printed them."""
    microdata, printed = rows_of(instance.microdata), rows_of(instance.peer)
    keys = [tuple(row[column] for column in instance.columns) for row in printed]
    index = {key: position for position, key in enumerate(keys)}
    counts = np.array([int(next(row[c] for c in ("Freq", "freq", "ant") if c in row)) for row in printed])
    primary = np.array([row.get("sdcStatus") == "u" or row.get("primary") == "TRUE" for row in printed])
    equations: dict[tuple[int, tuple[int, ...]], None] = {}
    for axis, ladder in enumerate(instance.ladders):
        codes = [sorted({key[other] for key in keys}) for other in range(len(instance.columns))]
        for place in product(*codes[:axis], [""], *codes[axis + 1 :]):
            for parent, children in sums_along(ladder, microdata, instance.total):
                at = [index[(*place[:axis], code, *place[axis + 1 :])] for code in (parent, *children)]
                if at[1:] != [at[0]]:
                    equations[at[0], tuple(at[1:])] = None
    assert all(counts[parent] == counts[list(children)].sum() for parent, children in equations)
    cells = tuple(tuple(zip(instance.columns, key, strict=True)) for key in keys)
    places = dict(zip(cells, range(len(cells)), strict=True))
    layout = {"t": tuple((key, position) for key, position in index.items())}
    return LinkedSystem("persons", cells, places, tuple(equations), layout), counts, primary


def narrow_cells(system: LinkedSystem, counts, hidden, primary, width: int) -> int:
    """Return how many primary cells the attacker, who shares no code with the protector, finds too narrow."""
    exact = counts.astype(float)
    lower, upper = np.where(hidden, 1.0, exact), np.where(hidden, np.inf, exact)
    attack = IntervalAttack(Linked(lower, upper, sum_rows(system.equations)), exact)
    return sum(not attack.wide_enough(int(i), width) for i in np.flatnonzero(primary))


@pytest.mark.parametrize(
    ("instance", "n_cells", "n_primary", "n_complementary", "n_persons"),
    [
        pytest.param(MICRODATA1, 15, 1, 3, 40, id="microdata1, A female"),
        pytest.param(PROB4X4, 25, 9, 1, 31, id="prob4x4"),
        pytest.param(Z1, 45, 4, 4, 35, id="z1"),
        pytest.param(MUN, 35, 8, 3, 16, id="mun_accidents"),
        pytest.param(Z3_REGION, 200, 94, 5, 106, id="z3, region by main income"),
        pytest.param(Z2, 100, 11, 15, 302, id="z2, two hierarchies on one column"),
        pytest.param(D2, 100, 23, 15, 444, id="d2, two hierarchies on one column"),
    ],
)
def test_under_the_peers_rule_the_known_optimum_is_proven(
    instance, n_cells, n_primary, n_complementary, n_persons
):
    system, counts, primary = read(instance)
    assert (len(counts), int(primary.sum())) == (n_cells, n_primary)
    task = PeerTask(system, counts, primary, np.ones_like(counts), least=0)
    pattern = least_pattern(task, costs=counts.astype(float))
    extra = pattern.hidden & ~primary
    assert (int(extra.sum()), int(counts[extra].sum()), pattern.proven) == (n_complementary, n_persons, True)


@pytest.mark.parametrize(
    ("instance", "threshold", "n_persons", "n_fewest"),
    [
        pytest.param(MICRODATA1, 5, 40, 3, id="microdata1, A female"),
        pytest.param(PROB4X4, 5, 31, 1, id="prob4x4"),
        pytest.param(Z1, 5, 35, 4, id="z1"),
        pytest.param(MUN, 4, 24, 3, id="mun_accidents"),
        pytest.param(Z3_REGION, 16, 340, 15, id="z3, region by main income"),
        pytest.param(Z2, 5, 465, 18, id="z2, two hierarchies on one column"),
        pytest.param(D2, 10, 519, 18, id="d2, two hierarchies on one column"),
    ],
)
def test_under_our_rule_the_optimum_is_proven_and_the_attacker_finds_every_cell_wide(
    instance, threshold, n_persons, n_fewest
):
    system, counts, primary = read(instance)
    task = SuppressionTask(system, counts, primary, np.full(len(counts), threshold - 1))
    by_persons = least_pattern(task, costs=counts.astype(float))
    by_cells = least_pattern(task, costs=np.ones(len(counts)))
    assert by_persons.proven
    assert by_cells.proven
    assert int(counts[by_persons.hidden & ~primary].sum()) == n_persons
    assert int((by_cells.hidden & ~primary).sum()) == n_fewest
    for pattern in (by_persons, by_cells):
        assert narrow_cells(system, counts, pattern.hidden, primary, threshold - 1) == 0
    peers = least_pattern(PeerTask(system, counts, primary, np.ones_like(counts), least=0))
    if instance in (MUN, Z3_REGION, Z2, D2):  # the optimum of the others serves both rules
        assert narrow_cells(system, counts, peers.hidden, primary, threshold - 1) > 0


def test_of_prob4x4_the_cell_that_could_be_worked_out_may_be_0_to_78():
    system, counts, primary = read(PROB4X4)
    pattern = least_pattern(
        PeerTask(system, counts, primary, np.ones_like(counts), least=0), costs=counts.astype(float)
    )
    exact, wb = counts.astype(float), system.index[("v1", "w"), ("v2", "b")]
    sums = sum_rows(system.equations)

    def interval(hidden):
        bounds = np.where(hidden, 0.0, exact), np.where(hidden, np.inf, exact)
        return IntervalAttack(Linked(*bounds, sums), exact).interval(wb)

    assert interval(primary) == (47, 47)
    assert interval(pattern.hidden) == (0, 78)


def test_linear_programs_withhold_as_little_of_the_large_instance_as_is_known():
    system, counts, primary = read(Z3)
    task = PeerTask(system, counts, primary, np.ones_like(counts), least=0)
    complementary = suppress_cells(task, insiders=False) & ~primary
    assert (len(counts), primary.sum()) == (1350, 416)
    assert complementary.sum() <= 134
    assert counts[complementary].sum() <= 1370
    assert suppress_cells(task).sum() > (complementary | primary).sum(), "insiders cost further cells"
