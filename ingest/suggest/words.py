"""What the heading of a column says it is: by the words that people use, and the codebook's own labels."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from codebook import Codebook, CodebookError, FieldType, fold

_FILE = Path(__file__).with_name("field_words.yml")
_PERPETRATOR = {
    "person.name": "perpetrator.perpetrator_name",
    "person.sex": "perpetrator.perpetrator_sex",
    "person.age": "perpetrator.perpetrator_age",
    "person.occupation": "perpetrator.perpetrator_occupation",
}
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_QUESTION_NUMBER = re.compile(r"^(?:q|вопрос)?\s*\d{1,3}[.)]\s*")
_SERVER = re.compile(r"_|meta[/-]|formhub/")  # how a form server begins the names of its own columns
_MARKS = re.compile(r"[?*/\\:;,.\"«»_-]+")
DATE, IGNORE, COORDINATES, ROW_NUMBER = "date", "ignore", "coordinates", "row_number"


@dataclass(frozen=True)
class Heading:
    """What a heading says.

    Attributes:
        kind: `field`, `consent`, `date`, `ignore`, `coordinates`, `row_number`; empty if nothing is known.
        target: `entity.field`, or the scope of a consent.
        whole: Whether all its words are known, not only some.
        doubtful: Whether the words may mean something else.
    """

    kind: str = ""
    target: str = ""
    whole: bool = False
    doubtful: bool = False


class FieldWords:
    """The words of headings, with the labels and names of the codebook."""

    def __init__(self, book: Codebook) -> None:
        data = _data()
        self._known: dict[str, Heading] = {}
        self._person, self._perpetrator = (_levels(data[key]) for key in ("of_person", "of_perpetrator"))
        doubtful = _levels(data["unsure"])
        for path, words in (*_labels(book).items(), *data["fields"].items()):
            self._learn(words, "field", path, doubtful)
        for scope, words in data["consents"].items():
            self._learn(words, "consent", scope, frozenset(_levels(words)))
        for kind in (DATE, IGNORE, COORDINATES, ROW_NUMBER):
            self._learn(data[kind], kind, "", doubtful)

    def _learn(self, words: Iterable[str], kind: str, target: str, doubtful: frozenset[str]) -> None:
        for word in _levels(words):
            self._known[word] = Heading(kind, target, True, word in doubtful)

    def read(self, heading: str) -> Heading:
        """Return what a heading says; the longest words known in it decide."""
        folded = fold(heading)
        if _SERVER.match(heading):
            found = self._read(level(folded))
            return found if found and found.kind == COORDINATES else Heading(IGNORE, whole=True)
        texts = (folded, _IN_BRACKETS.sub(" ", folded), folded.rpartition("/")[2])
        read = [self._read(level(text)) for text in texts if text]
        return next((one for one in read if one and one.whole), next(filter(None, read), Heading()))

    def _read(self, words: str) -> Heading | None:
        if words in self._known:
            return self._known[words]
        bare, of_perpetrator = self._without_owner(words)
        if of_perpetrator and not bare:
            return self._known.get("кто")
        found = self._known.get(bare) or self._longest_in(bare)
        if found and of_perpetrator:
            target = _PERPETRATOR.get(found.target)
            return Heading("field", target, found.whole) if target else self._longest_in(words)
        return found

    def _without_owner(self, words: str) -> tuple[str, bool]:
        of_perpetrator = False
        for owner in sorted(self._person | self._perpetrator, key=len, reverse=True):
            without = re.sub(rf"(?:^|\s){re.escape(owner)}(?=\s|$)", " ", words)
            if without != words:
                words, of_perpetrator = (
                    " ".join(without.split()),
                    of_perpetrator or owner in self._perpetrator,
                )
        return words, of_perpetrator

    def _longest_in(self, words: str) -> Heading | None:
        parts = words.split(" ")
        for length in range(len(parts) - 1, 0, -1):
            for start in range(len(parts) - length + 1):
                part = " ".join(parts[start : start + length])
                if len(part) > 2 and (found := self._known.get(part)):
                    return Heading(found.kind, found.target, False, True)
        return None


def level(text: str) -> str:
    """Return the words of a heading without numbers of questions, marks and repeated blanks."""
    bare = _QUESTION_NUMBER.sub("", fold(text))
    return " ".join(_MARKS.sub(" ", bare).split())


def _levels(words: Iterable[str]) -> frozenset[str]:
    return frozenset(level(str(word)) or fold(str(word)) for word in words)


@cache
def _data() -> Mapping[str, Any]:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    wanted = {
        "fields", "unsure", "consents", "of_person", "of_perpetrator", DATE, IGNORE, COORDINATES, ROW_NUMBER,
    }  # fmt: skip
    if not isinstance(data, dict) or set(data) != wanted:
        raise CodebookError(
            f"{_FILE.name}: other keys are expected", remedy=f"use {', '.join(sorted(wanted))}"
        )
    return data


def _labels(book: Codebook) -> dict[str, list[str]]:
    """Return the words of the codebook for every field that a column can fill."""
    found: dict[str, list[str]] = {}
    for entity in book.entities.values():
        if entity.name in ("evidence", "context_event", "consent", "funding"):
            continue
        for field in entity.stored_fields:
            if field.type not in (FieldType.UUID, FieldType.SHA256) and field.name not in _OWN_WORDS:
                found[field.path] = [field.label_en, field.label_ru, field.name]
    return found


# Filled by the run, or a word too common to be the name of one field.
_OWN_WORDS = frozenset(
    {
        "file_row", "record_key", "source_name", "mapping_version", "adapter", "source_language", "worker",
        "place_from", "place_to", "date_precision", "country", "status", "external_id", "name",
    }
)  # fmt: skip
