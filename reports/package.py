"""The release described for machines: Data Package v2, CSVW, schema.org + DCAT, Citation File Format.

Sources: https://datapackage.org/standard/data-package/ , https://www.w3.org/TR/tabular-metadata/ ,
https://schema.org/Dataset , https://www.w3.org/TR/vocab-dcat-3/ , https://citation-file-format.github.io/
(1.2.0).
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from .citations import Work, address, details
from .data_files import MEASURES, table_columns, to_json
from .published import LANGUAGES, Release, Table
from .words import period

INTEGERS = ("value", "lower", "upper")
STATUSES = {"obs_status": ["A", "Q"], "conf_status": ["F", "C"]}
ABOUT_MEASURES = {
    "value": "Published number; empty where it is withheld.",
    "lower": "The true count is not below this.",
    "upper": "The true count is not above this.",
    "obs_status": "SDMX observation status: A normal, Q withheld.",
    "conf_status": "SDMX confidentiality status: F free, C confidential.",
}


def describe_release(release: Release, files: Mapping[str, bytes], whole: Work) -> dict[str, bytes]:
    """Return every machine-readable description, file name -> content.

    Args:
        release: The release.
        files: The data files already made, `data/<table>.csv` -> content (for sizes and hashes).
        whole: The release as a work to cite.
    """
    described = {
        f"data/{name}.csv-metadata.json": csvw(release, table) for name, table in release.tables.items()
    }
    return {
        "datapackage.json": datapackage(release, files),
        "dataset.jsonld": dataset_jsonld(release, whole),
        "CITATION.cff": citation_file(release, whole),
        **described,
    }


def datapackage(release: Release, files: Mapping[str, bytes]) -> bytes:
    """Return `datapackage.json` (Data Package v2)."""
    from .citations import sha256

    resources = []
    for name, table in release.tables.items():
        content = files[f"data/{name}.csv"]
        resources.append(
            {
                "name": name.replace("_", "-").lower(),
                "type": "table",
                "path": f"data/{name}.csv",
                "title": table.title.en,
                "description": table.note.en or table.title.en,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{sha256(content)}",
                "schema": table_schema(release, table),
            }
        )
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _slug(f"withheld-{release.id}"),
        "title": release.fact("citation_title") or release.id,
        "description": _description(release, "en"),
        "version": release.id,
        "created": f"{release.fact('built_at')}T00:00:00Z",
        "keywords": ["human rights", "documented cases", "statistical disclosure control"],
        "contributors": [
            {"title": release.fact("publisher") or release.fact("group_name"), "roles": ["publisher"]}
        ],
        "licenses": [_licence(release)],
        "resources": resources,
    }
    if home := _home(release):
        package["homepage"] = home
    return to_json(package)


def table_schema(release: Release, table: Table) -> dict[str, Any]:
    """Return the Table Schema of a table's CSV file."""
    fields = []
    for name in table_columns(table):
        field: dict[str, Any] = {
            "name": name,
            "type": "integer" if name in INTEGERS else "string",
            "title": _title(release, table, name),
            "description": _about(release, table, name),
        }
        if name in STATUSES:
            field["constraints"] = {"enum": STATUSES[name], "required": True}
        elif name in table.columns:
            field["constraints"] = {"required": True}
        fields.append(field)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": list(table.columns),
    }


def csvw(release: Release, table: Table) -> bytes:
    """Return the CSV on the Web description that stands beside a table's CSV file."""
    columns = [
        {
            "name": name,
            "titles": name,
            "datatype": "integer" if name in INTEGERS else "string",
            "required": name in table.columns or name in STATUSES,
            "dc:description": _about(release, table, name),
        }
        for name in table_columns(table)
    ]
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.title.en,
        "dc:publisher": release.fact("publisher") or release.fact("group_name"),
        "dc:issued": release.fact("built_at"),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tableSchema": {"columns": columns, "primaryKey": list(table.columns)},
    }
    if release.fact("licence_url"):
        document["dc:license"] = {"@id": release.fact("licence_url")}
    return to_json(document)


def dataset_jsonld(release: Release, whole: Work) -> bytes:
    """Return the schema.org Dataset, which is a dcat:Dataset at the same time."""
    publisher = {"@type": "Organization", "name": release.fact("publisher") or release.fact("group_name")}
    document: dict[str, Any] = {
        "@context": ["https://schema.org/", {"dcat": "http://www.w3.org/ns/dcat#"}],
        "@type": ["Dataset", "dcat:Dataset"],
        "name": [{"@language": language, "@value": whole.title.text(language)} for language in LANGUAGES],
        "description": [
            {"@language": language, "@value": _description(release, language)} for language in LANGUAGES
        ],
        "version": release.id,
        "datePublished": release.fact("built_at"),
        "dateModified": release.fact("data_as_of"),
        "temporalCoverage": f"{release.fact('period_from')}/{release.fact('period_to')}",
        "creator": publisher,
        "publisher": publisher,
        "license": release.fact("licence_url") or release.fact("licence"),
        "isAccessibleForFree": True,
        "inLanguage": list(LANGUAGES),
        "measurementTechnique": f"Documented cases, not prevalence; rules {release.fact('rules_id')}",
        "variableMeasured": sorted({table.unit for table in release.tables.values()}),
        "distribution": [
            {
                "@type": ["DataDownload", "dcat:Distribution"],
                "name": table.title.en,
                "encodingFormat": "text/csv",
                "contentUrl": f"{_home(release)}/data/{name}.csv" if _home(release) else f"data/{name}.csv",
            }
            for name, table in release.tables.items()
        ],
    }
    if link := address(release, whole):
        document |= {"@id": link, "url": link}
    return to_json(document)


def citation_file(release: Release, whole: Work) -> bytes:
    """Return `CITATION.cff` (1.2.0)."""
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "Please cite this release as below.",
        "type": "dataset",
        "title": f"{whole.title.en} {details(release, whole, 'en')}",
        "authors": [{"name": release.fact("group_name")}],
        "version": release.id,
        "date-released": release.fact("built_at"),
    }
    if release.fact("licence"):
        document["license"] = release.fact("licence")
    if link := address(release, whole):
        document["url"] = link
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode("utf-8")


def _home(release: Release) -> str:
    return (release.fact("citation_url") or release.fact("base_url")).rstrip("/")


def _licence(release: Release) -> dict[str, str]:
    licence = {"name": release.fact("licence") or "unspecified"}
    if release.fact("licence_url"):
        licence["path"] = release.fact("licence_url")
    return licence


def _description(release: Release, language: str) -> str:
    years = period(release.fact("period_from"), release.fact("period_to"))
    caveats = " ".join(caveat.text(language) for caveat in release.caveats)
    return f"{release.fact('group_name')}, {years}. {caveats}".strip()


def _title(release: Release, table: Table, name: str) -> str:
    column, _, language = name.partition("_label_")
    field = release.fields.get((table.name, column))
    label = field.label.en if field else column
    return f"{label} ({language})" if language else label


def _about(release: Release, table: Table, name: str) -> str:
    column, _, language = name.partition("_label_")
    if language:
        return f"Label of the code in {column}, language {language}."
    field = release.fields.get((table.name, column))
    if field and field.description.en:
        return field.description.en
    return (
        ABOUT_MEASURES.get(column, "Code; _T is the total.")
        if column in MEASURES
        else "Code; _T is the total."
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-")
