"""Where the leak scan looks: a value is found wherever it can be read, and not in pixels and outlines."""

import json
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize import PrivateValue, scan_release
from anonymize.audit import Finding
from anonymize.leaks import PrivateValues
from anonymize.leaks.compiled import is_in_own_texts
from anonymize.readable import readable_parts
from codebook import Verdict

from .containers import (
    as_data_address,
    compressed_text,
    international_text,
    pdf,
    png,
    png_chunk,
    truetype,
    woff2,
    zipped,
)

NAME = "Зарема Выдуманная"
RAW = NAME.encode("utf-8")
UTF16 = NAME.encode("utf-16-be")
FILLER = b"A page about documented cases. " * 20


def scan(folder: Path, name: str, content: bytes, value: str = NAME):
    (folder / name).write_bytes(content)
    return scan_release(folder, PrivateValues([PrivateValue("person.name", value)], 0))


def named(finding: Finding) -> int:
    """Return how often the name was found: random bytes can look like a hash beside it."""
    found = finding.counts["found"]
    assert isinstance(found, dict)
    return sum(number for field, number in found.items() if field.startswith("person.name"))


def stream(content: bytes) -> bytes:
    return zlib.compress(FILLER + content + FILLER)


def octal(content: bytes) -> bytes:
    return b"".join(b"\\%03o" % byte for byte in content)


READABLE = {
    "international text of a picture": ("a.png", png(international_text(NAME, compressed=False))),
    "compressed international text of a picture": ("a.png", png(international_text(NAME, compressed=True))),
    "compressed text of a picture": ("a.png", png(compressed_text(NAME))),
    "text of a picture": ("a.png", png(png_chunk(b"tEXt", b"Author\x00" + RAW))),
    "palette of no colours": ("a.png", png(png_chunk(b"PLTE", RAW + b"." * (len(RAW) % 3 == 0)))),
    "unknown chunk of a picture": ("a.png", png(png_chunk(b"prVt", RAW))),
    "after the end of a picture": ("a.png", png(after=RAW)),
    "in a ZIP after the end of a picture": ("a.png", png(after=zipped({"a.txt": FILLER + RAW}))),
    "in a picture named as something else": ("a.csv", png(compressed_text(NAME))),
    "in place of pixels": ("a.png", png(idat=RAW)),
    "behind the pixels in their chunk": ("a.png", png(idat=zlib.compress(bytes(65)) + RAW)),
    "as more pixels than the picture has": ("a.png", png(idat=zlib.compress(bytes(65) + RAW, 0))),
    "in a chunk whose checksum is wrong": ("a.png", png(idat=b"").replace(b"IDAT", b"IDAT" + RAW)),
    "member of a ZIP": ("a.zip", zipped({"a.csv": FILLER + RAW})),
    "stored member of a ZIP": ("a.zip", zipped({"a.csv": RAW}, method=zipfile.ZIP_STORED)),
    "name of a member": ("a.zip", zipped({f"{NAME}.csv": FILLER})),
    "comment of a ZIP": ("a.zip", zipped({"a.csv": FILLER}, comment=RAW)),
    "extra field of a ZIP": ("a.zip", zipped({"a.csv": FILLER}, extra=RAW)),
    "before a ZIP": ("a.zip", RAW + zipped({"a.csv": FILLER})),
    "ZIP in a ZIP": ("a.zip", zipped({"b.zip": zipped({"a.csv": FILLER + RAW})})),
    "picture in a ZIP": ("a.zip", zipped({"a.png": png(compressed_text(NAME))})),
    "member of a damaged ZIP": ("a.zip", zipped({"a.csv": RAW}, method=zipfile.ZIP_STORED)[:-30]),
    "compressed stream of a PDF": ("a.pdf", pdf(stream(b""), stream(RAW))),
    "in UTF-16 in a compressed stream": ("a.pdf", pdf(stream(b"(\xfe\xff" + UTF16 + b")"))),
    "font names in a PDF": ("a.pdf", pdf(zlib.compress(truetype({b"name": b"\x00" + UTF16})))),
    "stream of a PDF without compression": ("a.pdf", pdf(RAW, filters=b"[]")),
    "after a compressed stream": ("a.pdf", pdf(stream(b"") + RAW)),
    "metadata of a PDF": ("a.pdf", pdf(information=b"(\xfe\xff" + UTF16 + b")")),
    "metadata of a PDF in octal": ("a.pdf", pdf(information=b"(" + octal(b"\xfe\xff" + UTF16) + b")")),
    "metadata of a PDF in hexadecimal": (
        "a.pdf",
        pdf(information=b"<" + (b"\xfe\xff" + UTF16).hex().encode() + b">"),
    ),
    "text of an SVG": ("a.svg", b"<svg><text>" + RAW + b"</text></svg>"),
    "text in base64": ("a.svg", b"<a href='" + as_data_address(RAW) + b"'/>"),
    "text in base64 in several lines": (
        "a.html",
        b"<img src='" + as_data_address(FILLER + RAW).replace(b"Q", b"Q\n") + b"'/>",
    ),
    "text in base64 in an address": (
        "a.css",
        b"url(" + as_data_address(FILLER + b"?>?" + RAW).replace(b"+", b"%2B") + b")",
    ),
    "text of a picture in base64": (
        "a.svg",
        b"<image href='" + as_data_address(png(compressed_text(NAME)), "image/png") + b"'/>",
    ),
    "SVG in base64 in a page in a ZIP": (
        "a.zip",
        zipped({"a.html": b"<img src='" + as_data_address(b"<svg>" + RAW, "image/svg+xml") + b"'>"}),
    ),
    "text in base64 that is called a font": ("a.svg", b"url(" + as_data_address(RAW, "font/woff2") + b")"),
    "after a font in base64": ("a.svg", as_data_address(woff2(b"outlines"), "font/woff2") + b") " + RAW),
    "appended to a font": ("a.woff2", woff2(b"outlines", after=RAW)),
    "metadata of a font": ("a.woff2", woff2(b"outlines", metadata=RAW)),
    "font names": ("a.ttf", truetype({b"name": UTF16})),
    "what only begins like a font": ("a.ttf", b"\x00\x01\x00\x00" + RAW),
}  # fmt: skip


@pytest.mark.parametrize("place", READABLE)
def test_a_value_is_found_wherever_it_can_be_read_and_never_told(tmp_path: Path, place: str) -> None:
    name, content = READABLE[place]
    finding = scan(tmp_path, name, content)
    assert finding.verdict is Verdict.FAIL
    assert named(finding) == 1
    assert "Зарема" not in json.dumps(finding.as_evidence(), ensure_ascii=False)


def test_a_latin_name_with_accents_is_found_in_the_texts_of_a_picture(tmp_path: Path) -> None:
    value = "Zaréma Invéntée"
    latin = png(png_chunk(b"tEXt", b"Author\x00" + value.encode("latin-1")))
    assert scan(tmp_path, "a.png", latin, value).verdict is Verdict.FAIL


def test_a_word_that_a_pdf_draws_in_pieces_is_found(tmp_path: Path) -> None:
    drawn = pdf(zlib.compress(b"BT [(Zar) -20.5 (\\145ma) 3 (tova)] TJ ET"))
    assert scan(tmp_path, "a.pdf", drawn, "Zarematova").verdict is Verdict.FAIL


def test_a_word_that_a_pdf_draws_letter_by_letter_in_two_bytes_each_is_found(tmp_path: Path) -> None:
    # As matplotlib writes Latin letters of an embedded TrueType font.
    letters = b" 0.19 ".join(b"(\x00" + letter.encode("ascii") + b")" for letter in "Zarema")
    drawn = pdf(zlib.compress(b"BT [ " + letters + b" ]\nTJ ET"))
    assert scan(tmp_path, "a.pdf", drawn, "Zarema").verdict is Verdict.FAIL


def test_a_value_in_a_free_page_of_a_database_is_found(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "release.db") as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE t (a TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (NAME,))
        database.commit()
        database.execute("DROP TABLE t")
    database.close()
    content = (tmp_path / "release.db").read_bytes()
    assert RAW in content
    assert scan(tmp_path, "release.db", content).verdict is Verdict.FAIL


BY_CHANCE = {
    "colours": ("a.png", png(png_chunk(b"PLTE", b"xabcdx"))),
    "pixels": ("a.png", png(pixels=b"xxAbCd" + bytes(30))),
    "pixels in a ZIP": ("a.zip", zipped({"a.png": png(pixels=b"xxAbCd")}, method=zipfile.ZIP_STORED)),
    "a WOFF2 font": ("a.woff2", woff2(b"abcdabcd")),
    "outlines of a font": ("a.ttf", truetype({b"glyf": b"xxabcdxx"})),
    "outlines of a font in a PDF": ("a.pdf", pdf(zlib.compress(truetype({b"glyf": b"xxabcdxx"})))),
}  # fmt: skip


@pytest.mark.parametrize("place", BY_CHANCE)
def test_four_letters_that_stand_by_chance_where_nobody_reads_are_no_finding(
    tmp_path: Path, place: str
) -> None:
    name, content = BY_CHANCE[place]
    finding = scan(tmp_path, name, content, "abcd")
    assert (finding.verdict, finding.counts["parts_not_understood"]) == (Verdict.PASS, 0)


def test_base64_of_a_font_or_picture_does_not_count_as_text(tmp_path: Path) -> None:
    # The base64 of these bytes is `abcdabcd...`, at one of three shifts; outside a data address it is text.
    for content in (woff2(b"i\xb7\x1d" * 30), png(pixels=b"i\xb7\x1d" * 30)):
        address = as_data_address(content, "font/woff2")
        run = address.partition(b",")[2]
        value = run[100:104].decode("ascii")
        assert scan(tmp_path, "a.svg", b"url(" + address + b")", value).verdict is Verdict.PASS
        assert scan(tmp_path, "a.svg", b"url(" + run + b")", value).verdict is Verdict.FAIL


def encrypted_zip() -> bytes:
    packed = bytearray(zipped({"a.csv": FILLER}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def nested(times: int) -> bytes:
    content = FILLER
    for _ in range(times):
        content = zipped({"a.zip": content})
    return content


NOT_UNDERSTOOD = {
    "a picture cut short": ("a.png", png()[:-8]),
    "pixels that are none": ("a.png", png(idat=b"nothing")),
    "an encrypted member": ("a.zip", encrypted_zip()),
    "another compression": ("a.zip", zipped({"a.csv": FILLER}, method=zipfile.ZIP_BZIP2)),
    "a member that the directory leaves out": (
        "a.zip",
        zipped({"b.csv": FILLER})[:80] + zipped({"a.csv": b"a"}),
    ),
    "containers in containers": ("a.zip", nested(9)),
    "another filter": ("a.pdf", pdf(b"abc", filters=b"/LZWDecode")),
    "a stream cut short": ("a.pdf", pdf(stream(b"")[:-6])),
    "an encrypted PDF": ("a.pdf", pdf(information=b"(a) /Encrypt 9 0 R")),
}  # fmt: skip


@pytest.mark.parametrize("place", NOT_UNDERSTOOD)
def test_what_cannot_be_taken_apart_asks_for_a_review(tmp_path: Path, place: str) -> None:
    finding = scan(tmp_path, *NOT_UNDERSTOOD[place])
    assert finding.verdict is Verdict.REVIEW
    assert finding.counts["parts_not_understood"]
    assert "damaged" in finding.remedy


def test_a_stream_beyond_the_bound_asks_for_a_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anonymize.spans.MOST_INFLATED", 10_000)
    assert scan(tmp_path, "a.zip", zipped({"a.csv": bytes(9_999)})).verdict is Verdict.PASS
    assert scan(tmp_path, "a.zip", zipped({"a.csv": bytes(10_001)})).verdict is Verdict.REVIEW
    several = zipped({"a.csv": bytes(6_000), "b.csv": bytes(6_001)})
    assert scan(tmp_path, "a.zip", several).verdict is Verdict.REVIEW


def test_a_value_is_found_in_every_file_that_holds_the_same_member(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(RAW)
    finding = scan(tmp_path, "b.zip", zipped({"a.csv": RAW}))
    assert finding.counts["found"] == {"person.name in .csv": 1, "person.name in .zip": 1}


def test_a_value_across_the_border_of_two_windows_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anonymize.leaks.scan._WINDOW", 64)
    for before in range(40, 80):
        escaped = "".join(f"&#{ord(letter)};" for letter in NAME).encode()
        for written in (RAW, escaped, NAME.upper().encode()):
            finding = scan(tmp_path, "a.html", b"." * before + written + b"." * 80)
            assert finding.verdict is Verdict.FAIL


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=4, max_size=12).filter(
    lambda text: not is_in_own_texts(text)
)
WRAPPINGS = st.lists(st.sampled_from(["zip", "stored", "png", "pdf", "base64"]), max_size=3)


def wrapped(content: bytes, wrapping: str) -> bytes:
    return {
        "zip": lambda: zipped({"a": content}),
        "stored": lambda: zipped({"a": content}, method=zipfile.ZIP_STORED),
        "png": lambda: png(after=content),
        "pdf": lambda: pdf(zlib.compress(content)),
        "base64": lambda: b"<a href='" + as_data_address(content) + b"'>",
    }[wrapping]()


@settings(max_examples=60, deadline=None)
@given(value=WORDS, before=st.binary(max_size=30), after=st.binary(max_size=30), wrappings=WRAPPINGS)
def test_any_value_is_found_in_any_containers(
    tmp_path_factory: pytest.TempPathFactory, value: str, before: bytes, after: bytes, wrappings: list[str]
) -> None:
    content = b"." + before + value.encode("utf-8") + after
    for wrapping in wrappings:
        content = wrapped(content, wrapping)
    finding = scan(tmp_path_factory.mktemp("release"), "any.bin", content, value)
    assert (finding.verdict, named(finding)) == (Verdict.FAIL, 1)


@settings(max_examples=150, deadline=None)
@given(
    whole=st.sampled_from([content for _, content in (*READABLE.values(), *BY_CHANCE.values())]),
    start=st.integers(0, 400),
    length=st.integers(0, 12),
    damage=st.binary(max_size=12),
)
def test_a_damaged_file_is_read_to_its_end_whatever_is_damaged(
    whole: bytes, start: int, length: int, damage: bytes
) -> None:
    damaged = whole[:start] + damage + whole[start + length :]
    parts = list(readable_parts(damaged + RAW))
    assert any(RAW in part.data for part in parts) or not all(part.understood for part in parts)
