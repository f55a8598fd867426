"""metadata.yml of one release: what Datasette says about tables, columns and chart queries."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import yaml

from reports.published import Bilingual, Release, Table
from reports.select import ChartData
from reports.words import period, say

from .queries import canned_queries

DATABASE = "release"  # Datasette names a database after its file: release.db


class AboutTable(NamedTuple):
    """A table that describes the release, or its records."""

    title: Bilingual
    text: Bilingual


def _about(title_en: str, title_ru: str, text_en: str, text_ru: str) -> AboutTable:
    return AboutTable(Bilingual(title_en, title_ru), Bilingual(text_en, text_ru))


ABOUT_TABLES = {
    "release": _about(
        "About this release",
        "Об этом выпуске",
        "Facts of the release: id, period, rules, licence, how to cite it.",
        "Сведения о выпуске: имя, период, правила, лицензия, как ссылаться.",
    ),
    "catalog": _about(
        "Catalogue of tables",
        "Каталог таблиц",
        "One row a published table: title, unit, method, numbers withheld.",
        "Строка на таблицу: название, единица, метод, сколько чисел скрыто.",
    ),
    "fields": _about(
        "Data dictionary",
        "Словарь данных",
        "Every column of every published table, in English and Russian.",
        "Каждый столбец каждой таблицы, по-английски и по-русски.",
    ),
    "codes": _about(
        "Code lists",
        "Коды",
        "Every code of every dimension, with its labels and the code above it.",
        "Каждый код с названиями и кодом, в который он входит.",
    ),
    "charts": _about(
        "Charts",
        "Диаграммы",
        "One row a chart: title, description in words and the SQL that gives its numbers.",
        "Строка на диаграмму: название, описание словами и SQL её чисел.",
    ),
    "caveats": _about("Caveats", "Оговорки", "What the numbers do not say.", "Чего эти числа не говорят."),
    "corrections": _about(
        "Corrections",
        "Исправления",
        "What was wrong in an earlier release.",
        "Что было неверно в прежнем выпуске.",
    ),
    "records": _about(
        "Records",
        "Записи",
        "One row an affected person and incident, generalised so that no one stands out.",
        "Строка на пострадавшее лицо и инцидент, обобщённая так, чтобы никто не выделялся.",
    ),
}


def datasette_metadata(release: Release, charts: Sequence[ChartData]) -> dict[str, Any]:
    """Return the Datasette metadata of a release; the database is called `release`."""
    years = period(release.fact("period_from"), release.fact("period_to"))
    group = release.fact("group_name")
    tables = {name: _table(release, table) for name, table in release.tables.items()}
    for name, about in ABOUT_TABLES.items():
        if name != "records" or release.records:
            described = {"title": about.title.en, "description": about.text.en}
            tables[name] = {**described, **_columns(release, name)}
    if release.records:
        tables["records"]["facets"] = [name for table, name in release.fields if table == "records"]
    card = {
        "title": release.fact("citation_title") or release.id,
        "description": f"{group}, {years}, release {release.id}. {say('not_prevalence', 'en')}",
        "license": release.fact("licence"),
        "license_url": release.fact("licence_url"),
        "source": release.fact("publisher") or group,
        "source_url": release.fact("base_url"),
        "about": f"Release {release.id}, data as of {release.fact('data_as_of')}",
        "about_url": release.fact("citation_url"),
    }
    shown = {key: value for key, value in card.items() if value}
    return {
        **shown,
        "databases": {DATABASE: {**shown, "tables": tables, "queries": canned_queries(release, charts)}},
    }


def _table(release: Release, table: Table) -> dict[str, Any]:
    parts = [f"Unit: {table.unit_label.en}.", table.title.ru + ".", say("not_prevalence", "en")]
    if table.note.en:
        parts.append(table.note.en)
    shown = {
        "title": table.title.en,
        "description": " ".join(parts),
        "facets": list(table.columns),
        "size": 200,
    }
    return {**shown, **_columns(release, table.name)}


def _columns(release: Release, name: str) -> dict[str, Any]:
    columns = {
        field.name: " ".join(
            part for part in (f"{field.label.en} / {field.label.ru}.", field.description.en) if part
        )
        for (table, _), field in release.fields.items()
        if table == name
    }
    return {"columns": columns} if columns else {}


def metadata_yaml(metadata: dict[str, Any]) -> bytes:
    """Write Datasette metadata as YAML."""
    text: str = yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode("utf-8")
