"""A pattern of withheld cells under construction, and the moves by which its primary cells are wide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.tables.plan import Integers, Marks
from anonymize.tables.programs import Numbers, Reach

from .task import SuppressionTask
from .whole_moves import whole_width
from .witnesses import ROUGHLY, Span, Witnesses, is_whole

HIDDEN_PRICE = 1e-3  # of a cell that is withheld already
FURTHER_PRICES = 8  # at which a move is asked for again where the answer was in fractions
SPREAD_OF_PRICES = (0.5, 2.0)


@dataclass(frozen=True)
class Effort:
    """How to look for moves that make a cell wide.

    Args:
        beyond: Whether cells may move that are not withheld yet.
        fractions: Whether moves of fractions count.
        again: How often to ask again, at other prices, where an answer is in fractions.
        whole_programs: Whether to ask a whole-number program at last.
    """

    beyond: bool = False
    fractions: bool = False
    again: int = 2
    whole_programs: bool = False


class PatternSearch:
    """Which cells are withheld so far, with programs that move those only or all cells."""

    def __init__(self, task: SuppressionTask, hidden: Marks, moves: Iterable[Integers] = ()) -> None:
        """Start from a pattern, and moves within it that are known."""
        self.task, self.hidden = task, hidden.copy()
        self.witnesses = Witnesses(len(hidden), moves)
        self._closed: int | None = None
        self._anywhere = Reach(task.system.equations, task.down, task.up)
        self._within = Reach(task.system.equations, task.down, task.up)
        for cell in np.flatnonzero(~hidden):
            self._within.allow(int(cell), 0.0, 0.0)
        chance = np.random.default_rng(20)  # a fixed seed: the same task gives the same cells
        self._factors = chance.uniform(*SPREAD_OF_PRICES, size=(FURTHER_PRICES, len(hidden)))

    @property
    def complementary(self) -> Integers:
        """Return the withheld cells that no rule withholds."""
        cells: Integers = np.flatnonzero(self.hidden & ~self.task.primary)
        return cells

    @property
    def cost(self) -> float:
        """Return what the complementary cells cost."""
        return float(self.task.prices[self.complementary].sum())

    def hide(self, cells: Sequence[int] | Integers) -> None:
        """Withhold cells."""
        for cell in map(int, cells):
            self.hidden[cell] = True
            if cell != self._closed:
                self._within.allow(cell, *self._room(cell))

    def show(self, cells: Sequence[int] | Integers) -> None:
        """Show cells; moves that use them must be taken from the witnesses."""
        for cell in map(int, cells):
            self.hidden[cell] = False
            self._within.allow(cell, 0.0, 0.0)

    def close(self, cell: int | None) -> None:
        """Keep one cell from moving in all programs; None ends that."""
        opened, self._closed = self._closed, cell
        if opened is not None:
            self._anywhere.allow(opened, *self._room(opened))
            if self.hidden[opened]:
                self._within.allow(opened, *self._room(opened))
        if cell is not None:
            self._anywhere.allow(cell, 0.0, 0.0)
            self._within.allow(cell, 0.0, 0.0)

    def span(self) -> Span:
        """Return how far the known moves go."""
        return Span(self.witnesses.table())

    def is_wide(self, position: int, span: Span) -> bool:
        """Return whether a cell is seen to be as wide as it must be."""
        return bool(span.width(position) >= self.task.widths[position] - ROUGHLY)

    def widen(self, position: int, span: Span, effort: Effort) -> list[Numbers]:
        """Return moves that make a cell wide as far as they are found; the span takes them in."""
        found = self._moves(self._within, np.ones(len(self.hidden)), (position, span), effort)
        if effort.whole_programs and not self.is_wide(position, span):
            found += self._whole_moves(position, span)
        if effort.beyond and not self.is_wide(position, span):
            prices = np.where(self.hidden, HIDDEN_PRICE, self.task.prices)
            found += self._moves(self._anywhere, prices, (position, span), effort)
        return found

    def widen_at_any_price(self, position: int, span: Span) -> list[Numbers]:
        """Return the cheapest whole-number moves of any cells that make a cell wide; none if none do."""
        prices = np.where(self.hidden, HIDDEN_PRICE, self.task.prices)
        allowed = (self.task.up > 0) | (self.task.down > 0)
        return self._include(whole_width(self.task, allowed, position, prices), span)

    def _whole_moves(self, position: int, span: Span) -> list[Numbers]:
        allowed = self.hidden.copy()
        if self._closed is not None:
            allowed[self._closed] = False
        return self._include(whole_width(self.task, allowed, position), span)

    def _include(self, moves: Sequence[Integers], span: Span) -> list[Numbers]:
        for move in moves:
            span.include(move)
        return [move.astype(np.float64) for move in moves]

    def _moves(self, reach: Reach, prices: Numbers, wish: tuple[int, Span], effort: Effort) -> list[Numbers]:
        """Return moves up, down and up again, until a cell is wide or no more is found."""
        position, span = wish
        width, found = float(self.task.widths[position]), list[Numbers]()
        reach.set_prices(prices)
        asked = set[float]()
        for upwards in (True, False, True):
            further_up = width + span.low[position]
            further_down = min(self.task.down[position], width - span.high[position])
            amount = float(further_up if upwards else -further_down)
            if self.is_wide(position, span) or not amount or amount in asked:
                continue
            asked.add(amount)
            move = self._move(reach, prices, (position, amount), effort)
            if move is not None:
                span.include(move)
                found.append(move)
        return found

    def _move(self, reach: Reach, prices: Numbers, wish: tuple[int, float], effort: Effort) -> Numbers | None:
        move = reach.move(*wish)
        if move is None or effort.fractions or is_whole(move):
            return move
        for factors in self._factors[: effort.again]:
            reach.set_prices(prices * factors)
            move = reach.move(*wish)
            if move is None or is_whole(move):
                break
        reach.set_prices(prices)
        return move if move is not None and is_whole(move) else None

    def _room(self, cell: int) -> tuple[float, float]:
        return float(self.task.down[cell]), float(self.task.up[cell])
