"""Which published cells one chart shows, and the SQL that gives the same cells from release.db.

Nothing is computed here: every number of a chart is a number of the release (rules 23 and 26).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from codebook.errors import ReportError

from .declarations import Axis, Declaration, fixed_codes, load_declarations
from .published import TOTAL, Bilingual, Cell, Code, Release, Table

NO_PANEL = Code("", "", "", Bilingual("", ""), 0, False)


@dataclass(frozen=True)
class ChartData:
    """The cells of one chart, ready to draw in either language."""

    declaration: Declaration
    table: Table
    rows: tuple[Code, ...]
    panels: tuple[Code, ...]  # (NO_PANEL,) where the chart has one panel
    cells: dict[tuple[str, str], Cell]  # (panel code, row code) -> cell; a pair not published is not in it
    sql: str

    def cell(self, panel: Code, row: Code) -> Cell | None:
        """Return one cell, or None where the release has no such cell."""
        return self.cells.get((panel.code, row.code))

    @cached_property
    def highest(self) -> int:
        """Return the largest published upper bound, at least 1: the end of every scale."""
        return max((cell.upper or 0 for cell in self.cells.values()), default=1) or 1

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """Return the rounding bases that occur, smallest first."""
        return tuple(sorted({cell.base for cell in self.cells.values() if not cell.is_withheld}))

    @cached_property
    def withheld(self) -> int:
        """Return the number of withheld cells in the chart."""
        return sum(cell.is_withheld for cell in self.cells.values())


def select_cells(release: Release, declaration: Declaration) -> ChartData:
    """Pick the cells that a declaration names.

    Raises:
        ReportError: The table or a column is not in the release, or nothing is left to draw.
    """
    table = release.tables.get(declaration.table)
    if table is None:
        raise ReportError(f"chart {declaration.name}: the release has no table {declaration.table}")
    axes = [declaration.rows, *([declaration.panels] if declaration.panels else [])]
    for column in [*(axis.column for axis in axes), *declaration.only]:
        if column not in table.columns:
            raise ReportError(f"chart {declaration.name}: table {table.name} has no column {column}")
    fixed = fixed_codes(declaration, table.columns)
    rows = _codes_of(release, table, declaration.rows)
    panels = _codes_of(release, table, declaration.panels) if declaration.panels else (NO_PANEL,)
    cells = _cells_of(table, declaration, fixed, {code.code for code in rows}, {code.code for code in panels})
    if not cells:
        raise ReportError(f"chart {declaration.name}: table {table.name} has no cell of the kind it shows")
    shown_rows = tuple(row for row in rows if any((panel.code, row.code) in cells for panel in panels))
    shown_panels = tuple(panel for panel in panels if any((panel.code, row.code) in cells for row in rows))
    if declaration.order == "value":
        shown_rows = _by_value(shown_rows, shown_panels[0], cells)
    sql = chart_sql(table, axes, fixed, release)
    return ChartData(declaration, table, shown_rows, shown_panels, cells, sql)


def select_charts(release: Release) -> list[ChartData]:
    """Pick the cells of every declared chart whose table the release has, in the order of its catalogue."""
    order = list(release.tables)
    declared = [declaration for declaration in load_declarations() if declaration.table in release.tables]
    declared.sort(key=lambda declaration: (order.index(declaration.table), declaration.name))
    return [select_cells(release, declaration) for declaration in declared]


def _cells_of(
    table: Table, declaration: Declaration, fixed: dict[str, str], rows: set[str], panels: set[str]
) -> dict[tuple[str, str], Cell]:
    where = {column: place for place, column in enumerate(table.columns)}
    row_place = where[declaration.rows.column]
    panel_place = where[declaration.panels.column] if declaration.panels else -1
    found: dict[tuple[str, str], Cell] = {}
    for cell in table.cells:
        panel = cell.codes[panel_place] if panel_place >= 0 else ""
        row = cell.codes[row_place]
        if row in rows and panel in panels and all(cell.codes[where[c]] == code for c, code in fixed.items()):
            found[panel, row] = cell
    return found


def _codes_of(release: Release, table: Table, axis: Axis) -> tuple[Code, ...]:
    place = table.columns.index(axis.column)
    present = {cell.codes[place] for cell in table.cells}
    codes = [release.code(table.name, axis.column, code) for code in present]
    parents = {code.parent for code in codes}
    kept = [code for code in codes if code.code != TOTAL and _is_shown(code, axis, parents)]
    ordered = sorted(kept, key=lambda code: (code.position, code.code))
    total = [code for code in codes if code.code == TOTAL and (axis.with_total or axis.show == "total")]
    return (*total, *ordered)


def _is_shown(code: Code, axis: Axis, parents: set[str]) -> bool:
    if axis.leave_out and code.code.endswith(axis.leave_out):
        return False
    if axis.show == "leaves":
        return code.code not in parents
    return axis.show == "all" or code.level == axis.show.removeprefix("level:")


def _by_value(rows: Iterable[Code], panel: Code, cells: dict[tuple[str, str], Cell]) -> tuple[Code, ...]:
    # Withheld rows stand last in the order of the code list: a place among the numbers would tell their size.
    def key(row: Code) -> tuple[int, int]:
        cell = cells.get((panel.code, row.code))
        return (1, 0) if cell is None or cell.value is None else (0, -cell.value)

    return tuple(sorted(rows, key=key))


def chart_sql(table: Table, axes: list[Axis], fixed: dict[str, str], release: Release) -> str:
    """Return one SELECT over release.db that gives the cells of the chart."""
    wanted = [f"{column} = '{code}'" for column, code in fixed.items()]
    for axis in axes:
        field = release.fields.get((table.name, axis.column))
        code_list = field.code_list if field and field.code_list else axis.column
        wanted += _condition(table.name, axis, code_list)
    columns = ", ".join((*table.columns, "value", "lower", "upper", "obs_status"))
    where = "\n  AND ".join(wanted) or "1"
    return f"SELECT {columns}\nFROM {table.name}\nWHERE {where}\nORDER BY {', '.join(table.columns)}"


def _condition(table: str, axis: Axis, code_list: str) -> list[str]:
    column, codes = axis.column, f"FROM codes WHERE code_list = '{code_list}'"
    if axis.show == "total":
        return [f"{column} = '{TOTAL}'"]
    if axis.show == "leaves":
        parents = f"SELECT parent {codes} AND code IN (SELECT {column} FROM {table})"
        kept = f"{column} <> '{TOTAL}' AND {column} NOT IN ({parents})"
    elif axis.show == "all":
        kept = f"{column} <> '{TOTAL}'"
    else:
        kept = f"{column} IN (SELECT code {codes} AND level = '{axis.show.removeprefix('level:')}')"
    if axis.leave_out:
        kept += f" AND {column} NOT LIKE '%{axis.leave_out}'"
    return [f"({kept} OR {column} = '{TOTAL}')"] if axis.with_total else [f"({kept})"]
