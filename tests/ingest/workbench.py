"""A small vault, a declaration and a file: what the tests of ingest need, built by hand."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from codebook import load_codebook
from ingest import IngestSummary, ingest_files, load_source
from vault import KeyCost, Vault, create_vault

NOW = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.UTC)
CHEAP = KeyCost(n=1024)

DECLARATION = """
name: desk
version: "1"
format: csv
key: [Case]
order: day_month
columns:
  Case: incident.external_id
  Date: incident.date_incident
  Region: incident.region
  Town: incident.settlement
  Acts: {field: act.act_code, separator: ";"}
  By: {field: act.relationship, separator: ";"}
  Name: person.name
  Phone: person.phone
  Born: person.date_of_birth
  Age: person.age
  Sex: person.sex
  Statistics: {consent: statistics}
  Story: incident.narrative
ignore: [Worker]
drop_coordinates: [Lat, Lon]
"""
HEADER = ("Case", "Date", "Region", "Town", "Acts", "By", "Name", "Phone", "Born", "Age", "Sex", "Statistics",
          "Story", "Worker", "Lat", "Lon")  # fmt: skip
ROW = {
    "Case": "A-1", "Date": "12.03.2023", "Region": "Dagestan", "Town": "", "Acts": "beating; threat",
    "By": "father; brother", "Name": "Zaira Invented", "Phone": "+7 900 000-00-01", "Born": "", "Age": "19",
    "Sex": "F", "Statistics": "yes", "Story": "An invented account.", "Worker": "K.",
    "Lat": "42.98", "Lon": "47.50",
}  # fmt: skip


def row(**changes: str) -> dict[str, str]:
    """Return the usual row with changes."""
    return {**ROW, **changes}


def csv_text(rows: Sequence[dict[str, str]], header: Sequence[str] = HEADER, delimiter: str = ",") -> str:
    """Return CSV text, every cell quoted."""
    lines = [header, *([one[name] for name in header] for one in rows)]
    return "".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + "\r\n" for line in lines
    )


class Workbench:
    """One vault and one folder of declarations and files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault: Vault = create_vault(folder / "vault.db", "test", cost=CHEAP)
        self.declaration = DECLARATION

    def renew(self) -> None:
        """Begin with an empty vault again."""
        self.vault.close()
        path = self.folder / "vault.db"
        path.unlink()
        self.vault = create_vault(path, "test", cost=CHEAP)

    def ingest(self, path: Path, declaration: str = "", *, keep_identifiers: bool = False) -> IngestSummary:
        """Ingest one file by one declaration."""
        text = declaration or self.declaration
        name = next(line for line in text.splitlines() if line.startswith("name:")).split()[1]
        declared = self.folder / f"{name}.yml"
        declared.write_text(text, encoding="utf-8")
        source = load_source(declared, load_codebook())
        return ingest_files(
            self.vault,
            [path],
            sources={name: source},
            now=NOW,
            source_name=name,
            keep_identifiers=keep_identifiers,
        )

    def file(self, content: str | bytes, name: str = "desk.csv") -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def ingest_rows(self, *rows: dict[str, str], declaration: str = "") -> IngestSummary:
        """Ingest rows of the usual header."""
        return self.ingest(self.file(csv_text(rows)), declaration)

    def all(self, table: str) -> list[dict[str, object]]:
        """Return all rows of a table."""
        return list(self.vault.rows(table))

    def records(self) -> dict[str, int]:
        """Return the number of rows of every table that holds what people told."""
        tables = (
            "incident",
            "person",
            "perpetrator",
            "act",
            "request",
            "outcome",
            "consent",
            "source",
            "quarantine",
        )
        return {table: self.vault.count(table) for table in tables}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """A fresh workbench."""
    made = Workbench(tmp_path)
    yield made
    made.vault.close()


def refusal(bench: Workbench, path: Path, declaration: str = "") -> str:
    """Return why a file was refused; nothing of it was stored and no value is in the words."""
    before = bench.records()
    (summary,) = bench.ingest(path, declaration).files
    assert summary.refused is not None
    assert summary.refused.remedy
    assert bench.records() == before
    words = f"{summary.refused.reason} {summary.refused.remedy}"
    for value in ("Zaira", "900 000", "invented account", "A-1", "42.98"):
        assert value not in words
    return summary.refused.reason
