"""The attack on the units of a release with two processes: the same result as with one, in half the time.

A unit with many cells is attacked in two halves. Small releases are attacked where they are read: starting a
process costs more than they do.
"""

import multiprocessing
import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from .cells import PublicUnit
from .exhibit import Exhibit
from .findings import Finding, judged
from .intervals import Broken, attack_unit, linked_unit

MOST_PROCESSES = 2
LEAST_CELLS = 3000  # of a release: about a second of attack; below it a second process gains nothing
LEAST_CELLS_OF_HALVES = 1500
Job = tuple[PublicUnit, frozenset[int]]
"""A unit and the positions that another job attacks."""


def attacked_units(units: Iterable[PublicUnit], *, processes: int | None = None) -> Broken:
    """Attack all units, each by itself, and return what broke together.

    Args:
        units: Cells and sums of each.
        processes: How many at once; as many as the size of the release and the machine make sense of where
            left out. The result does not depend on it.
    """
    listed = list(units)
    jobs = [job for unit in listed for job in _jobs(unit)]
    large = sum(len(unit.cells) for unit in listed) >= LEAST_CELLS
    wanted = processes or (min(MOST_PROCESSES, os.cpu_count() or 1) if large else 1)
    together = Broken()
    for (_, others), broken in zip(jobs, _run(jobs, wanted), strict=True):
        together.cells += broken.cells - len(others)
        together.exact += broken.exact
        together.too_narrow += broken.too_narrow
        together.tables |= broken.tables
        # Both halves of a unit that contradicts itself say so: the first one, which begins at cell 0, counts.
        together.infeasible_units += 0 if 0 in others else broken.infeasible_units
    return together


def check_intervals(exhibit: Exhibit) -> Finding:
    """Attack every cell of every unit with all published bounds and sums."""
    broken = attacked_units(exhibit.units.values())
    rule = "RULES 4: no cell is exact, and none is known within less than its threshold - 2 (money: 10 %)"
    faults = broken.exact + broken.too_narrow + broken.infeasible_units
    remedy = "publish fewer or coarser tables of the unit, or merge small categories"
    return judged("intervals", rule, faults, broken.as_counts(), remedy)


def _jobs(unit: PublicUnit) -> list[Job]:
    n_cells = len(unit.cells)
    if n_cells < LEAST_CELLS_OF_HALVES:
        return [(unit, frozenset())]
    middle = n_cells // 2
    return [(unit, frozenset(range(middle, n_cells))), (unit, frozenset(range(middle)))]


def _run(jobs: Sequence[Job], processes: int) -> list[Broken]:
    """Run the jobs in order; where processes cannot be started, here."""
    if processes > 1 and len(jobs) > 1:
        try:
            with ProcessPoolExecutor(processes, mp_context=_context()) as pool:
                return list(pool.map(_attacked, jobs))
        except (BrokenProcessPool, OSError):
            pass  # a sandbox without processes, or a script that cannot be started again
    return [_attacked(job) for job in jobs]


def _context() -> multiprocessing.context.BaseContext:
    """Return a way to start processes: a copy of this one where that is safe, that is without threads."""
    copies = "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1
    return multiprocessing.get_context("fork" if copies else "spawn")


def _attacked(job: Job) -> Broken:
    unit, others = job
    broken = Broken()
    attack_unit(unit, linked_unit(unit), broken, safe=others)
    return broken
