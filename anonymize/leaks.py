"""Can any identifying value of the vault be read in the release? The last check before naming it.

Every text that is a direct identifier or operational is searched, as written and in any case, in all that
can be read in the folder (`readable.py`), names of files included, also as JSON, HTML and addresses escape
it. Not searched: spelling variants, transliterations, phones in other punctuation.
"""

import html
import json
import re
import sqlite3
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codebook import Codebook, FieldType, Role, Verdict, fold
from vault import Vault, texts_in

from .audit import Finding
from .readable import Part, readable_parts

SHORTEST_VALUE = 4  # characters; what is shorter stands in any text by chance
SHORTEST_NUMBER = 7  # digits; a shorter number stands in the coordinates of any picture by chance
_PRIVATE_ROLES = frozenset({Role.DIRECT_IDENTIFIER, Role.OPERATIONAL})
# Words that are not of a case: which reader and declaration took a file in, which language and form it has.
_OWN_FIELDS = frozenset(
    {
        "source.adapter",
        "source.source_name",
        "source.mapping_version",
        "source.source_language",
        "consent.consent_language",
        "consent.form_version",
    }
)
# Events of series that others publish: names of countries and kinds of events, which stand in any report.
_OWN_ENTITIES = frozenset({"context_event"})
# Only these are told: another suffix, or the name of a file without one, may itself be what was found.
_TOLD_SUFFIXES = frozenset(
    {".cff", ".csv", ".db", ".html", ".json", ".jsonld", ".pdf", ".png", ".svg", ".txt", ".woff2", ".yml"}
    | {".bib", ".ris", ".zip"}
)
_OWN_DATES = ("period_from", "period_to", "data_as_of", "built_at")
_DAY_OR_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_PRIVATE_TYPES = frozenset({FieldType.TEXT, FieldType.UUID, FieldType.SHA256})


@dataclass(frozen=True)
class PrivateValue:
    """One text that must not leave, and the field it belongs to."""

    field: str
    text: str


@dataclass(frozen=True)
class PrivateValues:
    """What is searched for, and how many values are too short or too plain to be told from chance."""

    searchable: Sequence[PrivateValue]
    unsearchable: int


def private_values(vault: Vault) -> PrivateValues:
    """Return every distinct identifying or operational text in the vault.

    A text that is a label of the codebook is left out: `Москва` as a provider's city is also a public region.
    """
    public = _public_vocabulary(vault.book)
    found: dict[str, PrivateValue] = {}
    unsearchable = set()
    for field, text in _texts(vault):
        text = text.strip()
        if len(text) < (SHORTEST_NUMBER if text.isdigit() else SHORTEST_VALUE):
            unsearchable.add(text)
        elif fold(text) not in public:
            found.setdefault(text, PrivateValue(field, text))
    return PrivateValues(list(found.values()), len(unsearchable))


def _texts(vault: Vault) -> Iterator[tuple[str, str]]:
    for name, entity in vault.book.entities.items():
        if name in _OWN_ENTITIES:
            continue
        columns = [
            one
            for one in entity.stored_fields
            if one.role in _PRIVATE_ROLES and one.type in _PRIVATE_TYPES and one.path not in _OWN_FIELDS
        ]
        for row in vault.rows(name):
            for one in columns:
                if row[one.name]:
                    yield one.path, str(row[one.name])
    for row in vault.rows("quarantine"):
        # Cells of rows that nobody could read: only what is long enough to be told from an age or a code.
        for text in texts_in(json.loads(row["row_json"] or "{}")):
            if len(text.strip()) >= SHORTEST_NUMBER:
                yield "quarantine.row_json", text


def _public_vocabulary(book: Codebook) -> frozenset[str]:
    return frozenset(
        fold(text)
        for code_list in book.code_lists.values()
        for code in code_list.codes.values()
        for text in (code.code, code.label_en, code.label_ru, *code.also_seen)
    )


def scan_release(folder: Path, values: PrivateValues) -> Finding:
    """Search what can be read of a release for the values, and report counts by field and kind of file.

    Returns:
        FAIL where one is found or nothing was searched, REVIEW where a value could not be searched for or
        a file could not be taken apart; never a value.
    """
    own_dates = _own_dates(folder)
    searched = [one for one in values.searchable if not _is_part_of(one.text, own_dates)]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    overlap = _ESCAPED * max((len(one.text.encode("utf-8")) for one in searched), default=0)
    suspects, not_understood = _suspects(searched, files, folder, overlap)
    hits: Counter[str] = Counter()
    for path in files if suspects else []:
        parts = (part.data for part in _parts(path, folder))
        hits.update(f"{value.field} in {_kind(path)}" for value in _present(suspects, parts, overlap))
    counts: dict[str, object] = {
        "values_searched": _rounded_down(len(searched)),
        "files_searched": len(files),
        "values_found": sum(hits.values()),
        "values_not_searchable": _rounded_down(values.unsearchable),
        "parts_not_understood": not_understood,
    }
    if hits:
        counts["found"] = dict(hits)
    if hits or not searched or not files:
        verdict, remedy = (
            Verdict.FAIL,
            "do not publish; report the fields named here as a fault of the program",
        )
    elif values.unsearchable or not_understood:
        # What was not checked has not passed.
        remedies = {
            "use case codes with letters: short numbers stand in any file by chance": values.unsearchable,
            "look into the files that are damaged, encrypted or packed in an unknown way": not_understood,
        }
        verdict, remedy = Verdict.REVIEW, "; ".join(text for text, number in remedies.items() if number)
    else:
        verdict, remedy = Verdict.PASS, ""
    rule = "rules 7-13: no identifying or operational text of the vault can be read in the release"
    return Finding("leak_scan", verdict, rule, counts, remedy)


def _own_dates(folder: Path) -> frozenset[str]:
    """Return the days that a release states of itself: its period, and when it was made."""
    path = folder / "release.db"
    if not path.is_file():
        return frozenset()
    query = "SELECT value FROM release WHERE key IN (?, ?, ?, ?)"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            rows = database.execute(query, _OWN_DATES).fetchall()
    except sqlite3.Error:
        return frozenset()  # it states nothing of itself, so nothing is its own
    return frozenset(str(value) for (value,) in rows)


def _is_part_of(text: str, own_dates: frozenset[str]) -> bool:
    """Return whether a text is one of the release's own days or its month, as a cell in quarantine may be."""
    return bool(_DAY_OR_MONTH.fullmatch(text)) and any(day.startswith(text) for day in own_dates)


def _rounded_down(number: int) -> int:
    """How many values there are says how many cases there are: one digit only."""
    magnitude = 10 ** max(len(str(number)) - 1, 0)
    return int(number // magnitude * magnitude)


def _kind(path: Path) -> str:
    return path.suffix if path.suffix in _TOLD_SUFFIXES else "a file of another kind"


def _parts(path: Path, folder: Path, seen: set[bytes] | None = None) -> Iterator[Part]:
    """Yield the name of a file and what can be read in it."""
    yield Part(str(path.relative_to(folder)).encode("utf-8", "surrogateescape"))
    yield from readable_parts(path.read_bytes(), seen=seen)


_WINDOW = 1 << 20  # bytes: what is held of a file in several readings at once
_ESCAPED = 12  # bytes for a byte of UTF-8, at most: HTML may write `&#x0000041;`


def _haystacks(data: bytes, overlap: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield windows of the bytes, as they are, and in one case with what was escaped.

    Each window repeats so many bytes of the one before it as the longest value may take when it is escaped.
    """
    for start in range(0, max(len(data), 1), _WINDOW):
        raw = data[max(start - overlap, 0) : start + _WINDOW]
        text = raw.decode("utf-8", "ignore")
        readings = dict.fromkeys(
            [text, *(unescape(text) for unescape in (_from_json, html.unescape, urllib.parse.unquote))]
        )
        yield raw, "\n".join(readings).casefold().encode("utf-8", "ignore")


_JSON_ESCAPE = re.compile(r'((?:\\u[0-9a-fA-F]{4})+)|\\(["\\/bfnrt])')
_JSON_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _from_json(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found[2]:
            return _JSON_LETTERS.get(found[2], found[2])
        units = "".join(chr(int(unit, 16)) for unit in found[1].split("\\u")[1:])
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")

    return _JSON_ESCAPE.sub(plain, text)


_Suspect = tuple[PrivateValue, tuple[bytes, bytes]]


def _suspects(
    values: Sequence[PrivateValue], files: Iterable[Path], folder: Path, overlap: int
) -> tuple[list[_Suspect], int]:
    """Return the values, with their needles, of which every four and every eight bytes stand in the files.

    One filter over all files: the memory is that of the filter and of the largest file. A content that stands
    in several files is read once.

    Returns:
        The suspects, and how many parts of files could not be taken apart.
    """
    filters = tuple(np.zeros(1 << _BITS, np.bool_) for _ in range(2))
    seen: set[bytes] = set()
    not_understood = 0
    for part in (part for path in files for part in _parts(path, folder, seen)):
        not_understood += not part.understood
        for haystacks in _haystacks(part.data, overlap):
            for grams, haystack in zip(filters, haystacks, strict=True):
                grams[_hashed(haystack)] = True
    needles = ((value, _needles(value)) for value in values)
    suspects = [
        (value, pair)
        for value, pair in needles
        if any(_may_contain(grams, needle) for grams, needle in zip(filters, pair, strict=True))
    ]
    return suspects, not_understood


def _present(suspects: Iterable[_Suspect], parts: Iterable[bytes], overlap: int) -> list[PrivateValue]:
    """Return the suspects that stand in the parts of one file, each once."""
    left = dict(enumerate(suspects))
    found = []
    for haystacks in (pair for part in parts for pair in _haystacks(part, overlap)):
        here = [
            index
            for index, (_, needles) in left.items()
            if any(needle in haystack for needle, haystack in zip(needles, haystacks, strict=True))
        ]
        found += [left.pop(index)[0] for index in here]
    return found


def _needles(value: PrivateValue) -> tuple[bytes, bytes]:
    return value.text.encode("utf-8"), value.text.casefold().encode("utf-8")


_BITS = 26  # 64 MiB: sparse enough for a release of some 10 MB, and without false negatives for any


def _may_contain(present: NDArray[np.bool_], needle: bytes) -> bool:
    return bool(present[_hashed(needle)].all())


def _hashed(data: bytes) -> NDArray[np.uint32]:
    array = np.frombuffer(data, np.uint8).astype(np.uint32)
    if len(array) < 4:
        return np.zeros(0, np.uint32)
    grams = array[:-3] | array[1:-2] << 8 | array[2:-1] << 16 | array[3:] << 24
    fours = np.asarray((grams * np.uint32(2654435761)) >> np.uint32(32 - _BITS), np.uint32)
    # Eight bytes too: every four digits stand somewhere in a release, so four cannot tell numbers apart.
    eights = (fours[:-4] * np.uint32(2246822519)) ^ (fours[4:] * np.uint32(3266489917))
    return np.concatenate((fours, eights >> np.uint32(32 - _BITS)))
