"""An old workbook of a few kilobytes that asks for gigabytes is refused before anything is allocated."""

import struct
from pathlib import Path

import pytest

from codebook import SourceError
from ingest.readers import xls_guard
from ingest.readers.xls_guard import inspect_xls
from ingest.readers.xls_texts import shared_text_lengths

from .workbooks import shared_texts, xls, xls_book, xls_record


def extent(rows: int, columns: int) -> bytes:
    """Return the record that says how far a sheet reaches."""
    return xls_record(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))


def shown(number: int, cells: int) -> bytes:
    """Return cells that show one shared text."""
    return b"".join(xls_record(0xFD, struct.pack("<HHHI", row, 0, 0, number)) for row in range(cells))


def corner(row: int, column: int) -> bytes:
    """Return a first cell and one far away."""
    return b"".join(
        xls_record(0x203, struct.pack("<HHHd", *place, 0, 1.0)) for place in ((0, 0), (row, column))
    )


def named(cells: int) -> bytes:
    """Return formulas that are nothing but one name, over and over."""
    body = (b"\x23\x01\x00\x00\x00" + b"\x03") * 1_300
    head = struct.pack("<dHIH", 1.0, 0, 0, len(body))
    return b"".join(xls_record(0x6, struct.pack("<HHH", row, 0, 0) + head + body) for row in range(cells))


NAME = xls_record(0x18, struct.pack("<HBBHHH4x", 0, 0, 255, 0, 0, 0) + b"\0" + b"n" * 255)


@pytest.mark.parametrize(
    ("sheets", "records", "is_one", "why"),
    [
        ({"Cases": extent(0x7FFFFFFF, 0xFFFF)}, b"", False, "not a whole .xls workbook"),
        ({"Cases": extent(65_536, 257)}, b"", False, "not a whole .xls workbook"),
        ({f"S{number}": corner(60_000, 30) for number in range(20)}, b"", True, "not a whole .xls workbook"),
        ({f"S{number}": corner(60_000, 30) for number in range(20)}, b"", False, "more than 6,000,000 cells"),
        ({"Cases": shown(0, 1_700)}, shared_texts(["x" * 30_000]), False, "shows long texts so often"),
        ({"Cases": named(6)}, NAME, False, "formulas that would fill the memory"),
    ],
    ids=["endless extent", "extent beyond the format", "one place", "many sparse sheets", "copies", "names"],
)
def test_what_would_fill_the_memory_is_not_opened(tmp_path, monkeypatch, sheets, records, is_one, why):
    if "formulas" in why:
        monkeypatch.setattr("ingest.readers.xls_texts.MAXIMUM_TEXTS", 2**17)
    path = xls_book(tmp_path / "book.xls", sheets, records, is_one=is_one)
    assert path.stat().st_size < 70_000
    with pytest.raises(SourceError, match=why) as refused:
        inspect_xls(path)
    assert refused.value.remedy


def test_an_honest_extent_and_texts_that_are_shown_once_are_read(tmp_path):
    path = xls_book(
        tmp_path / "book.xls", {"Cases": extent(65_536, 256) + shown(0, 9)}, shared_texts(["x" * 30_000])
    )
    assert inspect_xls(path).sheets["Cases"].filled == 9


def test_the_lengths_of_shared_texts_are_known_across_records():
    texts = ["", "short", "д" * 9_000, "x" * 20_000, "ab" * 4_107, "канарейка", "y" * 8_200, "z"]
    content, bodies = shared_texts(texts), []
    while content:
        size = int.from_bytes(content[2:4], "little")
        bodies.append(content[4 : 4 + size])
        content = content[4 + size :]
    assert len(bodies) > 5
    assert list(shared_text_lengths(bodies)) == [len(text) for text in texts]


def test_a_workbook_too_large_to_be_held_is_to_be_saved_as_xlsx(tmp_path: Path, monkeypatch):
    path = xls(tmp_path / "book.xls", [["Case"], ["A-1"]])
    monkeypatch.setattr(xls_guard, "MAXIMUM_XLS", path.stat().st_size - 1)
    with pytest.raises(SourceError, match="held in memory") as refused:
        inspect_xls(path)
    assert "save it as .xlsx" in str(refused.value.remedy)
