"""Every form of a value in every hiding place of a real small release: the leak scan finds each one.

The release is real: tables, drawings and pages of an invented group. One value is written into it in one form
and in one place at a time.
"""

import base64
import binascii
import gzip
import hashlib
import html
import io
import json
import shutil
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from anonymize import scan_release
from anonymize.leaks import PrivateValues, private_values
from codebook import Verdict
from ingest.storing.people import match_keys
from reports.chart_styles import FontFaces
from reports.draw import Drawing, draw_chart
from reports.publish import font_texts
from reports.published import load_release
from reports.select import select_charts
from tests.vault_factory import new_vault

from .conftest import Published
from .containers import international_text, pdf, png, png_chunk
from .small_vault import SmallVault

# An invented person, whose name, phone, handle and document the vault keeps as keyed prints only.
PERSON = {
    "name": "Зарема Выдуманова",
    "patronymic": "Ахмедовна",
    "phone": "+7 900 123-45-67",
    "social_handle": "@vydum_zarema",
    "email": "zarema@vydumanova.example",
    "document_number": "82 14 567890",
}
CASE = {
    "external_id": "HL-2024-00017",
    "settlement": "Выдуманское",
    "date_incident": "2024-03-08",
    "narrative": "Соседка видела серую машину у старой мельницы поздно вечером и записала номер",
}

FORMS: dict[str, tuple[str, str]] = {
    # form: what is written, and the field that must be told
    "name": ("Зарема Выдуманова", "person.name"),
    "name in another case": ("Зареме Выдумановой", "person.name"),
    "name in passport letters": ("Zarema Vydumanova", "person.name"),
    "name in English letters, declined": ("Zaremu Vidumanovu", "person.name"),
    "name in reversed order": ("ВЫДУМАНОВА ЗАРЕМА", "person.name"),
    "family name with initials": ("З. А. Выдуманова", "person.name"),
    "family name before an initial": ("Выдумановой З.", "person.name"),
    "phone in brackets": ("8 (900) 123 45 67", "person.phone"),
    "phone in digits": ("79001234567", "person.phone"),
    "handle as an address": ("https://t.me/vydum_zarema", "person.social_handle"),
    "mail": ("Zarema@Vydumanova.example", "person.social_handle"),
    "document": ("8214 567890", "person.document_number"),
    "case code in other punctuation": ("hl 2024/00017", "incident.external_id"),
    "settlement in another case": ("в Выдуманском", "incident.settlement"),
    "settlement in Latin letters": ("Vydumanskoe", "incident.settlement"),
    "day in words": ("8 марта 2024", "incident.date_incident"),
    "day with points": ("08.03.2024", "incident.date_incident"),
    "piece of a narrative": ("серую машину у старой мельницы поздно", "incident.narrative"),
    "hash of a case code": (hashlib.sha256(b"hl-2024-00017").hexdigest()[:12], "hash of incident.external_id"),  # noqa: E501
    "hash of a phone": (hashlib.md5(b"79001234567").hexdigest(), "hash of something unknown"),
    "hash of an id in base64": (base64.b64encode(hashlib.sha256(b"17").digest()).decode(), "hash of"),
}  # fmt: skip


# Forms that differ from another one in ways that no place touches.
ONCE = (
    "name in passport letters", "name in reversed order", "family name before an initial", "phone in digits", "mail",  # noqa: E501
    "day with points", "settlement in Latin letters", "hash of a phone", "hash of an id in base64",
)  # fmt: skip


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateValues]:
    with new_vault(tmp_path_factory.mktemp("leaks")) as vault:
        small = SmallVault(vault)
        case = small.case(**CASE)
        person = small.person(case)
        number = int(person)
        keys = match_keys(
            vault, {**PERSON, "date_of_birth": "1999-02-03", "date_of_birth_precision": "day"}, ""
        )
        vault.insert(
            "match_key",
            [
                {"match_key_id": place, "person_id": number, "kind": kind, "fingerprint": text}
                for place, (kind, text) in enumerate(keys, 1)
            ],
        )
        yield private_values(vault)


@pytest.fixture(scope="module")
def real(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of real tables (the smaller ones), one of its drawings, a page and a ZIP."""
    folder = tmp_path_factory.mktemp("real") / "r1"
    (folder / "charts").mkdir(parents=True)
    release = load_release(published.folder)
    chart = select_charts(release)[0]
    for picture in draw_chart(
        Drawing(release, chart, "ru"), FontFaces(font_texts(release, [chart])), kinds=("svg", "pdf")
    ):
        if not picture.name.endswith(".ru.svg"):
            (folder / "charts" / picture.name).write_bytes(picture.content)
    shutil.copy(published.folder / "release.db", folder / "release.db")
    with closing(sqlite3.connect(folder / "release.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM catalog ORDER BY cells DESC")]
        for name in tables[:-1]:
            database.execute(f"DROP TABLE {name}")
        database.execute("DELETE FROM fields")
        database.execute("DELETE FROM codes")
        database.execute("DROP TABLE records")
        database.commit()
        database.execute("VACUUM")
    (folder / "index.html").write_text("<html><body><p>Documented cases</p></body></html>", encoding="utf-8")
    return folder


def _sql(path: Path, *statements: tuple[str, tuple[str, ...]]) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        for statement, parameters in statements:
            database.execute(statement, parameters)
            database.commit()


def _in_row(folder: Path, text: str) -> None:
    _sql(folder / "release.db", ("INSERT INTO corrections VALUES ('', '', ?, '')", (text,)))


def _in_free_page(folder: Path, text: str) -> None:
    made = ("CREATE TABLE gone (a)", ()), ("INSERT INTO gone VALUES (?)", (text,)), ("DROP TABLE gone", ())
    _sql(folder / "release.db", *made)


def _deleted(folder: Path, text: str) -> None:
    _in_row(folder, text)
    _sql(folder / "release.db", ("DELETE FROM corrections WHERE text_en = ?", (text,)))


def _in_wide_database(folder: Path, text: str) -> None:
    made = (
        ("PRAGMA encoding = 'UTF-16le'", ()),
        ("CREATE TABLE t (a)", ()),
        ("INSERT INTO t VALUES (?)", (text,)),
    )
    _sql(folder / "other.db", *made)


def _into(name: str, content: Callable[[str], bytes]) -> Callable[[Path, str], object]:
    return lambda folder, text: (folder / name).write_bytes(content(text))


def _added(name: str, end: bytes, content: Callable[[str], bytes]) -> Callable[[Path, str], object]:
    """Write into a real file, before its last `end`."""

    def plant(folder: Path, text: str) -> None:
        (path,) = folder.glob(name)
        before, found, after = path.read_bytes().rpartition(end)
        assert found
        path.write_bytes(before + content(text) + found + after)

    return plant


def _zip(name: str, content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _pieces(text: str) -> str:
    return "".join(f"<tspan>{html.escape(text[at : at + 3])}</tspan>" for at in range(0, len(text), 3))


def _drawn(text: str) -> bytes:
    """Return a PDF that shows a text through a font subset whose codes only ToUnicode explains."""
    letters = list(dict.fromkeys(text))
    codes = "".join(f"{letters.index(letter):04x}" for letter in text)
    shown = "".join(f"<{codes[at : at + 8]}> -3 " for at in range(0, len(codes), 8))
    rows = "".join(f"<{code:04x}> <{ord(letter):04x}>\n" for code, letter in enumerate(letters))
    streams = f"BT /F1 9 Tf 0 0 Td [ {shown}] TJ ET", f"1 beginbfchar\n{rows}endbfchar"
    font = b"7 0 obj\n<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 2 0 R >>\nendobj\n"
    page = b"8 0 obj\n<< /Font << /F1 7 0 R >> >>\nendobj\n"
    packed = pdf(*(zlib.compress(one.encode("ascii")) for one in streams))
    return packed.replace(b"99 0 obj", font + page + b"99 0 obj")


def _exif(text: str) -> bytes:
    return png(png_chunk(b"eXIf", b"II*\x00\x08\x00\x00\x00" + text.encode("utf-16-le") + b"\x00\x00"))


def _escaped(text: str) -> str:
    return "".join(f"&#x{ord(letter):x};" for letter in text)


PLACES: dict[str, Callable[[Path, str], object]] = {
    "cell of a table": _into("a.csv", lambda text: f'code,label\n1,"{text}"\n'.encode()),
    "comment of a page": _added("index.html", b"</body>", lambda text: f"<!-- {text} -->".encode()),
    "attribute in entities": _added("index.html", b"</p>", lambda text: f'<i title="{_escaped(text)}"/>'.encode()),  # noqa: E501
    "JSON in escapes": _into("a.json", lambda text: json.dumps({"note": text}).encode()),
    "text of a drawing in pieces": _added("charts/*.ru.narrow.svg", b"</svg>", lambda text: f"<text>{_pieces(text)}</text>".encode()),  # noqa: E501
    "id of a path": _added("charts/*.ru.narrow.svg", b"</svg>", lambda text: f'<path id="{html.escape(text)}" d="M0 0"/>'.encode()),  # noqa: E501
    "hidden layer of a drawing": _added(
        "charts/*.ru.narrow.svg", b"</svg>", lambda text: f'<g display="none"><desc>{html.escape(text)}</desc></g>'.encode()  # noqa: E501
    ),
    "address in percent signs": _added(
        "charts/*.ru.narrow.svg", b"</svg>", lambda text: f'<a href="x?q={urllib.parse.quote(text, safe="")}"/>'.encode()  # noqa: E501
    ),
    "compressed text of a picture": _into("a.png", lambda text: png(international_text(text, compressed=True))),  # noqa: E501
    "EXIF of a picture": _into("a.png", _exif),
    "stream of a PDF": _into("a.pdf", lambda text: pdf(zlib.compress(text.encode()))),
    "words drawn by a PDF": _into("a.pdf", _drawn),
    "title of a PDF": _added(
        "charts/*.ru.pdf", b"trailer", lambda text: b"<</Title <FEFF" + binascii.hexlify(text.encode("utf-16-be")) + b">>>\n"  # noqa: E501
    ),
    "row of the database": _in_row,
    "free page of the database": _in_free_page,
    "deleted row of the database": _deleted,
    "database in UTF-16": _in_wide_database,
    "member of a ZIP": _into("a.zip", lambda text: _zip("a.txt", text)),
    "name of a member": _into("a.zip", lambda text: _zip(text.replace("/", "%2F"), "nothing")),
    "name of a file": lambda folder, text: (folder / text.replace("/", "%2F")).write_bytes(b""),
    "gzip": _into("a.gz", lambda text: gzip.compress(text.encode(), mtime=0)),
    "base64": _into("a.yml", lambda text: b"note: " + base64.b64encode(text.encode()) + b"\n"),
    "UTF-16": _into("a.txt", lambda text: text.encode("utf-16")),
    "Cyrillic of Windows": _into("a.txt", lambda text: f"note: {text}.".encode("cp1251")),
}  # fmt: skip


def _not_for(place: str) -> Callable[..., set[str]]:
    kept = {
        "drawing": "*.narrow.svg",
        "path": "*.narrow.svg",
        "percent": "*.narrow.svg",
        "title": "*.pdf",
        "database": "*.db",
    }
    patterns = {pattern for word, pattern in kept.items() if word not in place}
    return shutil.ignore_patterns(*(patterns - {kept[word] for word in kept if word in place}))


@pytest.mark.parametrize("place", PLACES)
def test_every_form_of_a_value_is_found_in_every_place(
    real: Path, values: PrivateValues, tmp_path: Path, place: str
) -> None:
    missed = []
    # All forms in one place, the telling ones in each: a scan is a fifth of a second.
    forms = FORMS if place == "cell of a table" else {form: FORMS[form] for form in FORMS if form not in ONCE}
    for form, (written, field) in forms.items():
        # Of the real files only those that the place may touch, and the page: a scan of all is a second each.
        folder = Path(shutil.copytree(real, tmp_path / form.replace(" ", "_"), ignore=_not_for(place)))
        PLACES[place](folder, written)
        finding = scan_release(folder, values)
        found = finding.counts.get("found", {})
        assert isinstance(found, dict)
        if finding.verdict is not Verdict.FAIL or not any(one.startswith(field) for one in found):
            missed.append(form)
    assert missed == []


def test_the_release_without_the_value_gives_no_finding(real: Path, values: PrivateValues) -> None:
    finding = scan_release(real, values)
    assert finding.counts.get("found", {}) == {}
    assert finding.verdict is Verdict.PASS
