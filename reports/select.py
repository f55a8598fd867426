"""Which published cells one chart shows, and the SQL that gives the same cells from release.db.

Nothing is computed here: every number of a chart is a number of the release (rules 23 and 26).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from codebook.errors import ReportError

from .declarations import Axis, Declaration, fixed_codes, load_declarations
from .published import LANGUAGES, TOTAL, Bilingual, Cell, Code, Release, Table
from .words import number

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

    def finding(self, language: str) -> str:
        """Return the title that states published numbers; empty where one of them may not be stated."""
        declared = self.declaration.finding
        if declared is None:
            return ""
        found = {name: self._at(codes) for name, codes in declared.cells.items()}
        if any(cell is None or cell.is_withheld or not cell.value for cell in found.values()):
            return ""
        told = {name: number(cell.value or 0, language) for name, cell in found.items() if cell}
        return declared.text.text(language).format(**told)

    def title(self, language: str) -> str:
        """Return what stands over the picture: the finding where there is one, else the subject."""
        return self.finding(language) or self.declaration.title.text(language)

    def _at(self, codes: Mapping[str, str]) -> Cell | None:
        wanted = tuple(codes.get(column, TOTAL) for column in self.table.columns)
        return next((cell for cell in self.table.cells if cell.codes == wanted), None)

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
        raise ReportError(
            f"chart {declaration.name}: the release has no table {declaration.table}",
            remedy=f"use one of {', '.join(release.tables)}",
        )
    axes = [declaration.rows, *([declaration.panels] if declaration.panels else [])]
    for column in [*(axis.column for axis in axes), *declaration.only]:
        if column not in table.columns:
            raise ReportError(
                f"chart {declaration.name}: table {table.name} has no column {column}",
                remedy=f"use one of {', '.join(table.columns)}",
            )
    fixed = fixed_codes(declaration, table.columns)
    rows = _codes_of(release, table, declaration.rows)
    panels = _codes_of(release, table, declaration.panels) if declaration.panels else (NO_PANEL,)
    cells = _cells_of(table, declaration, fixed, {code.code for code in rows}, {code.code for code in panels})
    if not cells:
        raise ReportError(
            f"chart {declaration.name}: table {table.name} has no cell of the kind it shows",
            remedy="leave out fewer codes: see `only`, `show` and `leave_out` in its declaration",
        )
    shown_rows = tuple(row for row in rows if any((panel.code, row.code) in cells for panel in panels))
    shown_panels = tuple(panel for panel in panels if any((panel.code, row.code) in cells for row in rows))
    if declaration.order == "value":
        shown_rows = _by_value(shown_rows, shown_panels[0], cells)
    sql = chart_sql(table, axes, fixed, release, shares=declaration.mark == SHARE_MARK)
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
    if code.code.endswith(axis.leave_out):
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


SHARE_MARK = "shares"
SHARE = """CASE WHEN COUNT(t.value) OVER parts = COUNT(*) OVER parts
       THEN ROUND(100.0 * t.value / MAX(t.value) OVER parts) END AS share_percent"""


def chart_sql(
    table: Table, axes: list[Axis], fixed: dict[str, str], release: Release, *, shares: bool = False
) -> str:
    """Return one SELECT over release.db that gives the cells of the chart, with labels in both languages.

    With `shares`, also the whole percent of the total that a shares chart prints, unless a part is withheld.
    """
    lists = {column: _code_list(release, table, column) for column in table.columns}
    wanted = [f"t.{column} = '{code}'" for column, code in fixed.items()]
    for axis in axes:
        wanted += _condition(table.name, axis, lists[axis.column])
    columns = [
        name
        for column in table.columns
        for name in (
            f"t.{column}",
            *(f"{column}_codes.label_{lang} AS {column}_{lang}" for lang in LANGUAGES),
        )
    ]
    joins = "".join(
        f"\nLEFT JOIN codes AS {column}_codes"
        f" ON {column}_codes.code_list = '{lists[column]}' AND {column}_codes.code = t.{column}"
        for column in table.columns
    )
    numbers = ["t.value, t.lower, t.upper, t.obs_status", *([SHARE] if shares else [])]
    select = f"SELECT {', '.join(columns)},\n       {', '.join(numbers)}\nFROM {table.name} AS t{joins}"
    window = f"\nWINDOW parts AS (PARTITION BY t.{axes[0].column})" if shares else ""
    order = ", ".join(f"{column}_codes.position" for column in table.columns)
    where = "\n  AND ".join(wanted) or "1"
    return f"{select}\nWHERE {where}{window}\nORDER BY {order}"


def _code_list(release: Release, table: Table, column: str) -> str:
    field = release.fields.get((table.name, column))
    return field.code_list if field and field.code_list else column


def _condition(table: str, axis: Axis, code_list: str) -> list[str]:
    column, codes = f"t.{axis.column}", f"FROM codes WHERE code_list = '{code_list}'"
    if axis.show == "total":
        return [f"{column} = '{TOTAL}'"]
    if axis.show == "leaves":
        parents = f"SELECT parent {codes} AND code IN (SELECT {axis.column} FROM {table})"
        kept = f"{column} <> '{TOTAL}' AND {column} NOT IN ({parents})"
    elif axis.show == "all":
        kept = f"{column} <> '{TOTAL}'"
    else:
        kept = f"{column} IN (SELECT code {codes} AND level = '{axis.show.removeprefix('level:')}')"
    kept += "".join(f" AND {column} NOT LIKE '%{ending}'" for ending in axis.leave_out)
    return [f"({kept} OR {column} = '{TOTAL}')"] if axis.with_total else [f"({kept})"]
