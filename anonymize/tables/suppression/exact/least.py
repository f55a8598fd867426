"""The proven-least pattern of complementary suppression, for systems of some hundred cells.

A 0/1 program chooses the cells to withhold; linear and integer programs ask, as the reader would, which
primary cells that leaves too narrow; each answer is a cut that the next choice must meet, until one holds.

Source: Fischetti and Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import TOLERANCE, Numbers
from anonymize.tables.suppression import SuppressionTask, protect_from_insiders, suppress_cells
from codebook.errors import ReleaseRefused

from .check import Examination
from .master import Master
from .separation import Cut

STALLED = 1e-4  # share of the bound that a round of the relaxation must win
MOST_STALLED = 3  # rounds


FAVOUR = 0.98  # share of its price that a chosen cell does not cost when a choice is repaired
ROUNDS_BETWEEN = 5  # of the relaxation, between two of the 0/1 program
EASY_ROUNDS = 3  # of the 0/1 program: most systems are proven in so many, without a repair
CLOSE = 0.005  # gap (share of the cost) below which no repair is tried


@dataclass(frozen=True)
class ExactLimits:
    """How long to search: rounds of the relaxation and of the 0/1 program, nodes a round, repairs of choices
    that protect too little, iterations of the simplex method in all 0/1 programs, and seconds if any.
    """

    relaxed_rounds: int = 60
    whole_rounds: int = 200
    nodes: int = 20_000
    repairs: int = 6
    iterations: int = 10_000_000
    seconds: float | None = None


EXACT_CELLS = 400  # the largest system that is searched without being asked
SMALL = ExactLimits(relaxed_rounds=40, whole_rounds=8, nodes=100, repairs=1, iterations=1500)


@dataclass(frozen=True)
class ExactPattern:
    """A protected pattern and what is known of the least.

    Args:
        hidden: Cells to withhold, primary ones included (n_cells).
        cost: What the complementary cells cost.
        bound: No protected pattern costs less.
        moves: Whole-number moves within the pattern by which each primary cell is wide (n_moves, n_cells).
    """

    hidden: Marks
    cost: float
    bound: float
    moves: Integers

    @property
    def gap(self) -> float:
        """Return the share of the cost (0..1) that a better pattern could save at most."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Return whether no pattern costs less."""
        return self.cost - self.bound <= TOLERANCE * max(1.0, self.cost)


def least_pattern(
    task: SuppressionTask,
    start: Marks | None = None,
    *,
    costs: Numbers | None = None,
    limits: ExactLimits | None = None,
) -> ExactPattern:
    """Return the cheapest pattern in which every primary cell is as wide as it must be.

    Args:
        task: What to protect.
        start: A protected pattern to improve on, as of `suppress_cells`; one that is not is passed over.
        costs: What withholding each complementary cell costs (n_cells, above 0); `task.prices` by default.
        limits: How long to search. Without a limit of seconds the answer is the same on every machine.

    Raises:
        ReleaseRefused: No pattern protects a cell; names the tables.
    """
    search = _Search(task, task.prices if costs is None else costs, limits or ExactLimits())
    search.offer(task.primary)
    if start is not None:
        search.offer(start)
    if search.best is None:
        search.offer(np.ones_like(task.primary))
    if search.best is None:
        tables = ", ".join(sorted(task.system.layouts))
        raise ReleaseRefused(
            f"unit {task.system.unit}: no other cells can hide what must be withheld in {tables}",
            remedy="leave a table out, publish it coarser, or use rounding",
        )
    search.run()
    return search.result()


@dataclass(frozen=True)
class _Favoured(SuppressionTask):
    """The same task at other prices (n_cells)."""

    favoured: Numbers = field(default_factory=lambda: np.zeros(0))

    @property
    def prices(self) -> Numbers:
        """Return what withholding each cell costs."""
        return self.favoured


class _Search:
    """The state of one search: the cheapest protected pattern, the bound, the cuts."""

    def __init__(self, task: SuppressionTask, costs: Numbers, limits: ExactLimits) -> None:
        self._task, self._limits = task, limits
        self._costs = np.where(task.primary, 0.0, costs)
        self._examination = Examination(task)
        self._master = Master(task, costs)
        self._end = None if limits.seconds is None else time.monotonic() + limits.seconds
        self._repairs = 0
        self.best: Marks | None = None
        self._moves: list[Integers] = []
        self._cost, self._bound = np.inf, 0.0

    def offer(self, hidden: Marks) -> list[Cut]:
        """Keep a pattern if it is protected and cheaper; else return the cuts that it breaks."""
        hidden = hidden & (self._examination.movable | self._task.primary)
        cuts, moves = self._examination.examine(hidden)
        cost = float(self._costs[hidden].sum())
        if not cuts and cost < self._cost:
            self.best, self._moves, self._cost = hidden, moves, cost
        return cuts

    def result(self) -> ExactPattern:
        """Return the best pattern found."""
        hidden = self._task.primary if self.best is None else self.best
        moves = np.array(self._moves, dtype=np.int64).reshape(-1, len(hidden))
        return ExactPattern(hidden, self._cost, min(self._bound, self._cost), moves)

    def run(self) -> None:
        """Search until the best pattern is proven or a limit is reached."""
        goes_on = self._relax(self._limits.relaxed_rounds)
        for number in range(self._limits.whole_rounds):
            if not goes_on or self._is_closed() or self._seconds_left() == 0.0:
                return
            choice = self._master.whole(self.best, self._limits.nodes, self._seconds_left())
            if choice is None:
                self._bound = self._cost
                return
            self._bound = max(self._bound, choice.bound)
            if self._is_closed():
                return
            hidden = choice.shares > 0.5
            cuts = self.offer(hidden)
            if not cuts:
                return  # protected: proven if the choice was complete, else the limit of nodes was reached
            if not self._master.add(cuts):
                self._master.add([self._examination.more_than(hidden)])
            exhausted = self._master.iterations > self._limits.iterations
            if exhausted or number >= EASY_ROUNDS:
                self._repair(choice.shares)
            goes_on = not exhausted and self._relax(ROUNDS_BETWEEN)

    def _repair(self, shares: Numbers) -> None:
        """Offer what the linear programs of `suppress_cells` find where a choice (n_cells, 0..1) is cheap."""
        if self._repairs >= self._limits.repairs or self._cost - self._bound <= CLOSE * self._cost:
            return
        self._repairs += 1
        task = self._task
        favoured = self._costs * (1.0 - FAVOUR * shares)
        with suppress(ReleaseRefused):  # a search that gives up is no proof: the best pattern stays
            asked = _Favoured(task.system, task.counts, task.primary, task.widths, task.least, favoured)
            found = suppress_cells(asked)
            if self._costs[found].sum() < self._cost:
                self._master.add(self.offer(found))

    def _is_closed(self) -> bool:
        return self._bound >= self._cost - TOLERANCE

    def _seconds_left(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def _relax(self, most_rounds: int) -> bool:
        """Add cuts while the relaxation breaks some; return False when the search has come to its end."""
        stalled = 0
        for _ in range(most_rounds):
            choice = self._master.relaxed(self._cost)
            if choice is None or choice.bound >= self._cost - TOLERANCE:
                self._bound = self._cost
                return False
            stalled = 0 if choice.bound > self._bound * (1 + STALLED) else stalled + 1
            self._bound = max(self._bound, choice.bound)
            if self._seconds_left() == 0.0:
                return False
            if stalled > MOST_STALLED or not self._master.add(self._examination.relaxed_cuts(choice.shares)):
                break
        return True


@dataclass(frozen=True)
class Suppressed:
    """Cells to withhold (n_cells), whether no pattern costs less, and by how much one could (0..1).

    `gap` is None where the exact method was not tried.
    """

    hidden: Marks
    proven: bool = False
    gap: float | None = None

    def as_evidence(self) -> dict[str, object]:
        """Return what may be published of the search; a finer gap would be an equation about the counts."""
        return {"proven": self.proven, "gap": None if self.gap is None else round(self.gap, 2)}


def suppress_at_least_cost(task: SuppressionTask) -> Suppressed:
    """Return all cells to withhold: by linear programs, and in a small system by the exact method too.

    What hides a count from the owner of a single case is added to the exact pattern too; the cheaper pattern
    is taken. The same task gives the same cells.

    Raises:
        ReleaseRefused: No pattern protects a cell; names the tables.
    """
    start = suppress_cells(task)
    if len(start) > EXACT_CELLS or not task.primary.any():
        return Suppressed(start)
    pattern = least_pattern(task, start, limits=SMALL)
    guarded = protect_from_insiders(task, pattern.hidden, pattern.moves)
    costs = np.where(task.primary, 0.0, task.prices)
    hidden = min((guarded, start), key=lambda marks: round(float(costs[marks].sum()), 6))
    found = ExactPattern(hidden, float(costs[hidden].sum()), pattern.bound, pattern.moves)
    return Suppressed(hidden, found.proven, found.gap)
