"""Withhold small counts and little else, so that the reader who knows the rules learns nothing of them.

For each small cell a linear program asks for the cheapest table in which it is larger by threshold - 1 while
all that is shown stays: what moves must be withheld. Such tables are witnesses for every cell that they move.
Then each small cell gets witnesses of whole numbers, what no witness needs is shown again, and cells are
exchanged for cheaper ones.

Source: RULES section 4; Fischetti and Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805 (the model).
"""

from collections.abc import Iterable

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import TOLERANCE, Numbers
from codebook.errors import ReleaseRefused

from .necessity import Neighbourhood
from .pattern_search import FURTHER_PRICES, Effort, PatternSearch
from .task import SuppressionTask
from .witnesses import Span

MANY_PRIMARY = 300  # from here on one search must do, and cells are not exchanged
STARTS = 3  # searches of a smaller system, each in another order
LARGE_SYSTEM = 2000  # cells; in such a system a withheld cell stays where it would cost too many programs
MOST_LOST = 30  # primary cells to ask for, before a cell of a large system is shown again
FIRST = Effort(beyond=True, fractions=True)
SURE = Effort(again=FURTHER_PRICES)
AGAIN = Effort(fractions=True)


def suppress_cells(task: SuppressionTask, *, insiders: bool = True) -> Marks:
    """Return all cells to withhold, primary ones included; the same task gives the same cells.

    Args:
        task: What to protect.
        insiders: Whether to protect from the owner of a single case too.

    Raises:
        ReleaseRefused: No pattern protects a cell; names the tables.
    """
    near, large = Neighbourhood(task), int(task.primary.sum()) > MANY_PRIMARY
    searches = [_search(task, near, order) for order in _orders(task, 1 if large else STARTS)]
    best = min(searches, key=lambda search: round(search.cost, 6))
    if not large:
        exchange(best, near)
    if not insiders:
        return best.hidden
    return protect_from_insiders(task, best.hidden, best.witnesses.table().astype(np.int64))


def _orders(task: SuppressionTask, n_orders: int) -> list[Integers]:
    """Return orders of the primary cells: the smallest first, the largest first, then by chance."""
    cells = np.flatnonzero(task.primary)
    by_size = cells[np.argsort(task.counts[cells], kind="stable")]
    chance = np.random.default_rng(4)  # a fixed seed: the same task gives the same cells
    further = [by_size[::-1], *(chance.permutation(cells) for _ in range(n_orders))]
    return [by_size, *further][:n_orders]


def _search(task: SuppressionTask, near: Neighbourhood, order: Integers) -> PatternSearch:
    search = PatternSearch(task, task.primary)
    _cover(search, order)
    show_again(search, near)
    certify(search, order)
    return search


def _cover(search: PatternSearch, order: Iterable[int]) -> None:
    """Withhold what the cheapest moves of each primary cell need, fractions included."""
    span = search.span()
    for position in map(int, order):
        if not search.is_wide(position, span):
            _keep(search, search.widen(position, span, FIRST))


def certify(search: PatternSearch, order: Iterable[int]) -> None:
    """Find whole-number moves for every primary cell, and withhold more where there are none.

    Raises:
        ReleaseRefused: No pattern protects a cell; names the tables.
    """
    search.witnesses.drop_fractions()
    span = search.span()
    doubtful = [position for position in map(int, order) if not search.is_wide(position, span)]
    for effort in (Effort(again=0), SURE, Effort(again=0, whole_programs=True)):
        for position in doubtful:
            if not search.is_wide(position, span):
                _keep(search, search.widen(position, span, effort))
    for position in doubtful:
        if not search.is_wide(position, span):
            _keep(search, search.widen_at_any_price(position, span))
        if not search.is_wide(position, span):
            tables = ", ".join(sorted(search.task.system.layouts))
            raise ReleaseRefused(
                f"unit {search.task.system.unit}: no other cells can hide what must be withheld in {tables}",
                remedy="leave a table out, publish it coarser, or use rounding",
            )


def _keep(search: PatternSearch, moves: Iterable[Numbers]) -> None:
    for move in moves:
        search.witnesses.add(move)
        search.hide(np.flatnonzero((move != 0) & ~search.hidden))


def show_again(search: PatternSearch, near: Neighbourhood) -> None:
    """Show the withheld cells that are not needed, the dearest first.

    A cell may be shown where every primary cell that was wide by its help only is wide by other moves too,
    which are asked for. Moves that used it are dropped: those left keep to the new pattern.
    """
    cells = search.complementary
    for cell in map(int, cells[np.argsort(-search.task.prices[cells], kind="stable")]):
        if near.is_needed(cell, search.hidden):
            continue
        lost = _lost(search, near, cell)
        if len(lost) > MOST_LOST and len(search.hidden) > LARGE_SYSTEM:
            continue
        search.show([cell])
        if not _regain(search, (cell, lost), AGAIN, price=0.0):
            search.hide([cell])


def exchange(search: PatternSearch, near: Neighbourhood) -> None:
    """Show each withheld cell again where others that cost less together can take its part."""
    effort = Effort(beyond=True, again=1, whole_programs=True)
    cells, prices = search.complementary, search.task.prices
    for cell in map(int, cells[np.argsort(-prices[cells], kind="stable")]):
        if not search.hidden[cell]:
            continue
        lost = _lost(search, near, cell)
        search.show([cell])
        search.close(cell)
        regained = _regain(search, (cell, lost), effort, price=float(prices[cell]))
        search.close(None)
        if not regained:
            search.hide([cell])


def _lost(search: PatternSearch, near: Neighbourhood, cell: int) -> Integers:
    """Return the primary cells that are wide by the help of one cell only, the most doubtful first."""
    lost = Span(search.witnesses.without(cell)).narrow(search.task.primary, search.task.widths)
    counts, closeness = search.task.counts[lost], near.closeness(cell, search.hidden)[lost]
    ordered: Integers = lost[np.lexsort((counts, -closeness))]
    return ordered


def _regain(search: PatternSearch, wish: tuple[int, Integers], effort: Effort, *, price: float) -> bool:
    """Make primary cells wide without one cell, and return whether that worked for less than a price."""
    cell, lost = wish
    kept = search.witnesses.without(cell)
    span, moves, added = Span(kept), list[Numbers](), list[int]()
    for position in map(int, lost):
        if search.is_wide(position, span):
            continue
        found = search.widen(position, span, effort)
        moves += found
        moved = np.any([move != 0 for move in found], axis=0) if found else np.zeros_like(search.hidden)
        new = np.flatnonzero(moved & ~search.hidden)
        search.hide(new)
        added += map(int, new)
        too_dear = bool(added) and search.task.prices[added].sum() >= price - TOLERANCE
        if too_dear or not search.is_wide(position, span):
            search.show(added)
            return False
    search.witnesses.replace(np.vstack([kept, *moves]).astype(np.float32))
    return True


def protect_from_insiders(task: SuppressionTask, hidden: Marks, moves: Iterable[Integers]) -> Marks:
    """Return the withheld cells with what hides the others from the owner of a single case.

    She knows that her cell holds 1. Counted is only a cell that would become exact for her and holds somebody
    else's case.

    Args:
        task: What to protect.
        hidden: A protected pattern.
        moves: Whole-number moves within it (n_moves, n_cells).
    """
    once = SuppressionTask(task.system, task.counts, task.primary, np.ones_like(task.widths), task.least)
    search = PatternSearch(once, hidden, moves)
    for single in map(int, np.flatnonzero(hidden & (task.counts == 1))):
        span = Span(search.witnesses.without(single))
        exposed = span.narrow(task.primary & (task.counts > 1), once.widths)
        if not len(exposed):
            continue
        search.close(single)
        for position in map(int, exposed):
            if not search.is_wide(position, span):
                effort = Effort(beyond=True, again=FURTHER_PRICES)
                _keep(search, search.widen(position, span, effort))
        search.close(None)
    return search.hidden
