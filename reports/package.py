"""The tables described for machines: Data Package v2 and CSV on the Web, with SDMX status codes.

Sources: https://datapackage.org/standard/data-package/ , https://www.w3.org/TR/tabular-metadata/ , SDMX
cross-domain code lists CL_OBS_STATUS and CL_CONF_STATUS, https://sdmx.org .
"""

import re
from collections.abc import Mapping
from typing import Any

from .citations import Work, sha256
from .data_files import MEASURES, table_columns, to_json
from .linked_data import citation_file, datacite, dataset_jsonld, description
from .published import Release, Table

INTEGERS = ("value", "lower", "upper")
STATUSES = {  # SDMX code -> its name in the code list
    "obs_status": {"A": "Normal value", "Q": "Missing value; suppressed"},
    "conf_status": {"F": "Free (free for publication)", "C": "Confidential statistical information"},
}
SDMX_ATTRIBUTES = {
    "obs_status": "http://purl.org/linked-data/sdmx/2009/attribute#obsStatus",
    "conf_status": "http://purl.org/linked-data/sdmx/2009/attribute#confStatus",
}
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
    package = datapackage(release, files)
    return {
        "datapackage.json": package,
        "dataset.jsonld": dataset_jsonld(release, files, whole),
        "datacite.json": datacite(release, files, whole),
        "CITATION.cff": citation_file(release, whole, sha256(package)),
        **described,
    }


def datapackage(release: Release, files: Mapping[str, bytes]) -> bytes:
    """Return `datapackage.json` (Data Package v2)."""
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
        "description": description(release, "en"),
        "version": release.id,
        "created": f"{release.fact('built_at')}T00:00:00Z",
        "keywords": ["human rights", "documented cases", "statistical disclosure control"],
        "contributors": [
            {"title": release.fact("publisher") or release.fact("group_name"), "roles": ["publisher"]}
        ],
        "licenses": [_licence(release)],
        "resources": resources,
    }
    if release.address:
        package["homepage"] = release.address
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
            field["constraints"] = {"enum": list(STATUSES[name]), "required": True}
            field["categories"] = [{"value": code, "label": label} for code, label in STATUSES[name].items()]
            field["rdfType"] = SDMX_ATTRIBUTES[name]
        elif name in table.columns:
            field["constraints"] = {"required": True}
            used = dict.fromkeys(cell.codes[table.columns.index(name)] for cell in table.cells)
            field["categories"] = [
                {"value": code, "label": release.code(table.name, name, code).label.en} for code in used
            ]
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
            **({"propertyUrl": SDMX_ATTRIBUTES[name]} if name in SDMX_ATTRIBUTES else {}),
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


def _licence(release: Release) -> dict[str, str]:
    licence = {"name": release.fact("licence") or "unspecified"}
    if release.fact("licence_url"):
        licence["path"] = release.fact("licence_url")
    return licence


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
