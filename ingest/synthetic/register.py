"""Write a plain register, one row a person, into the containers that groups keep one in.

TSV, JSON Lines, ODS, Parquet and SQLite hold the same columns; `examples/register_*.yml` declare them.
"""

import csv
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from .desk import Desk, Row
from .model import Case, Involvement
from .workbook import FIXED_TIME

COLUMNS = (
    "Case", "Person code", "Family code", "Reported", "Incident date", "Region", "Town", "Place",
    "What happened",
    "By whom", "Name", "Phone", "Age", "Sex", "Marital status", "Children", "Statistics", "Consent by",
    "Guardian", "Reported elsewhere", "In the press", "Story", "Worker", "Latitude", "Longitude",
)  # fmt: skip
_IDENTIFYING = ("Case", "Person code", "Family code", "Town", "Name", "Phone", "Story", "Worker", "Latitude",
                "Longitude")  # fmt: skip
TABLE = "register"
_Rows = Iterator[list[str]]


def without_help(case: Case) -> Case:
    """Return a case as the register has it: no requests, no number of perpetrators, no end of a consent."""
    people = [replace(one, requests=[], consent=replace(one.consent, expires=None)) for one in case.people]
    return replace(case, people=people, number_perpetrators=None, date_to=None)


def write_register(directory: Path, desk: Desk, *, ending: str) -> Path:
    """Write the register into a container, named by the ending of its file."""
    path = directory / f"register.{ending}"
    path.unlink(missing_ok=True)
    _CONTAINERS[ending](path, _rows(desk))
    return path


def _rows(desk: Desk) -> _Rows:
    for case in desk.turns():
        shared = _case_cells(desk, case)
        for one in case.people:
            row = shared | _person_cells(desk, case, one)
            desk.values.add_row(row, _IDENTIFYING)
            if not case.vanished:
                yield [str(row[name]) for name in COLUMNS]


def _case_cells(desk: Desk, case: Case) -> Row:
    pen = desk.pen
    region, settlement = desk.place(case)
    latitude, longitude = case.coordinates or ("", "")
    return {
        "Case": case.code,
        "Reported": case.reported.isoformat(),
        "Incident date": pen.incident_date(case),
        "Region": region,
        "Town": settlement,
        "Place": pen.code("place_type", case.place_type),
        "Reported elsewhere": pen.code("reported_elsewhere", case.elsewhere),
        "In the press": pen.code("public_exposure", case.exposure),
        "Story": desk.story(case),
        "Worker": desk.staff[case.staff],
        "Latitude": f"{latitude:.7f}" if case.coordinates else "",
        "Longitude": f"{longitude:.7f}" if case.coordinates else "",
    }


def _person_cells(desk: Desk, case: Case, one: Involvement) -> Row:
    pen, person, consent = desk.pen, one.person, one.consent
    return {
        "Person code": f"PERSON-{person.number:05d}",
        "Family code": f"FAMILY-{person.household:05d}",
        "What happened": pen.acts(case, one.acts, "; "),
        "By whom": pen.codes("relationship", one.relationships, "; "),
        "Name": desk.name(one),
        "Phone": desk.phone(one),
        "Age": pen.age(case, one.age),
        "Sex": pen.code("sex", person.sex),
        "Marital status": pen.code("marital", one.marital, sex=person.sex),
        "Children": "" if one.children is None else str(one.children),
        "Statistics": pen.code("consent_status", consent.status, sex=person.sex),
        "Consent by": pen.code("given_by", consent.given_by, sex=person.sex),
        "Guardian": pen.code("relationship", consent.guardian),
    }


def _write_tsv(path: Path, rows: _Rows) -> None:
    with path.open("w", encoding="utf-16", newline="") as file:  # Excel's "Unicode text"
        csv.writer(file, delimiter="\t", lineterminator="\r\n").writerows([COLUMNS, *rows])


def _write_jsonl(path: Path, rows: _Rows) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            filled = {name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell}
            file.write(json.dumps(filled, ensure_ascii=False) + "\n")


def _write_sqlite(path: Path, rows: _Rows) -> None:
    connection = sqlite3.connect(path)
    names = ", ".join(f'"{name}" TEXT' for name in COLUMNS)
    connection.execute(f"CREATE TABLE {TABLE} ({names})")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(
        f"INSERT INTO {TABLE} VALUES ({marks})", ([cell or None for cell in row] for row in rows)
    )
    connection.commit()
    connection.close()


def _write_parquet(path: Path, rows: _Rows) -> None:
    import duckdb

    with duckdb.connect() as connection:
        names = ", ".join(f'"{name}" VARCHAR' for name in COLUMNS)
        connection.execute(f"CREATE TABLE {TABLE} ({names})")
        marks = ", ".join("?" * len(COLUMNS))
        cells = [[cell or None for cell in row] for row in rows]
        if cells:  # duckdb refuses to insert nothing
            connection.executemany(f"INSERT INTO {TABLE} VALUES ({marks})", cells)
        connection.table(TABLE).write_parquet(str(path))


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _write_ods(path: Path, rows: _Rows) -> None:
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in (COLUMNS, *rows)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_SPACES} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Register">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", FIXED_TIME), _ODS_TYPE)
        for name, text in (("META-INF/manifest.xml", _ODS_MANIFEST), ("content.xml", content)):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def _ods_cell(cell: str) -> str:
    if not cell:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


_CONTAINERS: dict[str, Callable[[Path, _Rows], None]] = {
    "tsv": _write_tsv, "jsonl": _write_jsonl, "ods": _write_ods, "parquet": _write_parquet,
    "sqlite": _write_sqlite,
}  # fmt: skip
REGISTERS = {ending: partial(write_register, ending=ending) for ending in _CONTAINERS}
