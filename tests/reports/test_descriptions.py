"""The descriptions for machines, judged by the libraries that read them; and the walls of this stage."""

import ast
import json
import warnings
from pathlib import Path

import pytest
import yaml

from reports import PublishSummary
from reports.published import Release

REPORTS = Path(__file__).resolve().parents[2] / "reports"


def test_the_data_package_is_valid_for_frictionless(published: PublishSummary) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frictionless = pytest.importorskip("frictionless")
        report = frictionless.validate(str(published.folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_every_table_is_valid_csv_on_the_web(published: PublishSummary, release: Release) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        csvw = pytest.importorskip("csvw")
        for name, table in release.tables.items():
            group = csvw.Table.from_file(published.folder / "data" / f"{name}.csv-metadata.json")
            rows = list(group.iterdicts(fname=str(published.folder / "data" / f"{name}.csv")))
            assert [row["value"] for row in rows] == [cell.value for cell in table.cells]


def test_the_dataset_and_the_citation_file_name_release_and_licence(published: PublishSummary) -> None:
    dataset = json.loads((published.folder / "dataset.jsonld").read_text(encoding="utf-8"))
    assert dataset["version"] == "2026-Q1"
    assert dataset["license"].startswith("https://creativecommons.org/")
    assert len(dataset["distribution"]) == published.tables
    citation = yaml.safe_load((published.folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == "2026-Q1"
    assert "withheld-0.1-k5-t5-b5" in citation["title"]


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
