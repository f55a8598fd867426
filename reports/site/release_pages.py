"""What the pages about the whole release show: headlines, methods, data, dictionary, corrections, citing."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import yaml

from reports.published import TOTAL, Bilingual, Release, Table
from reports.snippets import notebook
from reports.words import period

from .chart_pages import interval_text, number_text
from .model import Findings
from .templating import HERE, words

Words = Mapping[str, str]


def site_title(release: Release, language: str) -> str:
    """Return the title of the release."""
    given = release.fact("citation_title_ru") if language == "ru" else release.fact("citation_title")
    years = period(release.fact("period_from"), release.fact("period_to"))
    return given or f"{words(language)['site_title']}, {years}"


def headlines(release: Release, language: str, query: str) -> list[dict[str, str]]:
    """Return the few numbers on top of the findings page, each with the SQL that gives it."""
    declared: list[dict[str, Any]] = yaml.safe_load((HERE / "headlines.yml").read_text(encoding="utf-8"))
    shown = []
    for line in declared:
        table = release.tables.get(line["table"])
        codes = [line.get("codes", {}).get(column, TOTAL) for column in table.columns] if table else []
        cell = next((cell for cell in table.cells if cell.codes == tuple(codes)), None) if table else None
        if table is None or cell is None:
            continue
        pairs = zip(table.columns, codes, strict=True)
        where = " AND ".join(f"{column} = '{code}'" for column, code in pairs)
        sql = f"SELECT value, lower, upper, obs_status FROM {table.name} WHERE {where}"
        shown.append(
            {
                "number": number_text(table, cell, language),
                "interval": interval_text(table, cell, language),
                "label": Bilingual(**line["label"]).text(language),
                "sql": sql,
                "run": f"{query}?sql={quote(sql)}{'&_lang=ru' if language == 'ru' else ''}" if query else "",
            }
        )
    return shown


def _methods(findings: Findings, language: str, w: Words) -> dict[str, Any]:
    release = findings.release
    base = int(release.fact("base") or 1)
    sensitive = int(release.fact("base_sensitive") or base)
    rounding = w["methods_rounding"].format(
        base=base, base_sensitive=sensitive, less=base - 1, less_sensitive=sensitive - 1
    )
    rules = w["methods_rules"].format(rules=release.fact("rules_id"), k=release.fact("k"))
    told = [rounding, w["methods_withheld"], w["methods_shares"], rules, w["methods_no_rates"]]
    told += [repeated] if (repeated := unchanged_note(release, w)) else []
    return {
        "methods": told,
        "caveats": [caveat.text(language) for caveat in release.caveats],
        "tables": [_method_of(table, language) for table in release.tables.values()],
        "facts": [(w[key], release.fact(key)) for key in _FACTS if release.fact(key)],
    }


def unchanged_note(release: Release, w: Words) -> str:
    """Return the warning that an unchanged number proves nothing; empty in a first release."""
    earlier = release.fact("previous_releases")
    return w["methods_repeated"].format(releases=earlier) if earlier else ""


_FACTS = ("rules_id", "k", "threshold", "threshold_sensitive", "record_delay_days", "withheld_version")


def _method_of(table: Table, language: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title.text(language),
        "unit": table.unit_label.text(language),
        "base": table.base,
        "base_sensitive": "" if table.base_sensitive == table.base else table.base_sensitive,
        "cells": len(table.cells),
        "withheld": table.withheld,
    }


def _data(findings: Findings, language: str, w: Words) -> dict[str, Any]:
    release = findings.release
    first = next(iter(release.tables), "")
    return {
        "tables": [(name, table.title.text(language)) for name, table in release.tables.items()],
        "notebook": notebook(release, first),
        "dataset": _json_ld(findings),
    }


def _json_ld(findings: Findings) -> str:
    """Return JSON-LD that can stand inside a page: search engines read it there and not beside it."""
    file = findings.release.folder / "dataset.jsonld"
    text = findings.dataset or (file.read_text(encoding="utf-8") if file.is_file() else "")
    return text.replace("</", "<\\/")


def _dictionary(findings: Findings, language: str, w: Words) -> dict[str, Any]:
    release = findings.release
    lists = [
        (
            name,
            [
                (code.code, code.label.text(language), _parent(code.parent, codes, language))
                for code in codes.values()
            ],
        )
        for name, codes in release.codes.items()
    ]
    return {
        "tables": [_fields_of(release, table, language) for table in release.tables.values()],
        "lists": lists,
    }


def _parent(parent: str, codes: Mapping[str, Any], language: str) -> str:
    return codes[parent].label.text(language) if parent in codes and parent != TOTAL else ""


def _fields_of(release: Release, table: Table, language: str) -> dict[str, Any]:
    fields = [field for (name, _), field in release.fields.items() if name == table.name]
    return {
        "name": table.name,
        "title": table.title.text(language),
        "unit": table.unit_label.text(language),
        "cells": len(table.cells),
        "withheld": table.withheld,
        "note": table.note.text(language),
        "fields": [(f.name, f.label.text(language), f.description.text(language)) for f in fields],
    }


def _corrections(findings: Findings, language: str, w: Words) -> dict[str, Any]:
    release = findings.release
    return {
        "corrections": [(date, which, text.text(language)) for date, which, text in release.corrections],
        "repeated": unchanged_note(release, w),
    }


def _cite(findings: Findings, language: str, w: Words) -> dict[str, Any]:
    release = findings.release
    cited = findings.citations.get(language, {})
    return {
        "citations": {style: texts["release"] for style, texts in cited.items() if "release" in texts},
        "permalink": f"{release.address}index.{language}.html" if release.address else "",
    }


PAGES: dict[str, Callable[[Findings, str, Words], dict[str, Any]]] = {
    "methods": _methods,
    "data": _data,
    "dictionary": _dictionary,
    "corrections": _corrections,
    "cite": _cite,
}
