"""One reader per column of a declaration: each distinct cell is cleaned once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from codebook import Codebook, FieldType, fold
from ingest.declarations import REPEATABLE
from ingest.mapping import Aim, Target
from ingest.problems import AMBIGUOUS, IMPOSSIBLE_NUMBER, UNKNOWN_CODE, UNREADABLE, Problem
from ingest.readers import Cell
from ingest.values import BLANKS, Gazetteer, read_code, read_joined_labels, reader_of, tidy, unpacker

_CACHE_SIZE = 20_000  # distinct cells of one column that are remembered
_CACHED_LENGTH = 120  # characters; longer cells are free text and do not come again
_YES = frozenset({"1", "true", "yes", "y", "да", "д", "x", "х", "+", "v", "✓"})
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # JSON can spell half of a character; no text holds one
_NO = frozenset({"", "0", "false", "no", "n", "нет", "н"})


@dataclass(frozen=True)
class Setting:
    """What all columns of a source share.

    Attributes:
        blanks: Folded spellings that mean nothing recorded.
        serials: Whether a plain number in a date column is a day of Excel's calendar.
    """

    book: Codebook
    gazetteer: Gazetteer
    blanks: frozenset[str]
    serials: bool


class CellReader:
    """Reads the cells of one target; `read` returns a clean value, None for nothing, or a Problem."""

    def __init__(self, target: Target, setting: Setting) -> None:
        self.target = target
        self.entity = target.entity
        self.name = target.path.partition(".")[2]
        self.is_plain = target.aim is Aim.FIELD and target.path not in REPEATABLE
        self.several = False
        self._setting = setting
        self._cache: dict[Cell, Any] = {}
        self._clean = self._choose()

    def read(self, cell: Cell) -> Any:
        """Return the clean value of a cell, remembered if the cell is short."""
        try:
            return self._cache[cell]
        except KeyError:
            pass
        clean = self.clean(cell)
        if len(cell) <= _CACHED_LENGTH:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            self._cache[cell] = clean
        return clean

    def clean(self, cell: Cell) -> Any:
        """Return the clean value of a cell that is not remembered."""
        texts = [tidy(part) for part in ([cell] if isinstance(cell, str) else cell)]
        blanks = self._setting.blanks
        texts = [text for text in texts if text not in BLANKS and not (blanks and fold(text) in blanks)]
        if not texts:
            return None
        if any(not text.isascii() and _HALF_CHARACTER.search(text) for text in texts):
            return UNREADABLE
        if self._unpack:
            texts = self._unpack(texts)
            if not texts:
                return None
        if not self.several:
            return self._settled(self._clean(texts[0]) if len(texts) == 1 else AMBIGUOUS)
        return self._gathered_codes(texts)

    def _gathered_codes(self, texts: list[str]) -> Any:
        codes: dict[str, None] = {}
        for text in texts:
            clean = self._settled(self._clean(text))
            if isinstance(clean, Problem):
                return clean
            codes.update(dict.fromkeys(clean if isinstance(clean, list) else [clean] if clean else []))
        return list(codes) or None

    def _settled(self, clean: Any) -> Any:
        # A code that nobody knows may be passed over where the declaration says so; an impossible age or
        # date, or a cell with two meanings, never is.
        if clean is UNKNOWN_CODE and self.target.otherwise is not None:
            return self.target.otherwise or None
        return clean

    def _choose(self) -> Callable[[str], Any]:
        target, book = self.target, self._setting.book
        if target.aim is Aim.LINK:
            self._unpack = None
            return lambda text: int(text) if text.isdigit() and 0 < int(text) < 1000 else IMPOSSIBLE_NUMBER
        path = "consent.consent_status" if target.aim is Aim.CONSENT else target.path
        known = book.field(path)
        self._unpack = unpacker(target, known.type)
        self.several = known.type is FieldType.CODES or path in REPEATABLE or target.aim is Aim.CONSENT_SCOPES
        if target.flag:
            return lambda text: _flag(text, target.flag)
        if not known.code_list:
            read = reader_of(known, order=target.order, unit=target.unit, serials=self._setting.serials)
            own = target.values
            return (lambda text: _own_or(text, own, read)) if own else read
        spellings = book.code_lists[known.code_list].spellings
        if target.joined_labels:
            codes = book.code_lists[known.code_list].codes.values()
            labels = {fold(label): one.code for one in codes for label in (one.label_en, one.label_ru)}
            return lambda text: read_joined_labels(text, spellings, target.values, labels)
        if known.code_list == "region":
            return lambda text: self._region(text, spellings)
        return lambda text: read_code(text, spellings, target.values)

    def _region(self, text: str, spellings: Mapping[str, str]) -> Any:
        code = read_code(text, spellings, self.target.values)
        if code is UNKNOWN_CODE:
            return self._setting.gazetteer.region_of(text)
        return code


def _flag(text: str, code: str) -> Any:
    folded = fold(text)
    if folded in _YES:
        return code
    return None if folded in _NO else UNKNOWN_CODE


def _own_or(text: str, own: Mapping[str, str], read: Callable[[str], Any]) -> Any:
    folded = fold(text)
    if folded in own:
        return read(own[folded]) if own[folded] else None
    return read(text)
