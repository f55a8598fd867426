"""Shares of a published total, from published numbers only; and when there is none to show.

No share stands beside a withheld part, and none where rounding leaves it open by more than
WIDEST_INTERVAL: the share would say more than the numbers do (RULES rules 23, 24).
"""

from dataclasses import dataclass

from .published import TOTAL, Cell, Code
from .select import ChartData

WIDEST_INTERVAL = 0.20  # share, 0..1; for one part
EDGE = 0.05  # rule 24: shares within it of 0 or 1 are printed as a range


@dataclass(frozen=True)
class Share:
    """One part of a total. All are shares from 0 to 1; `begins` and `ends` add up the parts before."""

    part: Code
    value: float
    lower: float
    upper: float
    begins: float
    ends: float
    ends_lower: float
    ends_upper: float

    @property
    def text(self) -> str:
        """Return what is printed: a whole percent, or a range near nothing and near everything."""
        if self.value < EDGE:
            return "<5 %"
        return ">95 %" if self.value > 1 - EDGE else f"{round(100 * self.value)} %"


@dataclass(frozen=True)
class Shares:
    """The parts of one row, or why they are not shown."""

    parts: tuple[Share, ...]
    is_withheld: bool  # a part or the total is withheld
    is_wide: bool  # rounding leaves the shares open


def shares_of(data: ChartData, row: Code) -> Shares:
    """Return the shares of the parts (panels) of a row in its published total (the panel `_T`)."""
    parts = [panel for panel in data.panels if panel.code != TOTAL]
    whole = next((data.cell(panel, row) for panel in data.panels if panel.code == TOTAL), None)
    cells = [data.cell(panel, row) for panel in parts]
    shown = [cell for cell in cells if cell is not None]
    if whole is None or whole.is_withheld or any(cell.is_withheld for cell in shown):
        return Shares((), is_withheld=True, is_wide=False)
    if not whole.value or sum(cell.value or 0 for cell in shown) != whole.value:
        return Shares((), is_withheld=False, is_wide=True)
    found = tuple(_share(parts, cells, whole, place) for place, cell in enumerate(cells) if cell is not None)
    wide = any(share.upper - share.lower > WIDEST_INTERVAL for share in found)
    return Shares(() if wide else found, is_withheld=False, is_wide=wide)


def _share(parts: list[Code], cells: list[Cell | None], whole: Cell, place: int) -> Share:
    total = whole.value or 1
    before = sum(cell.value or 0 for cell in cells[:place] if cell)
    here = cells[place]
    value = (here.value or 0) if here else 0
    lower, upper = _interval(cells[place : place + 1], cells[:place] + cells[place + 1 :], whole)
    ends_lower, ends_upper = _interval(cells[: place + 1], cells[place + 1 :], whole)
    return Share(
        part=parts[place],
        value=value / total,
        lower=lower,
        upper=upper,
        begins=before / total,
        ends=(before + value) / total,
        ends_lower=ends_lower,
        ends_upper=ends_upper,
    )


def _interval(mine: list[Cell | None], others: list[Cell | None], whole: Cell) -> tuple[float, float]:
    """Return how small and how large the share of some parts can be, given every published interval."""
    least, most = _sums(mine)
    other_least, other_most = _sums(others)
    whole_least, whole_most = whole.lower or 0, whole.upper or 0
    lowest = max(_ratio(least, least + other_most, 0.0), _ratio(least, whole_most, 0.0))
    highest = min(_ratio(most, most + other_least, 1.0), _ratio(most, whole_least, 1.0), 1.0)
    return lowest, max(lowest, highest)


def _sums(cells: list[Cell | None]) -> tuple[int, int]:
    return sum(cell.lower or 0 for cell in cells if cell), sum(cell.upper or 0 for cell in cells if cell)


def _ratio(part: int, whole: int, empty: float) -> float:
    return part / whole if whole else empty
