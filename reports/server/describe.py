"""What the Datasette pages say beside the rows: titles, units, labels and words, in two languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml

from reports.published import LANGUAGES, Bilingual, Field, Release, Table
from reports.select import ChartData
from reports.site.metadata import ABOUT_TABLES
from reports.site.queries import pick
from reports.site.release_pages import PAGES
from reports.site.templating import words as static_words
from reports.words import number, period, say

from .cells import MEASURES, cell, code_label

WORDS = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class Described:
    """A release with what its pages need, worked out once."""

    release: Release
    charts: Mapping[str, Sequence[ChartData]]  # table -> charts drawn from it
    queries: Mapping[str, Mapping[str, Any]]
    everywhere: Mapping[str, Field]  # columns that mean the same in every table they are in


def describe_release(release: Release, charts: Sequence[ChartData], metadata: Mapping[str, Any]) -> Described:
    """Return the description of a release; `metadata` is Datasette's, of its database."""
    drawn: dict[str, list[ChartData]] = {}
    for data in charts:
        drawn.setdefault(data.table.name, []).append(data)
    labels: dict[str, set[str]] = {}
    for field in release.fields.values():
        labels.setdefault(field.name, set()).add(field.label.en)
    everywhere = {field.name: field for field in release.fields.values() if len(labels[field.name]) == 1}
    return Described(release, drawn, metadata["queries"], everywhere)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words


def template_words(described: Described | None, table: str | None, request: Any) -> dict[str, Any]:
    """Return the variables of our templates.

    Args:
        described: The release the page belongs to; None on an error page.
        table: The table of the page, if it is about one.
        request: Datasette's request; `_lang=ru` chooses Russian.
    """
    language = "ru" if request is not None and request.args.get("_lang") == "ru" else "en"
    words = {key: Bilingual(**value).text(language) for key, value in _words().items()}
    found: dict[str, Any] = {
        "lang": language,
        "other": "en" if language == "ru" else "ru",
        "w": words,
        "link": partial(_link, language=language),
        "other_link": _other_link(request, language),
        "say": lambda name: say(name, language),
        "release": None,
        "count": lambda value: number(value, language),
    }
    if described is None:
        return found | {
            "files": "/",
            "menu": [(words["site"], "/")],
            "menu_label": words["menu"],
            "group": words["site"],
        }
    found |= _about_release(described, language)
    found["cell"] = partial(cell, described.release, table, language=language, words=words)
    if table is not None:
        found["row_link"] = partial(_row_link, described.release.id, table, language=language)
    if table is not None and table in described.release.tables:
        found |= _about_table(described, described.release.tables[table], language)
    return found


def _about_release(described: Described, language: str) -> dict[str, Any]:
    release, queries = described.release, described.queries
    shared = static_words(language)  # the menu is that of the findings pages
    files = f"/releases/{release.id}/"
    return {
        "release": release,
        "fact": release.fact,
        "years": period(release.fact("period_from"), release.fact("period_to")),
        "release_title": _release_title(release, language),
        "files": files,
        "group": release.named("group_name", language),
        "menu_label": shared["menu_label"],
        "menu": [
            (shared["findings_page"], f"{files}index.{language}.html"),
            *((shared[f"{name}_page"], f"{files}pages/{name}.{language}.html") for name in PAGES),
            (shared["browse"], _link(f"/{release.id}", language)),
        ],
        "table_title": partial(_table_title, release, language=language),
        "table_note": partial(_table_note, release, language=language),
        "column_label": partial(_column_label, described, language=language),
        "columns_of": partial(_columns_of, release, language=language),
        "code_label": partial(code_label, release, language=language),
        "pick": partial(pick, language=language),
        "queries_shown": queries,
        "groups": _groups(release),
        "choices": partial(_choices, described, language=language),
        "default": lambda query, name: queries.get(query, {}).get("defaults", {}).get(name, ""),
        "parameter": partial(_parameter, described, language=language),
    }


def _about_table(described: Described, table: Table, language: str) -> dict[str, Any]:
    charts = [data.declaration for data in described.charts.get(table.name, ())]
    return {
        "about": table,
        "charts": [(chart.name, chart.title.text(language)) for chart in charts],
        "sql_link": _link(f"/{described.release.id}?" + urlencode({"sql": _sql(table)}), language),
    }


def _sql(table: Table) -> str:
    return f"SELECT {', '.join((*table.columns, *MEASURES, 'obs_status'))}\nFROM {table.name}"


def _link(path: str, language: str) -> str:
    """Return an address in the language of the page."""
    if language == "en" or "_lang=" in path:
        return path
    address, mark, fragment = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}_lang={language}{mark}{fragment}"


def _other_link(request: Any, language: str) -> str:
    if request is None:
        return ""
    pairs = [(key, value) for key in request.args for value in request.args.getlist(key) if key != "_lang"]
    if language == "en":
        pairs.append(("_lang", "ru"))
    return quote(request.path, safe="/~") + ("?" + urlencode(pairs) if pairs else "")


def _release_title(release: Release, language: str) -> str:
    return (
        (language == "ru" and release.fact("citation_title_ru"))
        or release.fact("citation_title")
        or release.id
    )


def _row_link(database: str, table: str, row: Any, keys: Sequence[str], language: str) -> str:
    from datasette.utils import path_from_row_pks

    return _link(f"/{database}/{table}/{path_from_row_pks(row, keys, not keys)}", language)


def _table_title(release: Release, name: str, language: str) -> str:
    if name in release.tables:
        return release.tables[name].title.text(language)
    about = ABOUT_TABLES.get(name)
    return about.title.text(language) if about else name


def _table_note(release: Release, name: str, language: str) -> str:
    if name in release.tables:
        return release.tables[name].note.text(language)
    about = ABOUT_TABLES.get(name)
    return about.text.text(language) if about else ""


def _groups(release: Release) -> dict[str, list[str]]:
    """Return the tables in the order in which people look for them."""
    about = [name for name in ABOUT_TABLES if name != "records" or release.records]
    return {"numbers": list(release.tables), "about": about}


def _columns_of(release: Release, table: str, language: str) -> list[tuple[str, str, str]]:
    """Return name, label and description of every column of a table."""
    return [
        (field.name, field.label.text(language), field.description.text(language))
        for (name, _), field in release.fields.items()
        if name == table
    ]


def _column_label(described: Described, table: str | None, column: str, language: str) -> str:
    """Return the label of a column; in the result of a query, what it means in every table."""
    fields = described.release.fields
    field = fields.get((table, column)) if table else described.everywhere.get(column)
    if field is not None:
        return field.label.text(language)
    word = _words().get(f"column_{column}")
    return Bilingual(**word).text(language) if word else ""


def _choices(described: Described, query: str, name: str, language: str) -> list[tuple[str, str]]:
    """Return the values to choose from for a parameter of a query; none means: type it."""
    choices = described.queries.get(query, {}).get("choices", {}).get(name, [])
    return [(value, russian if language == "ru" else english) for value, english, russian in choices]


def _parameter(described: Described, query: str, name: str, language: str) -> str:
    labels = described.queries.get(query, {}).get("labels", {}).get(name)
    return str(labels[LANGUAGES.index(language)]) if labels else name
