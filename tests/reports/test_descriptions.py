"""The descriptions for machines, judged by the libraries that read them; and the walls of this stage."""

import ast
import hashlib
import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports import PublishSummary
from reports.published import LANGUAGES, Release

REPORTS = Path(__file__).resolve().parents[2] / "reports"


def _json(published: PublishSummary, name: str) -> Any:
    return json.loads((published.folder / name).read_text(encoding="utf-8"))


def test_the_data_package_is_valid_for_frictionless(published: PublishSummary) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frictionless = pytest.importorskip("frictionless")
        report = frictionless.validate(str(published.folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_frictionless_finds_a_table_that_was_changed(published: PublishSummary, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frictionless = pytest.importorskip("frictionless")
        shutil.copytree(published.folder / "data", tmp_path / "data")
        shutil.copy(published.folder / "datapackage.json", tmp_path)
        table = tmp_path / "data" / "age_acts.csv"
        table.write_text(table.read_text(encoding="utf-8") + "x,x,x,x,x,x,seven,,,A,F\n", encoding="utf-8")
        assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_every_table_is_valid_csv_on_the_web(published: PublishSummary, release: Release) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        csvw = pytest.importorskip("csvw")
        for name, table in release.tables.items():
            group = csvw.Table.from_file(published.folder / "data" / f"{name}.csv-metadata.json")
            assert group.check_primary_key()
            rows = list(group.iterdicts(fname=str(published.folder / "data" / f"{name}.csv")))
            assert [row["value"] for row in rows] == [cell.value for cell in table.cells]


# Source: SDMX cross-domain code lists CL_OBS_STATUS and CL_CONF_STATUS, https://sdmx.org ; the attributes
# are those of the RDF Data Cube vocabulary, https://www.w3.org/TR/vocab-data-cube/ .
SDMX = {
    "obs_status": ("obsStatus", {"A": "Normal value", "Q": "Missing value; suppressed"}),
    "conf_status": (
        "confStatus",
        {"F": "Free (free for publication)", "C": "Confidential statistical information"},
    ),
}


def test_status_codes_are_those_of_sdmx(published: PublishSummary, release: Release) -> None:
    for resource in _json(published, "datapackage.json")["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for column, (attribute, codes) in SDMX.items():
            assert {one["value"]: one["label"] for one in fields[column]["categories"]} == codes
            assert set(codes) == set(fields[column]["constraints"]["enum"])
            assert fields[column]["rdfType"] == f"http://purl.org/linked-data/sdmx/2009/attribute#{attribute}"
    for table in release.tables.values():
        for cell in table.cells:
            assert (cell.obs_status, cell.conf_status) == (("Q", "C") if cell.is_withheld else ("A", "F"))


def test_every_code_of_a_table_is_described_in_its_package(
    published: PublishSummary, release: Release
) -> None:
    for resource in _json(published, "datapackage.json")["resources"]:
        table = release.tables[Path(resource["path"]).stem]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for place, column in enumerate(table.columns):
            described = {one["value"]: one["label"] for one in fields[column]["categories"]}
            assert set(described) == {cell.codes[place] for cell in table.cells}
            assert all(described.values())


def test_the_datacite_description_is_valid_for_datacite(published: PublishSummary) -> None:
    schema = pytest.importorskip("datacite.schema45")
    document = _json(published, "datacite.json")
    schema.validator.validate(document)
    with pytest.raises(pytest.importorskip("jsonschema").ValidationError, match="Chart"):
        schema.validator.validate({**document, "types": {"resourceTypeGeneral": "Chart"}})
    assert {one["lang"] for one in document["titles"]} == set(LANGUAGES)


def test_the_json_ld_is_a_dataset_of_schema_org_and_of_dcat(published: PublishSummary) -> None:
    rdflib = pytest.importorskip("rdflib")
    document = _json(published, "dataset.jsonld")
    # schema.org's own context would be fetched from the net; its terms are all in one vocabulary.
    document["@context"] = [{"@vocab": "https://schema.org/"}, document["@context"][1]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib calls what it deprecates
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    schema, dcat = rdflib.Namespace("https://schema.org/"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    assert (dataset, rdflib.RDF.type, schema.Dataset) in graph
    assert {str(title.language) for title in graph.objects(dataset, rdflib.DCTERMS.title)} == set(LANGUAGES)
    distributions = set(graph.objects(dataset, dcat.distribution))
    assert distributions == set(graph.objects(dataset, schema.distribution))
    assert len(distributions) == published.tables
    for one in distributions:
        assert (one, rdflib.RDF.type, dcat.Distribution) in graph
        assert list(graph.objects(one, dcat.downloadURL)) == [one]
        (digest,) = graph.objects(one, schema.sha256)
        file = published.folder / "data" / str(one).rsplit("/", 1)[-1]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == str(digest)


def test_extruct_finds_the_dataset_as_a_search_engine_would(published: PublishSummary) -> None:
    extruct = pytest.importorskip("extruct")
    for language in LANGUAGES:
        page = (published.folder / "pages" / f"data.{language}.html").read_text(encoding="utf-8")
        (found,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
        assert found == _json(published, "dataset.jsonld")


# The keys that we write, as the guide to the Citation File Format 1.2.0 has them: doi:10.5281/zenodo.5171937
_TEXT = {"type": "string", "minLength": 1}
CFF = {
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("message", "title", "version", "abstract"), _TEXT),
        "cff-version": {"const": "1.2.0"},
        "type": {"enum": ["dataset", "software"]},
        "authors": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}},
        "date-released": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "license": _TEXT,
        "url": {"type": "string", "pattern": "^(https|http|ftp|sftp)://.+"},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": _TEXT},
        "identifiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "value"],
                "additionalProperties": False,
                "properties": {
                    "type": {"enum": ["doi", "url", "swh", "other"]},
                    "value": _TEXT,
                    "description": _TEXT,
                },
            },
        },
    },
}


def test_the_citation_file_keeps_to_its_schema_and_names_hashes(published: PublishSummary) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    citation = yaml.safe_load((published.folder / "CITATION.cff").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(CFF).validate(citation)
    with pytest.raises(jsonschema.ValidationError, match="doi"):
        jsonschema.Draft7Validator(CFF).validate(
            {**citation, "identifiers": [{"type": "doi?", "value": "x"}]}
        )
    assert citation["version"] == "2026-Q1"
    assert "withheld-0.1-k5-t5-b5" in citation["title"]
    for name, identifier in zip(("release.db", "datapackage.json"), citation["identifiers"], strict=True):
        digest = hashlib.sha256((published.folder / name).read_bytes()).hexdigest()
        assert identifier["value"] == f"sha256:{digest}"
        assert name in identifier["description"]


def test_reports_imports_nothing_private() -> None:
    imported = set()
    for path in sorted(REPORTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add((node.module or "").split(".")[0])
    assert not imported & {"vault", "ingest", "anonymize", "withheld", "withheld_cli"}


def test_importing_reports_loads_neither_matplotlib_nor_datasette() -> None:
    import subprocess
    import sys

    heavy = "{'matplotlib', 'datasette', 'citeproc', 'fontTools', 'jinja2', 'numpy'}"
    code = f"import reports, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPORTS.parent
    )
    assert done.stdout.strip() == "[]"
