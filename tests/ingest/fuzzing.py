"""Whole files of every container, with marked values in them, and what can happen to a file on its way."""

import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from .workbooks import ods, ods_row, xls

# In every cell that a person could recognise; no message may hold it.
CANARIES = ("canar", "канарей")
COLUMNS = ("Case", "Date", "Age", "Acts", "Name", "Story")
MAPPED = """
key: [Case]
order: day_month
columns:
  Case: incident.external_id
  Date: incident.date_incident
  Age: person.age
  Acts: {field: act.act_code, separator: ";"}
  Name: person.name
  Story: incident.narrative
"""


@dataclass(frozen=True)
class Kind:
    """One container: how a file of it is written, and what its declaration adds to `MAPPED`."""

    ending: str
    format: str
    write: Callable[[Path, list[list[str]]], None]
    more: str = ""

    @property
    def name(self) -> str:
        """Name of the declaration."""
        return f"{self.format}_{self.more.partition(': ')[2] or 'plain'}".replace("-", "_").lower()

    @property
    def declaration(self) -> str:
        """The declaration's text."""
        return f'name: {self.name}\nversion: "1"\nformat: {self.format}\n{self.more}\n{MAPPED}'


def rows_of(dice: random.Random) -> list[list[str]]:
    """Return rows with marked values, some of them unclean."""
    return [
        [
            f"canary-{dice.randrange(10_000)}-{place}",
            dice.choice(["12.03.2023", "2023", "5 марта 2024", "canary day", "31.02.2021"]),
            dice.choice(["19", "8 months", "", "canary years"]),
            dice.choice(["beating", "threat; beating", "canary act"]),
            dice.choice(["Canary Invented", "Зара Канарейкина"]),
            dice.choice(["a canary told", 'said "канарейка"; wept', "two\nlines of канарейка", ""]),
        ]
        for place in range(dice.randint(1, 12))
    ]


def _text(codec: str, delimiter: str) -> Callable[[Path, list[list[str]]], None]:
    def write(path: Path, rows: list[list[str]]) -> None:
        lines = [
            delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
            for row in [list(COLUMNS), *rows]
        ]
        path.write_bytes("\r\n".join([*lines, ""]).encode(codec))

    return write


def _json(path: Path, rows: list[list[str]]) -> None:
    records = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")


def _jsonl(path: Path, rows: list[list[str]]) -> None:
    records = [json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    path.write_text("\n".join(records), encoding="utf-8")


def _xlsx(path: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [list(COLUMNS), *rows]:
        sheet.append(row)
    book.save(path)


def _ods(path: Path, rows: list[list[str]]) -> None:
    ods(path, *(ods_row(*(cell.replace('"', "&quot;") for cell in row)) for row in [list(COLUMNS), *rows]))


def _xls(path: Path, rows: list[list[str]]) -> None:
    xls(path, [list(COLUMNS), *rows])


def _sqlite(path: Path, rows: list[list[str]]) -> None:
    path.unlink(missing_ok=True)
    made = sqlite3.connect(path)
    columns = ", ".join(f'"{column}" TEXT' for column in COLUMNS)
    made.execute(f"CREATE TABLE cases ({columns})")
    made.executemany(f"INSERT INTO cases VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    made.commit()
    made.close()


def _parquet(path: Path, rows: list[list[str]]) -> None:
    import duckdb

    path.unlink(missing_ok=True)
    with duckdb.connect() as made:
        made.execute("CREATE TABLE t (" + ", ".join(f'"{column}" VARCHAR' for column in COLUMNS) + ")")
        made.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        made.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def _zip(path: Path, rows: list[list[str]]) -> None:
    inner = path.with_name("form.csv")
    _text("utf-8", ",")(inner, rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "form.csv")
        archive.writestr("media/x.jpg", "canary")
    inner.unlink()


KINDS = (
    Kind("csv", "csv", _text("utf-8", ",")),
    Kind("csv", "csv", _text("cp1251", ";"), "encoding: cp1251"),
    Kind("csv", "csv", _text("utf-16", "\t"), "encoding: utf-16"),
    Kind("tsv", "tsv", _text("utf-8-sig", "\t")),
    Kind("json", "json", _json),
    Kind("jsonl", "jsonl", _jsonl),
    Kind("xlsx", "xlsx", _xlsx),
    Kind("ods", "ods", _ods),
    Kind("xls", "xls", _xls),
    Kind("sqlite", "sqlite", _sqlite),
    Kind("parquet", "parquet", _parquet),
    Kind("zip", "zip", _zip),
)
_PIECES = (b"\0", b'"', b'""', b'"""', b"\r", b"\n", b",", b";", b"\t", b"\xff", b"\xd0", b"\xed\xa0\x80",
           b"{", b"]", b"<c r='ZZ9'>", b"&x;", b"<![CDATA[", b"=1+1", b"#REF!", b"\x1a")  # fmt: skip


def damaged(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """Return a file as it might arrive: cut, flipped, doubled, spliced with another, with strange bytes."""
    found = bytearray(content)
    for _ in range(dice.randint(1, 3)):
        dice.choice(_MUTATIONS)(found, other, dice)
    return bytes(found)


def damaged_inside(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """Return a zip of which one member is damaged, and the zip itself whole."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        hit = dice.choice(
            [name for name in names if "sheet" in name or "content" in name or "csv" in name] or names
        )
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in names:
                member = archive.read(name)
                copy.writestr(name, damaged(member, other, dice) if name == hit else member)
    return made.getvalue()


def _place(content: Sequence[int], dice: random.Random) -> int:
    return dice.randrange(len(content)) if content else 0


def _cut(content: bytearray, _: bytes, dice: random.Random) -> None:
    del content[_place(content, dice) :]


def _flip(content: bytearray, _: bytes, dice: random.Random) -> None:
    for _number in range(dice.randint(1, 8)):
        if content:
            content[_place(content, dice)] = dice.randrange(256)


def _double(content: bytearray, _: bytes, dice: random.Random) -> None:
    start = _place(content, dice)
    part = content[start : start + dice.randint(1, 300)]
    content[start:start] = part * dice.randint(1, 5)


def _take_out(content: bytearray, _: bytes, dice: random.Random) -> None:
    start = _place(content, dice)
    del content[start : start + dice.randint(1, 200)]


def _splice(content: bytearray, other: bytes, dice: random.Random) -> None:
    start = _place(other, dice)
    place = _place(content, dice)
    content[place:place] = other[start : start + dice.randint(1, 400)]


def _insert(content: bytearray, _: bytes, dice: random.Random) -> None:
    place = _place(content, dice)
    content[place:place] = dice.choice(_PIECES) * dice.randint(1, 4)


def _join_lines(content: bytearray, _: bytes, dice: random.Random) -> None:
    breaks = [place for place, byte in enumerate(content) if byte == 10]
    if breaks:
        place = dice.choice(breaks)
        content[max(place - 1, 0) : place + 1] = dice.choice([b"", b",", b'"'])


_MUTATIONS: tuple[Callable[[bytearray, bytes, random.Random], None], ...] = (
    _cut, _flip, _double, _take_out, _splice, _insert, _insert, _join_lines,
)  # fmt: skip
