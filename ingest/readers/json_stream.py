"""The records of one list of a JSON document, one at a time: memory holds one record, however long the list.

Not by ijson: it gives numbers as numbers (here `0.10` must stay `0.10`) and does not see a key that stands
twice. The decoder is Python's own, asked for one value after the other.
"""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from codebook import SourceError

from .table import empty_file

MAXIMUM_VALUE = 2 * 2**20  # characters of one record, or of one value beside the list of records
MAXIMUM_KEYS = 10_000  # of an object around the list
_PIECE = 2**18  # characters read at once
_SPACE = re.compile(r"[ \t\r\n]*")


class NoList(Exception):
    """The document is whole, and there is no list where one is sought."""


def decoded(text: str) -> Any:
    """Return one JSON value; numbers stay as they are written: 0.10 is not 0.1, and no integer is too long.

    Raises:
        ValueError: Not JSON, a number that is none, or a key that stands twice.
        RecursionError: Nested too deeply.
    """
    return json.loads(text, **_RULES)


def records_at(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
    """Yield the records of a list with their positions, from 1.

    Args:
        keys: Names of the objects around the list, from the outside; empty where the document is the list.

    Raises:
        SourceError: Not whole JSON in UTF-8, or a single value larger than `MAXIMUM_VALUE`; raised where it
            stands, so after the records before it.
        NoList: At the end, where there is no such list.
    """
    with _refusing(path.name), path.open(encoding="utf-8-sig", newline="") as file:
        stream = _Stream(file, path.name)
        if not stream.peek():
            raise empty_file(path.name)
        found = yield from _inside(stream, keys)
        if stream.peek():
            raise ValueError("something stands behind the document")
    if not found:
        raise NoList


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise SourceError(f"{name}: JSON must be UTF-8", remedy="save it as UTF-8") from None
    except (ValueError, RecursionError):
        raise SourceError(
            f"{name}: this is not whole JSON, or a key stands twice in a record", remedy="export it again"
        ) from None


def _inside(stream: "_Stream", keys: tuple[str, ...]) -> Generator[tuple[int, Any], None, bool]:
    """Yield the records below `keys`; returns whether there was a list of them."""
    if not keys and stream.peek() == "[":
        yield from enumerate(_elements(stream), start=1)
        return True
    if not keys or stream.peek() != "{":
        stream.value()
        return False
    found = False
    for key in _keys(stream):
        if key == keys[0]:
            found = yield from _inside(stream, keys[1:])
        else:
            stream.value()
    return found


def _elements(stream: "_Stream") -> Iterator[Any]:
    stream.expect("[")
    if stream.passes("]"):
        return
    while True:
        yield stream.value()
        if stream.passes("]"):
            return
        stream.expect(",")


def _keys(stream: "_Stream") -> Iterator[str]:
    """Yield the keys of an object, each of them when its value is next."""
    seen: set[str] = set()
    stream.expect("{")
    if stream.passes("}"):
        return
    while True:
        if stream.peek() != '"':
            raise ValueError("a key is a text")
        key = stream.value()
        stream.expect(":")
        if key in seen or len(seen) == MAXIMUM_KEYS:
            raise ValueError("a key stands twice, or there is no end of keys")
        seen.add(key)
        yield key
        if stream.passes("}"):
            return
        stream.expect(",")


class _Stream:
    """A text of which only a window is held."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file = file
        self._name = name
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """Return the next character that is no white space; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read(_PIECE):
                return ""

    def passes(self, character: str) -> bool:
        """Step over a character where it is the next one; returns whether it was."""
        is_next = self.peek() == character
        self._at += is_next
        return is_next

    def expect(self, character: str) -> None:
        """Step over a character, which must be the next one."""
        if not self.passes(character):
            raise ValueError(f"{character} is missing")

    def value(self) -> Any:
        """Return the next value."""
        self.peek()
        more = _PIECE
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                # Cut off at the end of the window, or wrong: what follows tells.
                if len(self._text) - self._at > MAXIMUM_VALUE:
                    raise self._too_large() from None
                if not self._read(more):
                    raise
            else:
                # A number at the end of the window may go on behind it.
                if end < len(self._text) or not self._read(more):
                    self._at = end
                    return value
            more *= 2  # so that a long value is not decoded anew for every piece

    def _read(self, size: int) -> bool:
        """Add to the window what follows and drop what was used; returns whether anything followed."""
        piece = self._file.read(size)
        if piece:
            self._text = self._text[self._at :] + piece
            self._at = 0
        return bool(piece)

    def _too_large(self) -> SourceError:
        return SourceError(
            f"{self._name}: a single record, or what stands beside the records, has more than "
            f"{MAXIMUM_VALUE // 2**20} million characters",
            remedy="export it without attachments; where the records lie deeper, correct `path` in the "
            "declaration",
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> str:
    raise ValueError(name)


_RULES: dict[str, Any] = {
    "parse_float": str, "parse_int": str, "parse_constant": _no_number, "object_pairs_hook": _once
}  # fmt: skip
_DECODER = json.JSONDecoder(**_RULES)
