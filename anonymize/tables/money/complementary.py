"""Which amounts must be withheld beside those that tell too much, so that none comes back by subtraction.

Totals are dear and small cells cheap: a reader loses least by a gap in a small line.
"""

from collections.abc import Sequence

import numpy as np

from anonymize.tables.plan import LinkedSystem, Marks, cell_heights
from anonymize.tables.programs import Numbers, Reach
from anonymize.tables.room import Room
from codebook.errors import ReleaseRefused

from .sums import MoneyRules, MoneyUnit

HIDDEN_PRICE = 1e-6  # of a cell that is withheld already
DEARER_ABOVE = 20.0  # times, what a total costs beside the dearest of its parts


def complementary_cells(
    system: LinkedSystem,
    unit: MoneyUnit,
    rules: MoneyRules,
    *,
    past: Room | None = None,
    before: Marks | None = None,
) -> Marks:
    """Return all cells to withhold, so that none that tells too much can be known to better than p %.

    For each of those two linear programs ask for the cheapest cells that let it be p % larger and p % smaller
    while everything shown stays as it is: their solutions are tables that a reader cannot tell from the
    truth. The cells withheld for that bear the same mark, so they must not be known to p % either; one way is
    enough for them. Then whatever is not needed is shown again, the dearest first. A cell once withheld
    stays so, and an amount that an earlier release showed can hide nothing.

    Raises:
        ReleaseRefused: No pattern exists; names the tables.

    Source: RULES section 4 (suppression by linear programs).
    """
    kept = unit.primary | (before & (unit.totals > 0) if before is not None else False)
    pattern = _Pattern(system, unit, kept, rules, past)
    protected: set[int] = set()
    while open_cells := [cell for cell in pattern.withheld_cells() if cell not in protected]:
        for amounts in pattern.wishes(open_cells[0]):
            pattern.hide_for(open_cells[0], amounts)
        protected.add(open_cells[0])
    pattern.show_what_is_not_needed()
    return pattern.withheld


class _Pattern:
    """What is withheld so far, and the programs that say whether it is enough."""

    def __init__(
        self, system: LinkedSystem, unit: MoneyUnit, kept: Marks, rules: MoneyRules, past: Room | None
    ) -> None:
        self.withheld = kept.copy()
        self._system, self._kept, self._share = system, kept, rules.p_percent / 100
        self._totals, self._primary = unit.totals.astype(np.float64), unit.primary
        self._prices = cell_prices(system, self._totals)
        whole = Room(self._totals, np.full(len(self._totals), np.inf))
        # What an earlier release gave away cannot be taken back: then this one protects for itself.
        self._rooms = [whole.within(past), whole] if past is not None else [whole]
        self._reaches = [Reach(system.equations, *self._ways(room)) for room in self._rooms]

    def withheld_cells(self) -> list[int]:
        """Return what is withheld so far: primary cells first, then the largest, which protect many."""
        cells = np.flatnonzero(self.withheld)
        return [int(cell) for cell in cells[np.lexsort((cells, -self._totals[cells], ~self._primary[cells]))]]

    def wishes(self, position: int) -> Sequence[tuple[float, ...]]:
        """Return how far (units of currency) a cell must be able to move; of each tuple one is enough."""
        total = float(self._totals[position])
        down = max(1.0, total * self._share)
        if not self._primary[position]:
            # Seen from the upper end p % down is the same as a little more than p % up seen from below.
            return ((max(1.0, total * self._share / (1 - self._share) + 1), -down),)
        return ((down,), (-down,)) if total else ((down,),)

    def hide_for(self, position: int, amounts: tuple[float, ...]) -> None:
        """Withhold the cheapest cells that let one move by one of some amounts."""
        for reach in self._reaches:
            reach.set_prices(np.where(self.withheld, HIDDEN_PRICE, self._prices))
            moves = [moved for amount in amounts if (moved := reach.move(position, amount)) is not None]
            if moves:
                self.withheld |= min((moved != 0 for moved in moves), key=self._cost)
                return
        tables = ", ".join(self._system.layouts)
        raise ReleaseRefused(
            f"unit {self._system.unit}: no other cells can hide what must be withheld in {tables}",
            remedy="leave the table out, or publish it coarser",
        )

    def _cost(self, support: Marks) -> float:
        return float(self._prices[support & ~self.withheld].sum())

    def show_what_is_not_needed(self) -> None:
        """Show every cell again without which all others withheld still move as far as they must."""
        closed = [Reach(self._system.equations, *self._ways(room, self.withheld)) for room in self._rooms]
        extra = np.flatnonzero(self.withheld & ~self._kept)
        for cell in map(int, extra[np.argsort(-self._prices[extra], kind="stable")]):
            for reach in closed:
                reach.allow(cell, 0.0, 0.0)
            if self._all_move(closed, cell):
                self.withheld[cell] = False
                continue
            for reach, room in zip(closed, self._rooms, strict=True):
                down, up = self._ways(room, self.withheld)
                reach.allow(cell, float(down[cell]), float(up[cell]))

    def _all_move(self, reaches: Sequence[Reach], apart: int) -> bool:
        """Return whether every withheld cell but one that may no longer move has what it must have."""
        return all(
            any(reach.move(position, amount) is not None for reach in reaches for amount in amounts)
            for position in self.withheld_cells()
            if position != apart
            for amounts in self.wishes(position)
        )

    def _ways(self, room: Room, among: Marks | None = None) -> tuple[Numbers, Numbers]:
        """Return how far each cell may go down and up; an empty cell that is shown stays."""
        allowed = (self._totals > 0) | self._kept if among is None else among
        down, up = np.minimum(room.down, self._totals), room.up
        return np.where(allowed, down, 0.0), np.where(allowed, up, 0.0)


def cell_prices(system: LinkedSystem, totals: Numbers) -> Numbers:
    """Return what withholding each cell costs (n_cells): every total is far dearer than its parts."""
    prices = np.log1p(totals) + 0.5
    height = cell_heights(system)
    return np.asarray(prices * DEARER_ABOVE**height, dtype=np.float64)
