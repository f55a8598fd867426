"""Chart declarations: `charts/*.yml`, one file a chart, read in sorted order into frozen dataclasses.

The plug-point of this stage. Unknown keys are errors; whether a mark exists is checked by `draw.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from codebook.errors import ReportError

from .published import TOTAL, Bilingual

CHARTS = Path(__file__).parent / "charts"
REMEDY = "correct the declaration; reports/declarations.py says what each key means"
KEYS = {
    "name",
    "table",
    "mark",
    "rows",
    "panels",
    "only",
    "order",
    "title",
    "finding",
    "totals",
    "alt",
    "columns",
    "colours",
    "tiles",
    "short",
}
NEEDED = KEYS - {"panels", "only", "order", "finding", "columns", "colours", "tiles", "short"}
ORDERS = ("code", "value")


@dataclass(frozen=True)
class Axis:
    """Which codes of one dimension column a chart shows.

    `show` is "leaves" (codes that have no narrower code in the table), "all" (every code but the total),
    "total", or "level:<name>".
    """

    column: str
    show: str = "leaves"
    with_total: bool = False  # show the published total as one more entry, first
    leave_out: tuple[str, ...] = ()  # codes that end so are not shown (`-QX`: a date known to the year only)


@dataclass(frozen=True)
class Finding:
    """A title that states published numbers: `{name}` in the text is the cell of that name.

    Used only where every number in it is published and above 0. A count, never a trend, rate or rank.
    """

    text: Bilingual
    cells: Mapping[str, Mapping[str, str]]  # name -> column -> code; a column not named is at its total


@dataclass(frozen=True)
class Declaration:
    """One chart, as declared."""

    name: str
    table: str
    mark: str
    rows: Axis
    panels: Axis | None
    only: Mapping[str, str]  # column -> the one code that is shown; a column named nowhere shows its total
    order: str  # of the rows: "code" as in the code list, "value" by the published number
    title: Bilingual  # what the chart is about; citations and lists use it
    totals: Bilingual  # what became of the totals of the table
    alt: Bilingual
    finding: Finding | None = None
    columns: int = 0  # panels side by side; 0 = as many as fit
    colours: Mapping[str, str] = field(default_factory=dict)  # code -> name of a colour
    tiles: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # code -> column, row on the tile map
    short: Mapping[str, Bilingual] = field(default_factory=dict)  # code -> a name that fits a tile


def load_declarations(folder: Path = CHARTS) -> tuple[Declaration, ...]:
    """Read every chart declaration of a folder, in the order of the file names.

    Raises:
        ReportError: A file has an unknown or a missing key, or a value of the wrong kind; it names the file.
    """
    return tuple(read_declaration(path) for path in sorted(folder.glob("*.yml")))


def read_declaration(path: Path) -> Declaration:
    """Read one declaration; raises ReportError as `load_declarations`."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ReportError(f"{path.name}: not a mapping of keys", remedy=REMEDY)
    unknown, missing = sorted(set(raw) - KEYS), sorted(NEEDED - set(raw))
    if unknown or missing:
        said = [f"unknown {', '.join(unknown)}"] * bool(unknown) + [f"missing {', '.join(missing)}"] * bool(
            missing
        )
        raise ReportError(f"{path.name}: {'; '.join(said)}", remedy=REMEDY)
    order = raw.get("order", "code")
    if order not in ORDERS:
        raise ReportError(f"{path.name}: order is one of {', '.join(ORDERS)}", remedy=REMEDY)
    return Declaration(
        name=raw["name"],
        table=raw["table"],
        mark=raw["mark"],
        rows=_axis(path, raw["rows"]),
        panels=_axis(path, raw["panels"]) if "panels" in raw else None,
        only={str(column): str(code) for column, code in raw.get("only", {}).items()},
        order=order,
        title=_both(path, raw, "title"),
        totals=_both(path, raw, "totals"),
        alt=_both(path, raw, "alt"),
        finding=_finding(path, raw["finding"]) if "finding" in raw else None,
        columns=int(raw.get("columns", 0)),
        colours={str(code): str(name) for code, name in raw.get("colours", {}).items()},
        tiles={str(code): (int(at[0]), int(at[1])) for code, at in raw.get("tiles", {}).items()},
        short={str(code): _both(path, raw["short"], code) for code in raw.get("short", {})},
    )


def _axis(path: Path, raw: dict[str, Any]) -> Axis:
    unknown = set(raw) - {"column", "show", "with_total", "leave_out"}
    if unknown or "column" not in raw:
        raise ReportError(
            f"{path.name}: rows and panels take column, show, with_total, leave_out", remedy=REMEDY
        )
    left_out = raw.get("leave_out", [])
    return Axis(
        column=raw["column"],
        show=raw.get("show", "leaves"),
        with_total=bool(raw.get("with_total", False)),
        leave_out=(left_out,) if isinstance(left_out, str) else tuple(left_out),
    )


def _finding(path: Path, raw: dict[str, Any]) -> Finding:
    if set(raw) != {"en", "ru", "cells"}:
        raise ReportError(f"{path.name}: finding takes en, ru, cells", remedy=REMEDY)
    text = _both(path, {"finding": {"en": raw["en"], "ru": raw["ru"]}}, "finding")
    cells = {name: {str(c): str(code) for c, code in codes.items()} for name, codes in raw["cells"].items()}
    for language in text:
        used = {name for _, name, _, _ in Formatter().parse(language) if name}
        if used != set(cells):
            raise ReportError(f"{path.name}: finding uses other names than its cells", remedy=REMEDY)
    return Finding(text, cells)


def _both(path: Path, raw: dict[str, Any], key: str) -> Bilingual:
    value = raw[key]
    if not isinstance(value, dict) or set(value) != {"en", "ru"}:
        raise ReportError(f"{path.name}: {key} needs en and ru", remedy=REMEDY)
    return Bilingual(str(value["en"]).strip(), str(value["ru"]).strip())


def fixed_codes(declaration: Declaration, columns: tuple[str, ...]) -> dict[str, str]:
    """Return the one code shown of every column that is neither rows nor panels.

    >>> from reports.declarations import load_declarations
    >>> fixed_codes(load_declarations()[0], ("act_group", "period", "x"))["x"]
    '_T'
    """
    moving = {declaration.rows.column} | ({declaration.panels.column} if declaration.panels else set())
    return {column: declaration.only.get(column, TOTAL) for column in columns if column not in moving}
