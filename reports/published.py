"""A release, read back from its folder: the only thing this stage ever draws from.

Limits: reads `release.db` alone; knows nothing of the vault, of policy or of how a number was protected
beyond what the release itself says.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from codebook.errors import ReportError

LANGUAGES = ("en", "ru")
TOTAL = "_T"


class Bilingual(NamedTuple):
    """One text in the two languages of a release."""

    en: str
    ru: str

    def text(self, language: str) -> str:
        """Return the text in `language` ("en" or "ru")."""
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True)
class Cell:
    """One published number with its published interval; all three are None where it is withheld."""

    codes: tuple[str, ...]  # in the order of Table.columns
    value: int | None
    lower: int | None
    upper: int | None
    obs_status: str
    conf_status: str

    @property
    def is_withheld(self) -> bool:
        """Say whether the number is kept back: a missing value or the status `Q`."""
        return self.value is None or self.obs_status == "Q"

    @property
    def base(self) -> int:
        """Return the rounding base that the published bounds themselves tell (1 = exact)."""
        if self.value is None or self.upper is None:
            return 1
        return self.upper - self.value + 1


@dataclass(frozen=True)
class Code:
    """One code of a dimension, with its place in the hierarchy of the same column."""

    code: str
    parent: str
    level: str
    label: Bilingual
    position: int
    is_sensitive: bool


@dataclass(frozen=True)
class Field:
    """One line of the data dictionary."""

    table: str
    name: str
    label: Bilingual
    description: Bilingual
    type: str
    role: str
    unit: str
    code_list: str


@dataclass(frozen=True)
class Table:
    """One published table and its catalogue entry."""

    name: str
    title: Bilingual
    unit: str
    unit_label: Bilingual
    columns: tuple[str, ...]
    method: str
    base: int
    base_sensitive: int
    note: Bilingual
    cells: tuple[Cell, ...]

    @property
    def withheld(self) -> int:
        """Return the number of withheld cells (n_cells)."""
        return sum(cell.is_withheld for cell in self.cells)

    @property
    def is_money(self) -> bool:
        """Say whether the numbers are money, printed in thousands."""
        return self.method == "suppression_rounded"


@dataclass(frozen=True)
class Release:
    """Everything a release folder says."""

    folder: Path
    facts: Mapping[str, str]
    tables: Mapping[str, Table]
    codes: Mapping[str, Mapping[str, Code]]  # code list -> code -> Code
    fields: Mapping[tuple[str, str], Field]  # (table, column) -> Field
    caveats: tuple[Bilingual, ...]
    corrections: tuple[tuple[str, str, Bilingual], ...]  # date, release, text
    records: int  # rows of the table `records`; 0 where it is not published

    @property
    def id(self) -> str:
        """Return the release id."""
        return self.facts["release_id"]

    def fact(self, key: str) -> str:
        """Return a value of the table `release`, or an empty text."""
        return self.facts.get(key) or ""

    def named(self, key: str, language: str) -> str:
        """Return a value that may have a Russian form of its own (`group_name`, `group_name_ru`)."""
        return (self.fact(f"{key}_ru") if language == "ru" else "") or self.fact(key)

    @property
    def address(self) -> str:
        """Return where this release stands for good, ending in `/`; empty where nobody said.

        The id of the release is part of it: an address without one would show another release tomorrow.
        """
        base = (self.fact("citation_url") or self.fact("base_url")).rstrip("/")
        if not base:
            return ""
        return f"{base}/" if base.rsplit("/", 1)[-1] == self.id else f"{base}/releases/{self.id}/"

    def code_list_of(self, table: str, column: str) -> Mapping[str, Code]:
        """Return the code list behind a dimension column (an empty one where the release names none)."""
        field = self.fields.get((table, column))
        name = field.code_list if field and field.code_list else column
        return self.codes.get(name, {})

    def code(self, table: str, column: str, code: str) -> Code:
        """Return one code; a code without an entry is its own label, shown last."""
        unnamed = Code(code, TOTAL, "", Bilingual(code, code), 10**6, False)
        return self.code_list_of(table, column).get(code, unnamed)


def load_release(folder: Path) -> Release:
    """Read a release folder.

    Raises:
        ReportError: There is no `release.db`, or it does not keep to the contract (DESIGN section 5).
    """
    database = folder / "release.db"
    if not database.is_file():
        raise ReportError(
            f"{folder.name}: no release.db in this folder", remedy="give a folder made by `withheld release`"
        )
    connection = sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return _read(connection, folder)
    except (sqlite3.DatabaseError, IndexError, KeyError) as error:
        raise ReportError(
            f"{folder.name}: release.db does not keep to the contract ({error})",
            remedy="build the release again",
        ) from error
    finally:
        connection.close()


def _read(connection: sqlite3.Connection, folder: Path) -> Release:
    facts = {
        row["key"]: str(row["value"] or "") for row in connection.execute("SELECT key, value FROM release")
    }
    fields = _read_fields(connection)
    tables = {
        row["name"]: _read_table(connection, row)
        for row in connection.execute("SELECT * FROM catalog ORDER BY rowid")
        if row["name"] != "records"
    }
    caveats = connection.execute("SELECT * FROM caveats ORDER BY position")
    corrections = connection.execute("SELECT * FROM corrections ORDER BY date, release_id")
    return Release(
        folder=folder,
        facts={"release_id": facts["release_id"], **facts},
        tables=tables,
        codes=_read_codes(connection),
        fields=fields,
        caveats=tuple(_pair(row, "caveat") for row in caveats),
        corrections=tuple((row["date"], row["release_id"], _pair(row, "text")) for row in corrections),
        records=_count_records(connection),
    )


def _pair(row: sqlite3.Row, name: str) -> Bilingual:
    english, russian = str(row[f"{name}_en"] or ""), str(row[f"{name}_ru"] or "")
    return Bilingual(english, russian or english)


def _read_fields(connection: sqlite3.Connection) -> dict[tuple[str, str], Field]:
    return {
        (row["table_name"], row["name"]): Field(
            table=row["table_name"],
            name=row["name"],
            label=_pair(row, "label"),
            description=_pair(row, "description"),
            type=row["type"] or "text",
            role=row["role"] or "",
            unit=row["unit"] or "",
            code_list=row["code_list"] or "",
        )
        for row in connection.execute("SELECT * FROM fields ORDER BY rowid")
    }


def _read_codes(connection: sqlite3.Connection) -> dict[str, dict[str, Code]]:
    lists: dict[str, dict[str, Code]] = {}
    for row in connection.execute("SELECT * FROM codes ORDER BY code_list, position, code"):
        lists.setdefault(row["code_list"], {})[row["code"]] = Code(
            code=row["code"],
            parent=row["parent"] or "",
            level=row["level"] or "",
            label=_pair(row, "label"),
            position=int(row["position"] or 0),
            is_sensitive=bool(row["sensitive"]),
        )
    return lists


def _read_table(connection: sqlite3.Connection, row: sqlite3.Row) -> Table:
    columns = tuple(part.strip() for part in row["dimensions"].split(",") if part.strip())
    chosen = ", ".join(
        f'"{name}"' for name in (*columns, "value", "lower", "upper", "obs_status", "conf_status")
    )
    width = len(columns)
    cells = tuple(
        Cell(tuple(line[:width]), *line[width:])
        for line in connection.execute(f'SELECT {chosen} FROM "{row["name"]}" ORDER BY rowid')
    )
    return Table(
        name=row["name"],
        title=_pair(row, "title"),
        unit=row["unit"] or "",
        unit_label=_pair(row, "unit_label"),
        columns=columns,
        method=row["method"] or "",
        base=int(row["base"] or 1),
        base_sensitive=int(row["base_sensitive"] or row["base"] or 1),
        note=_pair(row, "note"),
        cells=cells,
    )


def _count_records(connection: sqlite3.Connection) -> int:
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'records'"
    ).fetchone()
    return int(connection.execute("SELECT count(*) FROM records").fetchone()[0]) if found else 0
