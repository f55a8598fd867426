"""Two processes find what one finds."""

import pytest

from anonymize.audit.cells import PublicCell, PublicUnit
from anonymize.audit.parallel import LEAST_CELLS_OF_HALVES, attacked_units


def unit(n_pairs, *, upper):
    """Return pairs of cells with their sum; the first of each pair is exact in every third."""
    cells: list[PublicCell] = []
    sums: set[tuple[int, tuple[int, ...]]] = set()
    for number in range(n_pairs):
        first, second, total = (3 * number + i for i in range(3))
        bounds = [(3, 3, 3) if number % 3 == 0 else (5, 1, 9), (10, 6, upper), (15, 11, 19)]
        for position, copy in zip((first, second, total), bounds, strict=True):
            cells.append(PublicCell((("cell", str(position)),), 5, {copy}, {f"table {number % 2}"}))
        sums.add((total, (first, second)))
    return PublicUnit("persons", False, cells, {cell.key: i for i, cell in enumerate(cells)}, sums)


@pytest.mark.parametrize("upper", [14, 5])
def test_the_result_does_not_depend_on_how_many_processes_there_are(upper):
    units = [unit(LEAST_CELLS_OF_HALVES // 3 + 1, upper=upper), unit(5, upper=14)]
    one, two = (attacked_units(units, processes=n) for n in (1, 2))
    assert one == two
    assert one.cells == sum(len(one.cells) for one in units)
    assert one.infeasible_units == (upper == 5)


def test_halves_find_every_exact_cell_once():
    large = unit(LEAST_CELLS_OF_HALVES // 3 + 1, upper=14)
    found = attacked_units([large], processes=2)
    exact = sum((3, 3, 3) in cell.copies for cell in large.cells)
    assert (found.exact, found.tables) == (exact, {"table 0", "table 1"})
