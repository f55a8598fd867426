"""Workbooks made by hand, down to the bytes: what the tests of hostile workbooks need."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_FULL = 8_224  # bytes of a record
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def with_parts(path: Path, changes: dict[str, bytes]) -> Path:
    """Write a zip again with some parts changed or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **changes}.items():
            archive.writestr(name, content)
    return path


def with_rows(path: Path, rows: str) -> Path:
    """Add rows of XML to the first sheet of an XLSX workbook."""
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    return with_parts(
        path, {"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", f"{rows}</sheetData>").encode()}
    )


def ods_cell(text: str, attributes: str = "") -> str:
    """Return a cell of an OpenDocument table."""
    start = f'<table:table-cell office:value-type="string" {attributes}>'
    return f"{start}<text:p>{text}</text:p></table:table-cell>"


def ods_row(*cells: str, attributes: str = "") -> str:
    """Return a row of an OpenDocument table; what begins with `<` is XML already."""
    return (
        f"<table:table-row {attributes}>"
        + "".join(cell if cell.startswith("<") else ods_cell(cell) for cell in cells)
        + "</table:table-row>"
    )


def ods(path: Path, *rows: str, head: str = "", name: str = "Cases") -> Path:
    """Write an OpenDocument spreadsheet of one table."""
    content = (
        f'<?xml version="1.0"?>{head}<office:document-content {_SPACES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def xls(path: Path, rows: Sequence[Sequence[str | float]], records: bytes = b"", name: str = "Cases") -> Path:
    """Write an Excel 97 workbook of one sheet.

    Args:
        records: Further records of the sheet, as bytes.
    """
    body = xls_record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                body += xls_record(0x204, place + text)
            else:
                body += xls_record(0x203, place + struct.pack("<d", cell))
    return xls_book(path, {name: body + records})


def xls_book(path: Path, sheets: Mapping[str, bytes], records: bytes = b"", *, is_one: bool = False) -> Path:
    """Write an Excel 97 workbook of at most 60 KB.

    Args:
        sheets: Name -> records of the sheet.
        records: Of the workbook, before those of the sheets.
        is_one: Say of every sheet that it lies where the first one does.
    """
    head = xls_record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 6)) + records
    names = [name.encode("utf-16-le") for name in sheets]
    begin = xls_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    bodies = [begin + body + xls_record(0xA, b"") for body in sheets.values()]
    place = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        head += xls_record(0x85, struct.pack("<IHBB", place, 0, len(name) // 2, 1) + name)
        place += 0 if is_one else len(body)
    path.write_bytes(_container(head + xls_record(0xA, b"") + b"".join(bodies)))
    return path


def shared_texts(texts: Sequence[str]) -> bytes:
    """Return the records of shared texts: narrow where they can be, continued where a record is full."""
    bodies = [bytearray(struct.pack("<II", len(texts), len(texts)))]
    for text in texts:
        codec, wide = ("latin-1", 0) if text.isascii() else ("utf-16-le", 1)
        if len(bodies[-1]) + 3 > _FULL:
            bodies.append(bytearray())
        bodies[-1] += struct.pack("<HB", len(text), wide)
        content = text.encode(codec)
        while content:
            fit = (_FULL - len(bodies[-1])) >> wide << wide
            bodies[-1] += content[:fit]
            content = content[fit:]
            if content:
                bodies.append(bytearray([wide]))
    kinds = [0xFC] + [0x3C] * (len(bodies) - 1)
    return b"".join(xls_record(kind, bytes(body)) for kind, body in zip(kinds, bodies, strict=True))


def xls_record(kind: int, body: bytes) -> bytes:
    """Return one record of a workbook: [MS-XLS] 2.1.4."""
    return struct.pack("<HH", kind, len(body)) + body


def _container(stream: bytes) -> bytes:
    """Return a compound file of one stream, `Workbook`: [MS-CFB]."""
    stream = stream.ljust(max(-(-len(stream) // 512) * 512, 4096), b"\0")
    sectors = len(stream) // 512
    table = [_TABLE, _END, *range(3, sectors + 2), _END]
    table += [_FREE] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    entries = _entry("Root Entry", 5, _END, 0, 1) + _entry("Workbook", 2, 2, len(stream), _FREE) + bytes(256)
    return head + struct.pack("<128I", *table) + entries + stream


def _entry(name: str, kind: int, first: int, size: int, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return entry + bytes(36) + struct.pack("<IQ", first, size)
