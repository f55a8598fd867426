"""metadata.yml of one release: what Datasette says about tables, columns and chart queries."""

from collections.abc import Sequence
from typing import Any

import yaml

from reports.published import Release, Table
from reports.select import ChartData
from reports.words import period, say

DATABASE = "release"  # Datasette names a database after its file: release.db
ABOUT_TABLES = {
    "release": ("About this release", "Facts of the release: id, period, rules, licence, how to cite it."),
    "catalog": ("Catalogue of tables", "One row a published table: title, unit, method, numbers withheld."),
    "fields": ("Data dictionary", "Every column of every published table, in English and Russian."),
    "codes": ("Code lists", "Every code of every dimension, with its labels and the code above it."),
    "charts": ("Charts", "One row a chart: title, description in words and the SQL that gives its numbers."),
    "caveats": ("Caveats", "What the numbers do not say."),
    "corrections": ("Corrections", "What was wrong in an earlier release."),
    "records": ("Records", "One row an affected person and incident, generalised so that no one stands out."),
}


def datasette_metadata(release: Release, charts: Sequence[ChartData]) -> dict[str, Any]:
    """Return the Datasette metadata of a release; the database is called `release`."""
    years = period(release.fact("period_from"), release.fact("period_to"))
    group = release.fact("group_name")
    tables = {name: _table(release, table) for name, table in release.tables.items()}
    for name, (title, description) in ABOUT_TABLES.items():
        if name != "records" or release.records:
            tables[name] = {"title": title, "description": description, **_columns(release, name)}
    described = {
        "title": release.fact("citation_title") or release.id,
        "description": f"{group}, {years}, release {release.id}. {say('not_prevalence', 'en')}",
        "license": release.fact("licence"),
        "license_url": release.fact("licence_url"),
        "source": release.fact("publisher") or group,
        "source_url": release.fact("base_url"),
        "about": f"Release {release.id}, data as of {release.fact('data_as_of')}",
        "about_url": release.fact("citation_url"),
    }
    shown = {key: value for key, value in described.items() if value}
    return {**shown, "databases": {DATABASE: {**shown, "tables": tables, "queries": _queries(charts)}}}


def _table(release: Release, table: Table) -> dict[str, Any]:
    parts = [f"Unit: {table.unit_label.en}.", table.title.ru + ".", say("not_prevalence", "en")]
    if table.note.en:
        parts.append(table.note.en)
    return {"title": table.title.en, "description": " ".join(parts), **_columns(release, table.name)}


def _columns(release: Release, name: str) -> dict[str, Any]:
    columns = {
        field.name: " ".join(
            part for part in (f"{field.label.en} / {field.label.ru}.", field.description.en) if part
        )
        for (table, _), field in release.fields.items()
        if table == name
    }
    return {"columns": columns} if columns else {}


def _queries(charts: Sequence[ChartData]) -> dict[str, Any]:
    return {
        f"chart_{data.declaration.name}": {"title": data.declaration.title.en, "sql": data.sql}
        for data in charts
    }


def metadata_yaml(metadata: dict[str, Any]) -> bytes:
    """Write Datasette metadata as YAML."""
    text: str = yaml.safe_dump(metadata, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode("utf-8")
