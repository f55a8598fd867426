"""A release folder built by hand to the contract of DESIGN section 5, with invented numbers."""

import itertools
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from .fixture_words import CODE_LISTS, LABELS, TABLES

YEARS = ("earlier", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "unknown")
QUARTERS = (
    *(
        f"{year}-Q{quarter}"
        for year in YEARS[1:-1]
        for quarter in (1, 2, 3, 4)
        if f"{year}{quarter}" != "20254"
    ),
    "2022-QX",  # known to the year only
)
Row = tuple[object, ...]
MEASURES = "value INTEGER, lower INTEGER, upper INTEGER, obs_status TEXT, conf_status TEXT"

FACTS = {
    "release_id": "2026-Q1",
    "group_name": "Listening Post (invented)",
    "publisher": "Listening Post (invented)",
    "licence": "CC-BY-4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "contact": "data@listening-post.example",
    "base_url": "https://listening-post.example/data/",
    "built_at": "2026-04-15",
    "period_from": "2019-01-01",
    "period_to": "2025-09-30",
    "data_as_of": "2026-03-31",
    "rules_id": "withheld-0.1-k5-t5-b5",
    "k": "5",
    "method": "rounding",
    "base": "5",
    "base_sensitive": "10",
    "threshold": "5",
    "threshold_sensitive": "10",
    "supersedes": "2025-Q4",
    "previous_releases": "2025-Q3, 2025-Q4",
    "contributing_organisations": "2",
    "record_delay_days": "90",
    "citation_title": "Documented cases of gender-based violence, 2019–2025",
    "citation_publisher": "Listening Post (invented)",
    "citation_year": "2026",
    "citation_url": "https://listening-post.example/data/2026-Q1/",
    "language_default": "en",
    "withheld_version": "0.1.0",
}


def build_release(folder: Path, *, seed: int = 7, withhold_below: int = 0) -> Path:
    """Write `folder`/release.db with all default tables and return the folder.

    With `withhold_below`, counts from 1 to that number are withheld too, as suppression would do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "release.db")
    rng = random.Random(seed)
    with connection:
        _write_dictionary(connection)
        for name, (unit, columns, title_en, title_ru) in TABLES.items():
            rows = _withhold(_rows(name, unit, columns, rng), withhold_below)
            _write_table(connection, name, columns, rows)
            _write_catalogue(connection, name, rows, title_en, title_ru)
    connection.execute("PRAGMA user_version = 1")
    connection.execute("VACUUM")
    connection.close()
    return folder


def _leaves(column: str) -> list[str]:
    name = column.removesuffix(":quarter").removesuffix(":district").removesuffix(":services")
    if column == "period":
        return list(YEARS)
    if column == "period:quarter":
        return list(QUARTERS)
    if column == "place:district":
        return [row[0] for row in CODE_LISTS["place"] if row[2] == "federal_district"]
    if column == "place":
        parents = {row[1] for row in CODE_LISTS["place"]}
        return [row[0] for row in CODE_LISTS["place"] if row[0] not in parents]
    if column == "need_category:services":
        return ["legal", "documents", "medical", "psychological", "material", "livelihood"]
    return [row[0] for row in CODE_LISTS[name]]


def _ancestors(column: str, code: str) -> list[str]:
    if column == "period:quarter":
        return [code, code[:4], "_T"]
    if column == "place":
        parent = next(row[1] for row in CODE_LISTS["place"] if row[0] == code)
        return [code, "_T"] if parent == "_T" else [code, parent, "_T"]
    return [code] if column == "need_category:services" else [code, "_T"]


def _is_sensitive(codes: Sequence[str]) -> bool:
    sensitive = {row[0] for rows in CODE_LISTS.values() for row in rows if row[3]}
    return any(code in sensitive for code in codes)


def _rows(name: str, unit: str, columns: Sequence[str], rng: random.Random) -> list[Row]:
    money = unit == "money"
    sums: dict[tuple[str, ...], int] = {}
    weights = {column: {code: rng.paretovariate(1.1) for code in _leaves(column)} for column in columns}
    for leaf in itertools.product(*(_leaves(column) for column in columns)):
        weight = 1.0
        for column, code in zip(columns, leaf, strict=True):
            weight *= 1.0 if column.startswith("period") else min(weights[column][code], 6.0)
        base = 10 if _is_sensitive(leaf) else 5
        mean = weight * rng.uniform(0.4, 1.6) * (60_000 if money else 9)
        value = int(mean / 1000) * 1000 if money else int(mean / base) * base
        for codes in itertools.product(*(_ancestors(c, code) for c, code in zip(columns, leaf, strict=True))):
            sums[codes] = sums.get(codes, 0) + value
    return [_cell(codes, value, money=money) for codes, value in sorted(sums.items())]


def _withhold(rows: list[Row], below: int) -> list[Row]:
    def hidden(row: Row) -> bool:
        value = row[-5]
        return isinstance(value, int) and 0 < value < below

    return [(*row[:-5], None, None, None, "Q", "C") if hidden(row) else row for row in rows]


def _cell(codes: tuple[str, ...], value: int, *, money: bool) -> Row:
    if money and 0 < value < 60_000:
        return (*codes, None, None, None, "Q", "C")
    base = 1000 if money else (10 if _is_sensitive(codes) else 5)
    return (*codes, value, max(0, value - base + 1), value + base - 1, "A", "F")


def _write_table(connection: sqlite3.Connection, name: str, columns: Sequence[str], rows: list[Row]) -> None:
    names = [column.partition(":")[0] for column in columns]
    definition = ", ".join(f'"{column}" TEXT' for column in names)
    connection.execute(f'CREATE TABLE "{name}" ({definition}, {MEASURES}, PRIMARY KEY ({", ".join(names)}))')
    marks = ", ".join("?" * (len(names) + 5))
    connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    for column in (*names, "value", "lower", "upper", "obs_status", "conf_status"):
        label_en, label_ru, about_en, about_ru = LABELS[column]
        kind = "integer" if column in ("value", "lower", "upper") else "text"
        code_list = column if column in names else ""
        connection.execute(
            "INSERT INTO fields VALUES (?,?,?,?,?,?,?,?,?,?)",
            (name, column, label_en, label_ru, about_en, about_ru, kind, "PUB", "", code_list),
        )


def _write_catalogue(
    connection: sqlite3.Connection, name: str, rows: list[Row], title_en: str, title_ru: str
) -> None:
    unit, columns, _, _ = TABLES[name]
    money = unit == "money"
    withheld = sum(row[-2] == "Q" for row in rows)
    label_en, label_ru = LABELS[f"unit:{unit}"][:2]
    connection.execute(
        "INSERT INTO catalog VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            name,
            title_en,
            title_ru,
            "RUB" if money else unit,
            label_en,
            label_ru,
            ",".join(column.partition(":")[0] for column in columns),
            len(rows),
            withheld,
            len(rows) - withheld,
            "suppression_rounded" if money else "rounding",
            1000 if money else 5,
            1000 if money else 10,
            5,
            10,
            "",
            "",
        ),
    )


def _write_dictionary(connection: sqlite3.Connection) -> None:
    connection.executescript(
        """
        CREATE TABLE release (key TEXT PRIMARY KEY, value TEXT);
        CREATE TABLE catalog (name TEXT, title_en TEXT, title_ru TEXT, unit TEXT, unit_label_en TEXT,
            unit_label_ru TEXT, dimensions TEXT, cells INTEGER, withheld_cells INTEGER, rounded_cells INTEGER,
            method TEXT, base INTEGER, base_sensitive INTEGER, threshold INTEGER, threshold_sensitive INTEGER,
            note_en TEXT, note_ru TEXT);
        CREATE TABLE fields (table_name TEXT, name TEXT, label_en TEXT, label_ru TEXT, description_en TEXT,
            description_ru TEXT, type TEXT, role TEXT, unit TEXT, code_list TEXT,
            PRIMARY KEY (table_name, name));
        CREATE TABLE codes (code_list TEXT, code TEXT, parent TEXT, level TEXT, label_en TEXT, label_ru TEXT,
            position INTEGER, sensitive INTEGER, PRIMARY KEY (code_list, code));
        CREATE TABLE charts (name TEXT, table_name TEXT, mark TEXT, title_en TEXT, title_ru TEXT,
            subtitle_en TEXT, subtitle_ru TEXT, alt_en TEXT, alt_ru TEXT, sql TEXT);
        CREATE TABLE caveats (position INTEGER, caveat_en TEXT, caveat_ru TEXT);
        CREATE TABLE corrections (date TEXT, release_id TEXT, text_en TEXT, text_ru TEXT);
        """
    )
    connection.executemany("INSERT INTO release VALUES (?,?)", sorted(FACTS.items()))
    for name, rows in CODE_LISTS.items():
        connection.execute(
            "INSERT INTO codes VALUES (?,?,?,?,?,?,?,?)", (name, "_T", "", "total", "Total", "Всего", 0, 0)
        )
        for position, (code, parent, level, sensitive, label_en, label_ru) in enumerate(rows, start=1):
            line = (name, code, parent, level, label_en, label_ru, position, sensitive)
            connection.execute("INSERT INTO codes VALUES (?,?,?,?,?,?,?,?)", line)
    _write_periods(connection)
    connection.executemany("INSERT INTO caveats VALUES (?,?,?)", LABELS_CAVEATS)
    connection.execute(
        "INSERT INTO corrections VALUES (?,?,?,?)",
        (
            "2026-01-20",
            "2025-Q4",
            "One table was counted again after a late withdrawal.",
            "Одна таблица пересчитана.",
        ),
    )


LABELS_CAVEATS = (
    (1, "Documented cases, not prevalence.", "Задокументированные случаи, не распространённость."),
    (2, "Cases reach us through people who trust us.", "О случаях нам сообщают те, кто нам доверяет."),
)


def _write_periods(connection: sqlite3.Connection) -> None:
    names = {"earlier": ("before 2019", "до 2019 года"), "unknown": ("date not recorded", "дата не указана")}
    names["2025"] = ("2025 (first 9 months)", "2025 (первые 9 мес.)")
    rows: list[Row] = [("period", "_T", "", "total", "Total", "Всего", 0, 0)]
    rows += [
        ("period", year, "_T", "year", *names.get(year, (year, year)), position, 0)
        for position, year in enumerate(YEARS, start=1)
    ]
    for position, code in enumerate(QUARTERS, start=20):
        year, quarter = code[:4], code[-1]
        labels = f"{year}, quarter {quarter}", f"{year}, {quarter}-й квартал"
        if quarter == "X":
            labels = f"{year}, quarter not known", f"{year}, квартал неизвестен"
        rows.append(("period", code, year, "quarter", *labels, position, 0))
    connection.executemany("INSERT INTO codes VALUES (?,?,?,?,?,?,?,?)", rows)
