"""Does something that looks like an id stand in this release and in an earlier one? It would join the two.

Looked at are the texts of `release.db`, CSV and JSON. What every release of a group shares is left out: the
program's own words, what a release states of itself, periods, days, and the checksums of its own files.
"""

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from .hashes import digests_of_file
from .own_texts import own_texts

_TOKEN = re.compile(r"(?<![\w-])[^\W_][\w-]{5,127}(?![\w-])")
_PERIOD_OR_DAY = re.compile(r"(?:19|20)\d\d(?:-(?:Q[1-4X]|\d\d(?:-\d\d)?))?(?:[-_]?(?:19|20)\d\d)?")
_NUMBERS = frozenset({"value", "lower", "upper"})
_READ = ("*.csv", "*.json", "*.jsonld")
_FEWEST_DIGITS = 3  # beside letters
_SHORTEST_NUMBER = 6  # digits of an id that is a number; smaller numbers stand in any two releases
_SHORTEST_STATED = 4  # characters of a text that a release states of itself
_SHORTEST_MIXED = 16  # characters of an id in capitals, small letters and digits, as base64 writes it


def stable_ids(folder: Path, earlier: Iterable[Path]) -> set[str]:
    """Return in which kinds of files of a release there is an id that an earlier one has too.

    Args:
        folder: Folder of the release.
        earlier: Folders of earlier releases.
    """
    others = set[str]().union(*(dict(_ids_of(one)).keys() for one in earlier))
    shared = {token: kind for token, kind in _ids_of(folder) if token in others} if others else {}
    if not shared:
        return set()
    own, stated = _own_tokens(folder), _stated(folder)
    return {kind for token, kind in shared.items() if token not in own and not _is_stated(token, stated)}


def _is_stated(token: str, stated: Iterable[str]) -> bool:
    """Return whether a token is made of what the release states of itself, such as its day or its name."""
    for text in stated:
        token = token.replace(text, "-")
    return not any(_ids_in(token.strip("-"), numbers=True)) and sum(map(str.isdigit, token)) < _FEWEST_DIGITS


def _ids_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what looks like an id, and the ending of the file that it stands in."""
    for pattern in _READ:
        for path in sorted(folder.rglob(pattern)):
            text = path.read_text(encoding="utf-8", errors="replace")
            texts = _cells(text) if path.suffix == ".csv" else [text]
            for one in texts:
                yield from ((token, path.suffix) for token in _ids_in(one, numbers=path.suffix == ".csv"))
    for text in _texts_of_database(folder / "release.db"):
        yield from ((token, ".db") for token in _ids_in(text, numbers=True))


def _ids_in(text: str, *, numbers: bool) -> Iterator[str]:
    """Yield the tokens of a text that look like an id: letters among digits, or long numbers."""
    for token in set(_TOKEN.findall(text)):
        digits = sum(map(str.isdigit, token))
        letters = sum(map(str.isalpha, token))
        if _PERIOD_OR_DAY.fullmatch(token):
            continue
        if not letters:
            if numbers and digits >= _SHORTEST_NUMBER:
                yield token
        elif digits >= _FEWEST_DIGITS or (digits and _is_mixed(token)):
            yield token


def _is_mixed(token: str) -> bool:
    return len(token) >= _SHORTEST_MIXED and not token.islower() and not token.isupper()


def _cells(text: str) -> list[str]:
    """Return the cells of a CSV file that are no numbers of cells."""
    rows = csv.reader(text.splitlines())
    head = next(rows, [])
    numbers = {place for place, name in enumerate(head) if name.split("_")[0] in _NUMBERS}
    return [*head, *{cell for row in rows for place, cell in enumerate(row) if place not in numbers}]


def _texts_of_database(path: Path) -> Iterator[str]:
    if not path.is_file():
        return
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        try:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                table = str(name).replace('"', '""')
                rows = database.execute(f'SELECT * FROM "{table}"')
                columns = [one[0] for one in rows.description]
                for row in rows:
                    named = zip(columns, row, strict=True)
                    yield from (
                        str(cell) for column, cell in named if cell is not None and column not in _NUMBERS
                    )
        except sqlite3.Error:
            return  # damaged: told by the reader of the file


def _own_tokens(folder: Path) -> frozenset[str]:
    """Return what every release may have: the program's words and the checksums of its own files."""
    tokens = {token for text in own_texts() for token in _TOKEN.findall(text)}
    for path in folder.rglob("*"):
        if path.is_file():
            tokens.update(digests_of_file(path.read_bytes()))
    return frozenset(tokens)


def _stated(folder: Path) -> list[str]:
    """Return what a release states of itself, the longest first."""
    path = folder / "release.db"
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        try:
            values = [str(text) for (text,) in database.execute("SELECT value FROM release")]
        except sqlite3.Error:
            return []
    words = {
        word for text in values for word in (text, *_TOKEN.findall(text)) if len(word) >= _SHORTEST_STATED
    }
    return sorted(words, key=lambda word: (-len(word), word))
