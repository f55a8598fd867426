"""Does any identifying value of the vault stand in any byte of the release? The last check before naming it.

Every text that is a direct identifier or operational is searched, as written and in any case, in every file
of the folder, names of files included, also as JSON, HTML and addresses escape it. Not searched yet: spelling
variants, transliterations, phones in other punctuation, streams that are compressed inside a file.
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
# Only these are told: another suffix, or the name of a file without one, may itself be what was found.
_TOLD_SUFFIXES = frozenset(
    {".cff", ".csv", ".db", ".html", ".json", ".jsonld", ".pdf", ".png", ".svg", ".txt", ".woff2", ".yml"}
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
    """Search every byte of a release for the values, and report counts by field and kind of file.

    Returns:
        FAIL where one is found or nothing was searched, REVIEW where some could not be; never a value.
    """
    own_dates = _own_dates(folder)
    searched = [one for one in values.searchable if not _is_part_of(one.text, own_dates)]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    suspects = _suspects(searched, files, folder)
    hits: Counter[str] = Counter()
    for path in files if suspects else []:
        found = _present(suspects, _haystacks(path, folder))
        hits.update(f"{value.field} in {_kind(path)}" for value in found)
    counts: dict[str, object] = {
        "values_searched": _rounded_down(len(searched)),
        "files_searched": len(files),
        "values_found": sum(hits.values()),
        "values_not_searchable": _rounded_down(values.unsearchable),
    }
    if hits:
        counts["found"] = dict(hits)
    if hits or not searched or not files:
        verdict, remedy = (
            Verdict.FAIL,
            "do not publish; report the fields named here as a fault of the program",
        )
    elif values.unsearchable:
        # What was not checked has not passed.
        verdict, remedy = (
            Verdict.REVIEW,
            "use case codes with letters: short numbers stand in any file by chance",
        )
    else:
        verdict, remedy = Verdict.PASS, ""
    rule = "rules 7-13: no identifying or operational text of the vault stands in any byte of the release"
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


def _haystacks(path: Path, folder: Path) -> tuple[bytes, bytes]:
    """Return the bytes of a file and its name, as they are, and in one case with what was escaped."""
    raw = path.read_bytes() + b"\n" + str(path.relative_to(folder)).encode("utf-8") + b"\n"
    text = raw.decode("utf-8", "ignore")
    readings = dict.fromkeys(
        [text, *(unescape(text) for unescape in (_from_json, html.unescape, urllib.parse.unquote))]
    )
    return raw, "".join(readings).casefold().encode("utf-8", "ignore")


_JSON_ESCAPE = re.compile(r'((?:\\u[0-9a-fA-F]{4})+)|\\(["\\/bfnrt])')
_JSON_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _from_json(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found[2]:
            return _JSON_LETTERS.get(found[2], found[2])
        units = "".join(chr(int(unit, 16)) for unit in found[1].split("\\u")[1:])
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")

    return _JSON_ESCAPE.sub(plain, text)


def _suspects(
    values: Sequence[PrivateValue], files: Iterable[Path], folder: Path
) -> list[tuple[PrivateValue, tuple[bytes, bytes]]]:
    """Return the values, with their needles, of which every four bytes stand somewhere in the files.

    One filter over all files, file by file: the memory is that of the filter and of the largest file.
    """
    filters = tuple(np.zeros(1 << _BITS, np.bool_) for _ in range(2))
    for path in files:
        for grams, haystack in zip(filters, _haystacks(path, folder), strict=True):
            grams[_hashed(haystack)] = True
    needles = ((value, _needles(value)) for value in values)
    return [
        (value, pair)
        for value, pair in needles
        if any(_may_contain(grams, needle) for grams, needle in zip(filters, pair, strict=True))
    ]


def _present(
    suspects: Iterable[tuple[PrivateValue, tuple[bytes, bytes]]], haystacks: tuple[bytes, bytes]
) -> list[PrivateValue]:
    return [
        value
        for value, pair in suspects
        if any(needle in haystack for needle, haystack in zip(pair, haystacks, strict=True))
    ]


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
    return np.asarray((grams * np.uint32(2654435761)) >> np.uint32(32 - _BITS), np.uint32)
