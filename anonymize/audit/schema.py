"""Is the database what the contract allows, and nothing else? Whatever is not known fails."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

from .exhibit import Exhibit
from .findings import Finding, judged
from .read import IDENTIFIER, NUMBER_COLUMNS, TOTAL, PublicRelease, open_database

CONTRACT: Mapping[str, frozenset[str]] = {
    "release": frozenset({"key", "value"}),
    "catalog": frozenset(
        [
            "name",
            "title_en",
            "title_ru",
            "unit",
            "unit_label_en",
            "unit_label_ru",
            "dimensions",
            "cells",
            "withheld_cells",
            "rounded_cells",
            "method",
            "base",
            "base_sensitive",
            "threshold",
            "threshold_sensitive",
            "note_en",
            "note_ru",
        ]
    ),
    "fields": frozenset(
        [
            "table_name",
            "name",
            "label_en",
            "label_ru",
            "description_en",
            "description_ru",
            "type",
            "role",
            "unit",
            "code_list",
        ]
    ),
    "codes": frozenset(
        ["code_list", "code", "parent", "level", "label_en", "label_ru", "position", "sensitive"]
    ),
    "charts": frozenset(
        [
            "name",
            "table_name",
            "mark",
            "title_en",
            "title_ru",
            "subtitle_en",
            "subtitle_ru",
            "alt_en",
            "alt_ru",
            "sql",
        ]
    ),
    "caveats": frozenset({"position", "caveat_en", "caveat_ru"}),
    "corrections": frozenset({"date", "release_id", "text_en", "text_ru"}),
}
VIEWS_AND_TRIGGERS = "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger')"
RULE = "release.db holds the contract's tables and columns only, integers and text, no free pages"


def check_schema(exhibit: Exhibit) -> Finding:
    """Find tables, columns, views, triggers, free pages and value types that the contract does not know."""
    with closing(open_database(exhibit.release.folder)) as database:
        counts = {
            "unknown_tables": 0,
            "unknown_columns": 0,
            "views_and_triggers": _count(database, VIEWS_AND_TRIGGERS),
            "free_pages": _count(database, "PRAGMA freelist_count"),
            "wrong_types": 0,
            "catalogued_tables_missing": _missing(exhibit.release),
        }
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'"
        for (name,) in database.execute(names).fetchall():
            allowed = _allowed_columns(exhibit.release, str(name))
            if allowed is None or not IDENTIFIER.fullmatch(str(name)):
                counts["unknown_tables"] += 1
                continue
            found = {str(row[1]) for row in database.execute(f'PRAGMA table_xinfo("{name}")')}
            counts["unknown_columns"] += len(found ^ allowed)
            counts["wrong_types"] += sum(_wrong_types(database, str(name), column) for column in found)
        counts["statistics_tables"] = _count(
            database, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'sqlite_stat%'"
        )
    faults = sum(counts.values())
    return judged("schema", RULE, faults, counts, "build the release from scratch with this version")


def _allowed_columns(release: PublicRelease, name: str) -> frozenset[str] | None:
    if name in CONTRACT:
        return CONTRACT[name]
    if name in release.tables:
        return frozenset(release.tables[name].columns) | frozenset(NUMBER_COLUMNS)
    if name == "records" and release.record_columns:
        # Only columns that the published dictionary describes may stand in the records.
        return frozenset(column for column, code_list in release.record_columns.items() if code_list)
    return None


def _missing(release: PublicRelease) -> int:
    with closing(open_database(release.folder)) as database:
        names = {str(name) for (name,) in database.execute("SELECT name FROM catalog")}
    return len(names - set(release.tables))


def _wrong_types(database: sqlite3.Connection, table: str, column: str) -> int:
    """Count values that are neither text nor integer; numbers of cells must be integers, codes must be
    text.
    """
    allowed = "'text', 'integer', 'null'"
    if table not in CONTRACT:
        allowed = "'integer', 'null'" if column in ("value", "lower", "upper") else "'text'"
    return _count(database, f'SELECT count(*) FROM "{table}" WHERE typeof("{column}") NOT IN ({allowed})')


def _count(database: sqlite3.Connection, query: str) -> int:
    return int(database.execute(query).fetchone()[0])


def check_codes(exhibit: Exhibit) -> Finding:
    """Find codes in tables that the published code lists do not explain, and rows that stand twice."""
    unknown = doubled = 0
    for table in exhibit.release.tables.values():
        seen = set()
        for row in table.rows:
            doubled += row.codes in seen
            seen.add(row.codes)
            for column, code in zip(table.columns, row.codes, strict=True):
                known = exhibit.release.codes.get(table.code_lists[column], {})
                unknown += code not in known and code != TOTAL
    counts = {"unknown_codes": unknown, "rows_twice": doubled}
    rule = "every code in a table is in the published code lists, every cell of a table stands once"
    return judged(
        "codes", rule, unknown + doubled, counts, "add the codes to the codebook, or leave the rows out"
    )


def check_crossings(exhibit: Exhibit) -> Finding:
    """Find tables that cross more dimensions than three, regions with sensitive ones, or periods below a
    quarter.
    """
    too_many = regions = periods = 0
    for table in exhibit.release.tables.values():
        too_many += len(table.columns) > MOST_DIMENSIONS
        levels = {
            column: {
                known[str(row.codes[axis])].level
                for row in table.rows
                if str(row.codes[axis]) != TOTAL
                and str(row.codes[axis]) in (known := exhibit.release.codes.get(table.code_lists[column], {}))
            }
            for axis, column in enumerate(table.columns)
        }
        below_federal = any(level in SMALL_AREAS for found in levels.values() for level in found)
        regions += below_federal and any(_is_about(column, SENSITIVE_WITH_PLACE) for column in table.columns)
        periods += any(level in SHORT_PERIODS for found in levels.values() for level in found)
    counts = {"too_many_dimensions": too_many, "region_with_sensitive": regions, "short_periods": periods}
    rule = (
        "rules 29-31: at most three dimensions, no period below a quarter, no region x motive or relationship"
    )
    return judged("crossings", rule, sum(counts.values()), counts, "publish these tables coarser")


MOST_DIMENSIONS = 3
SMALL_AREAS = frozenset({"region", "district", "settlement"})
SHORT_PERIODS = frozenset({"month", "week", "day"})
SENSITIVE_WITH_PLACE = ("motive", "relation", "outcome", "justice", "actor", "perpetrator", "sogi", "ethnic")


def _is_about(column: str, subjects: tuple[str, ...]) -> bool:
    return any(subject in column for subject in subjects)
