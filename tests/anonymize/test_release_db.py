"""release.db keeps the contract that readers outside the project depend on (DESIGN section 5)."""

from pathlib import Path

import pytest

from anonymize.release_db import ReleaseContents, write_release_db
from codebook import TOTAL, ReleaseRefused

from .conftest import SETTINGS, Published

BOOKS = {"release", "catalog", "fields", "codes", "charts", "caveats", "corrections"}
MEASURES = {
    "value": "INTEGER", "lower": "INTEGER", "upper": "INTEGER", "obs_status": "TEXT", "conf_status": "TEXT",
}  # fmt: skip
TABLES = {
    "incidents_year_district": ["period", "place"],
    "incidents_region": ["place"],
    "persons_type_year": ["gbv_type", "period"],
    "acts_group_year": ["act_group", "period"],
    "contexts_year": ["gbv_context", "period"],
    "motives_year": ["motive", "period"],
    "perpetrators_acts": ["actor_type", "act_group"],
    "age_acts": ["age_band", "act_group"],
    "help_result_year": ["need_category", "request_result", "period"],
    "help_quarter": ["need_category", "period"],
    "response_year": ["response_band", "period"],
    "spending_year": ["need_category", "period"],
    "donations_quarter": ["period"],
    "donations_year": ["channel", "period"],
    "justice_year": ["justice_level", "period"],
    "verification_year": ["verification", "period"],
    "sources_year": ["source_connection", "period"],
    "data_quality": ["quality_field", "recorded"],
}
MONEY_TABLES = ("spending_year", "donations_quarter", "donations_year")
CONTRACT = {
    "release": {"key": "TEXT", "value": "TEXT"},
    "catalog": {
        "name": "TEXT", "title_en": "TEXT", "title_ru": "TEXT", "unit": "TEXT", "unit_label_en": "TEXT",
        "unit_label_ru": "TEXT", "dimensions": "TEXT", "cells": "INTEGER", "withheld_cells": "INTEGER",
        "rounded_cells": "INTEGER", "method": "TEXT", "base": "INTEGER", "base_sensitive": "INTEGER",
        "threshold": "INTEGER", "threshold_sensitive": "INTEGER", "note_en": "TEXT", "note_ru": "TEXT",
    },
    "fields": dict.fromkeys(
        ("table_name", "name", "label_en", "label_ru", "description_en", "description_ru", "type", "role",
         "unit", "code_list"), "TEXT",
    ),
    "codes": {
        "code_list": "TEXT", "code": "TEXT", "parent": "TEXT", "level": "TEXT", "label_en": "TEXT",
        "label_ru": "TEXT", "position": "INTEGER", "sensitive": "INTEGER",
    },
    "charts": dict.fromkeys(
        ("name", "table_name", "mark", "title_en", "title_ru", "subtitle_en", "subtitle_ru", "alt_en",
         "alt_ru", "sql"), "TEXT",
    ),
    "caveats": {"position": "INTEGER", "caveat_en": "TEXT", "caveat_ru": "TEXT"},
    "corrections": dict.fromkeys(("date", "release_id", "text_en", "text_ru"), "TEXT"),
    **{name: {**dict.fromkeys(columns, "TEXT"), **MEASURES} for name, columns in TABLES.items()},
}  # fmt: skip


@pytest.mark.parametrize("table", CONTRACT)
def test_a_table_has_the_columns_and_types_of_the_contract(published: Published, table: str) -> None:
    info = published.rows(f"PRAGMA table_info('{table}')")
    assert {row["name"]: row["type"] for row in info} == CONTRACT[table]
    assert [row["name"] for row in info] == list(CONTRACT[table])


def test_nothing_but_the_contract_is_in_the_file(published: Published) -> None:
    found = {row["name"] for row in published.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found == BOOKS | set(TABLES) | {"records"}
    kinds = {row["type"] for row in published.rows("SELECT type FROM sqlite_master")}
    assert kinds == {"table", "index"}


def test_the_file_is_new_whole_and_without_free_pages(published: Published) -> None:
    pragmas = {"user_version": 1, "freelist_count": 0, "integrity_check": "ok", "journal_mode": "delete"}
    for pragma, value in pragmas.items():
        assert list(published.rows(f"PRAGMA {pragma}")[0].values()) == [value]
    assert [path.name for path in published.folder.iterdir()] == ["release.db"]


def test_the_release_says_what_it_is_in_text(published: Published) -> None:
    said = {row["key"]: row["value"] for row in published.rows("SELECT * FROM release")}
    assert {type(value) for value in said.values()} == {str}
    expected = {
        "release_id": "007", "contact": "+49000000000", "group_name": "Invented group",
        "publisher": "Invented group", "built_at": "2026-01-15", "data_as_of": "2026-01-15",
        "period_from": "2018-01-01", "period_to": "2025-09-30", "rules_id": "withheld-rules-2", "k": "3",
            "share_rise_percent": "10", "share_highest_percent": "50",
        "method": "rounding", "base": "5", "base_sensitive": "10", "threshold": "5",
        "threshold_sensitive": "10", "supersedes": "", "previous_releases": "", "licence": "CC-BY-4.0",
        "licence_url": "https://example.org/licence", "base_url": "https://example.org",
        "contributing_organisations": "1", "record_delay_days": "90", "citation_publisher": "Invented group",
        "citation_year": "2026", "citation_url": "https://example.org", "language_default": "en",
        "withheld_version": SETTINGS.withheld_version,
        "citation_title": "Invented group: documented cases, 2018–2025",
    }  # fmt: skip
    assert {key: said.get(key) for key in expected} == expected
    assert set(said) - set(expected) == {"citation_title_ru"}


def test_the_catalogue_counts_the_cells_that_are_there(published: Published) -> None:
    catalog = published.rows("SELECT * FROM catalog")
    assert [row["name"] for row in catalog] == list(TABLES)
    for row in catalog:
        cells = published.rows(f"SELECT value FROM {row['name']}")
        withheld = sum(cell["value"] is None for cell in cells)
        assert (row["cells"], row["withheld_cells"]) == (len(cells), withheld)
        assert row["rounded_cells"] == len(cells) - withheld
        assert row["dimensions"] == ",".join(TABLES[row["name"]])
        money = row["unit"] in ("spending", "donations")
        assert row["method"] == ("suppression_rounded" if money else "rounding")
        assert all(row[f"{name}_{language}"] for name in ("title", "note") for language in ("en", "ru"))


@pytest.mark.parametrize("table", TABLES)
def test_a_cell_has_bounds_and_statuses_or_is_withheld_without_any(published: Published, table: str) -> None:
    (rule,) = published.rows(f"SELECT * FROM catalog WHERE name = '{table}'")
    bases = {rule["base"], rule["base_sensitive"]}
    for cell in published.rows(f"SELECT * FROM {table}"):
        if cell["value"] is None:
            assert (cell["lower"], cell["upper"]) == (None, None)
            assert (cell["obs_status"], cell["conf_status"]) == ("Q", "C")
        else:
            assert (cell["obs_status"], cell["conf_status"]) == ("A", "F")
            base = cell["upper"] - cell["value"] + 1
            assert base in bases
            assert cell["value"] % base == 0
            assert cell["lower"] == max(0, cell["value"] - (base - 1))


@pytest.mark.parametrize("table", [name for name in TABLES if name not in MONEY_TABLES])
def test_a_cell_of_a_sensitive_category_has_the_wider_bounds(published: Published, table: str) -> None:
    sensitive = {
        (row["code_list"], row["code"]) for row in published.rows("SELECT * FROM codes WHERE sensitive")
    }
    for cell in published.rows(f"SELECT * FROM {table} WHERE value IS NOT NULL"):
        if any((column, cell[column]) in sensitive for column in TABLES[table]):
            assert cell["upper"] - cell["value"] == 9


def test_every_column_of_every_published_table_is_in_the_data_dictionary(published: Published) -> None:
    fields = published.rows("SELECT * FROM fields")
    described = {(row["table_name"], row["name"]) for row in fields}
    tables = [*TABLES, "records"]
    columns = {
        (table, row["name"]) for table in tables for row in published.rows(f"PRAGMA table_info('{table}')")
    }
    assert described == columns
    assert len(fields) == len(columns)
    for row in fields:
        assert row["label_en"]
        assert row["label_ru"]
        assert row["description_en"]
        assert row["description_ru"]
        assert bool(row["code_list"]) == (row["name"] not in MEASURES)


def test_every_code_that_is_published_and_its_parent_is_in_the_code_lists(published: Published) -> None:
    codes = {(row["code_list"], row["code"]): row for row in published.rows("SELECT * FROM codes")}
    for field in published.rows("SELECT * FROM fields WHERE code_list <> ''"):
        table, name, code_list = field["table_name"], field["name"], field["code_list"]
        assert (code_list, TOTAL) in codes
        for row in published.rows(f"SELECT DISTINCT {name} AS code FROM {table}"):
            assert (code_list, row["code"]) in codes
    for (code_list, code), row in codes.items():
        assert row["label_en"]
        assert row["label_ru"]
        assert row["level"]
        assert (row["parent"] == "") if code == TOTAL else ((code_list, row["parent"]) in codes)
        assert row["sensitive"] in (0, 1)


def test_codes_have_one_display_order(published: Published) -> None:
    codes = published.rows("SELECT * FROM codes ORDER BY rowid")
    for name in {row["code_list"] for row in codes}:
        positions = [row["position"] for row in codes if row["code_list"] == name]
        assert positions == list(range(len(positions)))


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_of_a_table_stand_in_the_order_of_its_codes(published: Published, table: str) -> None:
    position = {
        (row["code_list"], row["code"]): row["position"] for row in published.rows("SELECT * FROM codes")
    }
    order = [
        [position[column, row[column]] for column in TABLES[table]]
        for row in published.rows(f"SELECT * FROM {table} ORDER BY rowid")
    ]
    assert order == sorted(order)


def test_records_are_sorted_by_what_is_published_and_carry_no_id(published: Published) -> None:
    records = [tuple(row.values()) for row in published.rows("SELECT * FROM records ORDER BY rowid")]
    assert records == sorted(records)
    columns = [row["name"] for row in published.rows("PRAGMA table_info('records')")]
    assert set(columns) <= {"period", "place", "age", "sex", "gbv_type"}


def test_caveats_are_numbered_filled_in_and_in_two_languages(published: Published) -> None:
    caveats = published.rows("SELECT * FROM caveats ORDER BY position")
    assert [row["position"] for row in caveats] == list(range(1, len(caveats) + 1))
    assert "not prevalence" in caveats[0]["caveat_en"]
    text = " ".join(row["caveat_en"] + row["caveat_ru"] for row in caveats)
    assert "{" not in text
    assert "2025-09-30" in text


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "release.db"
    empty = ReleaseContents({}, [], [], {}, [])
    write_release_db(path, empty)
    before = path.read_bytes()
    with pytest.raises(ReleaseRefused, match=r"there is a release.db already"):
        write_release_db(path, empty)
    assert path.read_bytes() == before
