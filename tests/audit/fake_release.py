"""The smallest release that keeps the contract, written by hand with sqlite3 and nothing of ours."""

import csv
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

CONTRACT = {
    "release": "key TEXT PRIMARY KEY, value TEXT",
    "catalog": """name, title_en, title_ru, unit, unit_label_en, unit_label_ru, dimensions, cells INTEGER,
        withheld_cells INTEGER, rounded_cells INTEGER, method, base INTEGER, base_sensitive INTEGER,
        threshold INTEGER, threshold_sensitive INTEGER, note_en, note_ru""",
    "fields": """table_name, name, label_en, label_ru, description_en, description_ru, type, role, unit,
        code_list""",
    "codes": "code_list, code, parent, level, label_en, label_ru, position INTEGER, sensitive INTEGER",
    "charts": "name, table_name, mark, title_en, title_ru, subtitle_en, subtitle_ru, alt_en, alt_ru, sql",
    "caveats": "position INTEGER, caveat_en, caveat_ru",
    "corrections": "date, release_id, text_en, text_ru",
}
NUMBERS = "value INTEGER, lower INTEGER, upper INTEGER, obs_status TEXT, conf_status TEXT"


@dataclass
class FakeTable:
    """A table as it will stand in release.db: codes -> print, None for withheld."""

    name: str
    unit: str
    columns: Sequence[str]
    prints: Mapping[tuple[str, ...], int | None]
    base: int = 5
    bases: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    stacked: str = ""
    method: str = "rounding"

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows with the bounds of the published rule."""
        found: list[tuple[Any, ...]] = []
        for codes, value in sorted(self.prints.items()):
            reach = self.bases.get(codes, self.base) - 1
            if value is None:
                found.append((*codes, None, None, None, "Q", "C"))
            else:
                found.append((*codes, value, max(0, value - reach), value + reach, "A", "F"))
        return found


@dataclass
class FakeRelease:
    """A release; `codes` is code list -> code -> (parent, level, sensitive)."""

    tables: Sequence[FakeTable]
    codes: Mapping[str, Mapping[str, tuple[str, str, int]]]
    settings: Mapping[str, str] = field(default_factory=dict)
    record_columns: Sequence[str] = ()
    records: Sequence[tuple[str, ...]] = ()

    def write(self, folder: Path) -> Path:
        """Write release.db and data/*.csv."""
        (folder / "data").mkdir(parents=True)
        with sqlite3.connect(folder / "release.db") as database:
            for name, columns in CONTRACT.items():
                database.execute(f"CREATE TABLE {name} ({columns})")
            self._fill(database)
        database.execute("VACUUM")
        database.close()
        for table in self.tables:
            self._write_data(folder / "data" / f"{table.name}.csv", table)
        return folder

    def _fill(self, database: sqlite3.Connection) -> None:
        settings = {"release_id": "r1", "base": "5", "base_sensitive": "10", "threshold": "5"}
        settings |= {
            "threshold_sensitive": "10",
            "k": "2",
            "built_at": "2024-04-01",
            "period_to": "2023-12-31",
        }
        database.executemany("INSERT INTO release VALUES (?, ?)", (settings | dict(self.settings)).items())
        for code_list, codes in self.codes.items():
            for position, (code, (parent, level, sensitive)) in enumerate(codes.items()):
                row = (code_list, code, parent, level, code, code, position, sensitive)
                database.execute("INSERT INTO codes VALUES (?,?,?,?,?,?,?,?)", row)
        for table in self.tables:
            self._fill_table(database, table)
        if self.records:
            columns = ", ".join(f"{column} TEXT" for column in self.record_columns)
            database.execute(f"CREATE TABLE records ({columns})")
            marks = ",".join("?" * len(self.record_columns))
            database.executemany(f"INSERT INTO records VALUES ({marks})", sorted(self.records))
            for column in self.record_columns:
                self._describe(database, "records", column, "dimension")

    def _fill_table(self, database: sqlite3.Connection, table: FakeTable) -> None:
        entry = [table.name, "", "", table.unit, "", "", ",".join(table.columns), len(table.prints), 0, 0]
        sensitive = 10 if table.method == "rounding" else table.base
        entry += [table.method, table.base, sensitive, 5, 10, "", ""]
        database.execute(f"INSERT INTO catalog VALUES ({','.join('?' * len(entry))})", entry)
        columns = ", ".join(f"{column} TEXT" for column in table.columns)
        database.execute(f"CREATE TABLE {table.name} ({columns}, {NUMBERS})")
        marks = ",".join("?" * (len(table.columns) + 5))
        database.executemany(f"INSERT INTO {table.name} VALUES ({marks})", table.rows())
        for column in table.columns:
            role = "stacked" if column == table.stacked else "dimension"
            self._describe(database, table.name, column, role)

    @staticmethod
    def _describe(database: sqlite3.Connection, table: str, column: str, role: str) -> None:
        row = (table, column, "", "", "", "", "code", role, "", column)
        database.execute("INSERT INTO fields VALUES (?,?,?,?,?,?,?,?,?,?)", row)

    @staticmethod
    def _write_data(path: Path, table: FakeTable) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*table.columns, "value", "lower", "upper", "obs_status", "conf_status"])
            writer.writerows(table.rows())


def flat(*codes: str, sensitive: Sequence[str] = ()) -> dict[str, tuple[str, str, int]]:
    """Return a code list of one level with its total."""
    listed = {code: ("_T", "level", int(code in sensitive)) for code in codes}
    return {"_T": ("", "total", 0), **listed}


PERIODS = {"_T": ("", "total", 0), "2022": ("_T", "year", 0), "2023": ("_T", "year", 0)}


def crossed(rows: Mapping[tuple[str, str], int]) -> dict[tuple[str, ...], int | None]:
    """Return the prints of a two-way table with its margins."""
    prints: dict[tuple[str, ...], int | None] = {}
    for (first, second), value in rows.items():
        for codes in product((first, "_T"), (second, "_T")):
            prints[codes] = (prints.get(codes) or 0) + value
    return prints


def small_release() -> FakeRelease:
    """Return two linked tables of incidents: by place and year, by year and verification."""
    places = {
        ("p1", "2022"): 20,
        ("p1", "2023"): 5,
        ("p2", "2022"): 0,
        ("p2", "2023"): 30,
        ("p3", "2022"): 10,
    }
    places |= {("p3", "2023"): 15}
    checked = {("2022", "v1"): 10, ("2022", "v2"): 20, ("2023", "v1"): 45, ("2023", "v2"): 5}
    return FakeRelease(
        tables=[
            FakeTable("incidents_place", "incidents", ("place", "period"), crossed(places)),
            FakeTable("incidents_verification", "incidents", ("period", "verification"), crossed(checked)),
        ],
        codes={"place": flat("p1", "p2", "p3"), "period": PERIODS, "verification": flat("v1", "v2")},
    )


def write_chart(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the data behind a chart, as CSV and JSON."""
    (folder / "charts").mkdir(exist_ok=True)
    (folder / "charts" / f"{name}.json").write_text(json.dumps({"cells": list(rows)}), encoding="utf-8")
    with (folder / "charts" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
