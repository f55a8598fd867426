"""Ready-made queries with parameters: what journalists and researchers ask of every release.

Each is plain SQL over the published tables and the code lists; a parameter left empty has a default. Nothing
is subtracted, divided or ranked: published numbers stand side by side with their bounds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reports.published import LANGUAGES, TOTAL, Bilingual, Release, Table
from reports.select import ChartData

ALL = ["", "all", "все"]
MEASURES = "n.value, n.lower, n.upper, n.obs_status"


def canned_queries(release: Release, charts: Sequence[ChartData]) -> dict[str, dict[str, Any]]:
    """Return the queries of a release: name -> Datasette's metadata of a query, with both titles.

    Keys beside Datasette's own: `title_ru`, `description_ru`, `choices` (parameter -> list of [value, label
    en, label ru]), `defaults` (parameter -> value that an empty one stands for), `labels` (parameter ->
    [label en, label ru]).
    """
    timed = {name: table for name, table in release.tables.items() if "period" in table.columns}
    placed = {name: table for name, table in release.tables.items() if "place" in table.columns}
    queries: dict[str, dict[str, Any]] = {}
    if timed:
        queries["one_year"] = _one_year(release, timed)
        queries["two_periods"] = _two_periods(release, timed)
    if placed:
        queries["about_a_place"] = _about_a_place(release, placed)
    if "help_result_year" in release.tables:
        queries["unmet_need"] = _unmet_need(release, release.tables["help_result_year"])
    queries["withheld_cells"] = _withheld(release)
    for data in charts:
        title = data.declaration.title
        queries[f"chart_{data.declaration.name}"] = {"title": title.en, "title_ru": title.ru, "sql": data.sql}
    return queries


def _numbers(release: Release, tables: Mapping[str, Table], column: str) -> str:
    """Return SQL for the numbers of several tables in one shape: the column asked for, the rest in words."""
    return "\nUNION ALL\n".join(_one_table(release, table, column) for table in tables.values())


def _one_table(release: Release, table: Table, column: str = "") -> str:
    others = [name for name in table.columns if name != column]
    own = f"t.{column} AS {column}, " if column else ""
    joins, parts = [], []
    for position, name in enumerate(others):
        field = release.fields.get((table.name, name))
        code_list = field.code_list if field and field.code_list else name
        joins.append(
            f"LEFT JOIN codes c{position} ON c{position}.code_list = '{code_list}' "
            f"AND c{position}.code = t.{name}"
        )
        parts.append(f"coalesce(c{position}.label_{{language}}, t.{name})")
    what = " || ', ' || ".join(parts) or "''"
    keys = " || ',' || ".join(f"t.{name}" for name in others) or "''"
    words = ", ".join(f"{what.format(language=name)} AS what_{name}" for name in LANGUAGES)
    return (
        f"SELECT '{table.name}' AS table_name, {own}{keys} AS codes, {words},\n"
        f"  t.value, t.lower, t.upper, t.obs_status FROM {table.name} t {' '.join(joins)}".rstrip()
    )


def _years(release: Release) -> list[str]:
    """Return the years of the release, oldest first."""
    codes = release.codes.get("period", {}).values()
    return sorted(code.code for code in codes if code.level == "year" and code.code.isdigit())


def _whole_years(release: Release) -> list[str]:
    """Return the years that the period covers to their end; never empty."""
    years = _years(release)
    end = release.fact("period_to")
    return [year for year in years if f"{year}-12-31" <= end] or years or [TOTAL]


def _year_choices(release: Release) -> list[list[str]]:
    return [[year, year, year] for year in reversed(_years(release))]


def _table_choices(tables: Mapping[str, Table]) -> list[list[str]]:
    return [[name, table.title.en, table.title.ru] for name, table in tables.items()]


def _one_year(release: Release, tables: Mapping[str, Table]) -> dict[str, Any]:
    latest = _whole_years(release)[-1]
    return {
        "title": "Everything published about one year",
        "title_ru": "Всё, что опубликовано об одном годе",
        "description": "All tables by year side by side, with the bounds of every number.",
        "description_ru": "Все таблицы по годам рядом, с пределами каждого числа.",
        "labels": {"year": ["Year", "Год"], "table": ["Table", "Таблица"]},
        "choices": {"year": _year_choices(release), "table": [ALL, *_table_choices(tables)]},
        "defaults": {"year": latest},
        "params": ["year", "table"],
        "sql": (
            f"WITH n AS (\n{_numbers(release, tables, 'period')}\n)\n"
            f"SELECT n.table_name, n.what_en, n.what_ru, {MEASURES}, n.codes\nFROM n\n"
            f"WHERE n.period = coalesce(nullif(:year, ''), '{latest}')\n"
            "  AND (:table = '' OR n.table_name = :table)"
        ),
    }


def _two_periods(release: Release, tables: Mapping[str, Table]) -> dict[str, Any]:
    years = _whole_years(release)
    first, second = years[-2:] if len(years) > 1 else (years[0], years[0])
    return {
        "title": "Two years side by side",
        "title_ru": "Два года рядом",
        "description": (
            "One table for two years, with bounds. No difference is worked out: where the bounds overlap, "
            "the numbers do not show a change, and who could reach the group changes from year to year."
        ),
        "description_ru": (
            "Одна таблица за два года, с пределами. Разница не вычисляется: если пределы пересекаются, числа "
            "не показывают изменения, и год от года меняется, кто смог обратиться в группу."
        ),
        "labels": {
            "table": ["Table", "Таблица"],
            "first": ["First year", "Первый год"],
            "second": ["Second year", "Второй год"],
        },
        "choices": {
            "table": _table_choices(tables),
            "first": _year_choices(release),
            "second": _year_choices(release),
        },
        "defaults": {"table": next(iter(tables)), "first": first, "second": second},
        "params": ["table", "first", "second"],
        "sql": (
            f"WITH n AS (\n{_numbers(release, tables, 'period')}\n)\n"
            "SELECT a.what_en, a.what_ru, a.period AS first_year, a.value AS first_value,\n"
            "  a.lower AS first_lower, a.upper AS first_upper, b.period AS second_year,\n"
            "  b.value AS second_value,\n"
            "  b.lower AS second_lower, b.upper AS second_upper, a.obs_status AS first_obs_status,\n"
            "  b.obs_status AS second_obs_status, a.codes\n"
            "FROM n a JOIN n b ON b.table_name = a.table_name AND b.codes = a.codes\n"
            f"WHERE a.table_name = coalesce(nullif(:table, ''), '{next(iter(tables))}')\n"
            f"  AND a.period = coalesce(nullif(:first, ''), '{first}')\n"
            f"  AND b.period = coalesce(nullif(:second, ''), '{second}')"
        ),
    }


def _about_a_place(release: Release, tables: Mapping[str, Table]) -> dict[str, Any]:
    used = {cell.codes[table.columns.index("place")] for table in tables.values() for cell in table.cells}
    codes = [code for code in release.codes.get("place", {}).values() if code.code in used]
    return {
        "title": "What is published about a place",
        "title_ru": "Что опубликовано о месте",
        "description": "Every published number about one region or federal district.",
        "description_ru": "Все опубликованные числа об одном регионе или федеральном округе.",
        "labels": {"place": ["Place", "Место"]},
        "choices": {"place": [[code.code, code.label.en, code.label.ru] for code in codes]},
        "defaults": {"place": TOTAL},
        "params": ["place"],
        "sql": (
            f"WITH n AS (\n{_numbers(release, tables, 'place')}\n)\n"
            f"SELECT n.table_name, n.what_en, n.what_ru, {MEASURES}, n.codes,\n"
            "  n.place, c.label_en AS place_en, c.label_ru AS place_ru\n"
            "FROM n LEFT JOIN codes c ON c.code_list = 'place' AND c.code = n.place\n"
            f"WHERE n.place = coalesce(nullif(:place, ''), '{TOTAL}')"
        ),
    }


def _unmet_need(release: Release, table: Table) -> dict[str, Any]:
    column = {name: release.code_list_of(table.name, name) for name in table.columns}
    needs = [[code.code, *code.label] for code in column["need_category"].values()]
    return {
        "title": "Requests for help: met and not met, by kind of help",
        "title_ru": "Запросы о помощи: выполненные и нет, по видам помощи",
        "description": "What became of the requests, for one kind of help or all, in one year or all.",
        "description_ru": "Чем кончились запросы: по одному виду помощи или всем, за год или всё время.",
        "labels": {"need": ["Kind of help", "Вид помощи"], "year": ["Year", "Год"]},
        "choices": {"need": [ALL, *needs], "year": [ALL, *_year_choices(release)]},
        "params": ["need", "year"],
        "sql": (
            f"SELECT n.need_category, n.request_result, n.period, {MEASURES},\n"
            "  need.label_en AS need_en, need.label_ru AS need_ru, result.label_en AS result_en,\n"
            "  result.label_ru AS result_ru\n"
            "FROM help_result_year n\n"
            "LEFT JOIN codes need ON need.code_list = 'need_category' AND need.code = n.need_category\n"
            "LEFT JOIN codes result ON result.code_list = 'request_result'\n"
            "  AND result.code = n.request_result\n"
            f"WHERE n.period = coalesce(nullif(:year, ''), '{TOTAL}')\n"
            "  AND (:need = '' OR n.need_category = :need)\n"
            "ORDER BY need.position, result.position"
        ),
    }


def _withheld(release: Release) -> dict[str, Any]:
    numbers = "\nUNION ALL\n".join(_one_table(release, table) for table in release.tables.values())
    return {
        "title": "Every number that is withheld",
        "title_ru": "Все скрытые числа",
        "description": (
            "Withheld is not zero. The mark is the same for every reason, so it tells nothing of the number."
        ),
        "description_ru": (
            "Скрытое число не ноль. Знак один и тот же для всех причин и ничего не говорит о числе."
        ),
        "sql": (
            f"WITH n AS (\n{numbers}\n)\n"
            "SELECT n.table_name, n.what_en, n.what_ru, n.value, n.obs_status, n.codes\nFROM n\n"
            "WHERE n.obs_status = 'Q'"
        ),
    }


def pick(query: Mapping[str, Any], key: str, language: str) -> str:
    """Return `title` or `description` of a query in a language ("en" or "ru")."""
    english = str(query.get(key) or "")
    return Bilingual(english, str(query.get(f"{key}_ru") or english)).text(language)
