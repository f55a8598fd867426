"""What the dictionary of OpenCorpora says of a Russian word: a name, a place, a plain word, or unknown.

The dictionary comes with the optional extra `[ner]` (package pymorphy2-dicts-ru, read with dawg-python). It
knows names also without capitals, which the recogniser of names needs.
"""

import array
import importlib.util
import json
import struct
from collections.abc import Sequence
from enum import Flag, auto
from functools import cache, lru_cache
from pathlib import Path
from typing import Any


class Reading(Flag):
    """What a word can be; none of them if the dictionary does not know it."""

    UNKNOWN = 0
    PLAIN = auto()
    NAME = auto()
    PLACE = auto()


_NAME_TAGS = ("Name", "Surn", "Patr")
_MISSING = ("dawg_python", "pymorphy2_dicts_ru")


class Dictionary:
    """The words of the dictionary with their readings."""

    def __init__(self, folder: Path) -> None:
        import dawg_python

        self._words: Any = dawg_python.RecordDAWG(">HH")
        self._words.load(str(folder / "words.dawg"))
        self._either_e: Any = dawg_python.DAWG.compile_replaces({"е": "ё"})
        self._tags: list[str] = json.loads((folder / "gramtab-opencorpora-int.json").read_text("utf-8"))
        self._paradigms = _read_paradigms(folder / "paradigms.array")
        self.reading = lru_cache(maxsize=65_536)(self._reading)

    def tags(self, folded: str) -> list[str]:
        """Return the grammatical tags of every reading of a folded word."""
        found = []
        for _, records in self._words.similar_items(folded, self._either_e):
            for number, form in records:
                paradigm = self._paradigms[number]
                found.append(self._tags[paradigm[len(paradigm) // 3 + form]])
        return found

    def _reading(self, folded: str) -> Reading:
        found = Reading.UNKNOWN
        for tag in self.tags(folded):
            if any(one in tag for one in _NAME_TAGS):
                found |= Reading.NAME
            elif "Geox" in tag:
                found |= Reading.PLACE
            else:
                found |= Reading.PLAIN
        if found is Reading.UNKNOWN and "-" in folded:
            parts = [self.reading(part) for part in folded.split("-")]
            if all(parts):
                found = Reading.PLAIN if all(part & Reading.PLAIN for part in parts) else parts[0] | parts[-1]
        return found


def _read_paradigms(path: Path) -> Sequence[Sequence[int]]:
    data = path.read_bytes()
    (count,) = struct.unpack_from("<H", data)
    place, found = 2, []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, place)
        paradigm = array.array("H")
        paradigm.frombytes(data[place + 2 : place + 2 + 2 * length])
        found.append(paradigm)
        place += 2 + 2 * length
    return found


@cache
def load_dictionary() -> Dictionary | None:
    """Return the dictionary, None where the extra is not installed."""
    if not all(importlib.util.find_spec(name) for name in _MISSING):
        return None
    found = importlib.util.find_spec("pymorphy2_dicts_ru")
    if found is None or found.origin is None:
        return None
    return Dictionary(Path(found.origin).parent / "data")
