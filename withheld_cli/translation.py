"""Finished English messages in another language: templates with holes, matched and filled anew.

A catalogue says, for each English text that the program can tell, the same in its language. `{0}`, `{1}` are
holes for counts and names. In the translation `{0}` is the value as it is, `{0!t}` the value translated too,
and `{0:строка|строки|строк}` the form of a word that goes with the number. What is not in it stays English.
"""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MESSAGES = Path(__file__).parent / "messages"
_HOLE = re.compile(r"\{\d+\}")
_FILLED = re.compile(r"\{(?P<place>\d+)(?P<translate>!t)?(?::(?P<forms>[^{}]*))?\}")
_NUMBER = re.compile(r"\d+(?:[ ,]\d{3})*")
_AMOUNT = re.compile(r"\s*\d[\d ,.]*%?\s*")
_COLONS = 8  # behind which a known text is looked for
_LONGEST = 20_000  # characters of a text that is looked at
_LIST = "; "


@dataclass(frozen=True)
class Template:
    """An English text with holes, and what it is in another language."""

    literals: tuple[str, ...]  # around the holes: one more than there are holes
    translation: str
    amounts: tuple[int, ...]  # holes that hold a number, because a word goes with it

    @property
    def rank(self) -> tuple[bool, int]:
        """Which is tried first: one that begins with words of its own, then the one with most of them.

        What begins with a value, such as `{0} rows erased`, fits the end of too many other texts.
        """
        return not self.literals[0], -sum(map(len, self.literals))

    @property
    def has_lines(self) -> bool:
        """Whether it is a text of several lines."""
        return any("\n" in literal for literal in self.literals)

    def values(self, text: str) -> list[str] | None:
        """Return what stands in the holes of a text; None where it is not of this template.

        Each literal is taken at its first place, or each at its last: the time is that of the length of the
        text.
        """
        first, last = self.literals[0], self.literals[-1]
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or end < len(first):
            return None
        for parted in (self._from_left, self._from_right):
            found = parted(text[len(first) : end])
            if found and all(_AMOUNT.fullmatch(found[place]) for place in self.amounts):
                return found
        return None

    def _from_left(self, text: str) -> list[str] | None:
        found, rest = [], text
        for literal in self.literals[1:-1]:
            value, literal, rest = rest.partition(literal)
            if not literal:
                return None
            found.append(value)
        return [*found, rest]

    def _from_right(self, text: str) -> list[str] | None:
        found, rest = [], text
        for literal in reversed(self.literals[1:-1]):
            rest, literal, value = rest.rpartition(literal)
            if not literal:
                return None
            found.append(value)
        return [*reversed([*found, rest])]


class Translator:
    """Says English texts in one language."""

    def __init__(self, messages: Mapping[str, str], plural: Callable[[int], int]) -> None:
        self._plural = plural
        self._whole = {text: said for text, said in messages.items() if not _HOLE.search(text)}
        templates = [
            Template(tuple(_HOLE.split(text)), said, _amounts(said))
            for text, said in messages.items()
            if _HOLE.search(text)
        ]
        self._templates = sorted(templates, key=lambda one: one.rank)

    def __call__(self, text: str) -> str:
        """Return a text in the language; line by line, and as it is where it is not known."""
        said = self._said(text)
        if said is None and "\n" in text:
            return "\n".join(map(self, text.split("\n")))
        return self._behind_a_colon(text) if said is None else said

    def _behind_a_colon(self, text: str) -> str:
        """Return a text of which only the end is known, behind a file, a column or a key and a colon."""
        places = (found.end() for found in itertools.islice(re.finditer(": ", text), _COLONS))
        known = ((text[:place], self._said(text[place:])) for place in places)
        return next((before + said for before, said in known if said is not None), text)

    def _said(self, text: str) -> str | None:
        bare = text.strip()
        if not bare or len(bare) > _LONGEST:
            return None
        said = self._whole.get(bare)
        if said is None:
            said = self._filled(bare)
        if said is None:
            return None
        before = text[: len(text) - len(text.lstrip())]
        return before + said + text[len(before) + len(bare) :]

    def _filled(self, text: str) -> str | None:
        for template in self._templates:
            values = template.values(text) if template.has_lines or "\n" not in text else None
            if values is not None:
                return _FILLED.sub(functools.partial(self._hole, values), template.translation)
        return None

    def _hole(self, values: list[str], hole: re.Match[str]) -> str:
        value = values[int(hole["place"])]
        if hole["forms"] is not None:
            return self._form(hole["forms"].split("|"), value)
        return self._part(value) if hole["translate"] else value

    def _form(self, forms: list[str], value: str) -> str:
        number = value.strip()
        if _NUMBER.fullmatch(number):
            return forms[self._plural(int(re.sub(r"\D", "", number)))]
        return forms[1]  # 1.5 строки

    def _part(self, text: str) -> str:
        """Return a part of a message in the language; of a list, each item."""
        said = self._said(text)
        if said is not None:
            return said
        if _LIST not in text or "\n" in text:
            return self(text)
        pieces = text.split(_LIST)
        for end in range(len(pieces) - 1, 0, -1):
            first = self._said(_LIST.join(pieces[:end]))
            if first is not None or end == 1:
                return (first or pieces[0]) + _LIST + self._part(_LIST.join(pieces[end:]))
        return text


def _amounts(translation: str) -> tuple[int, ...]:
    holes = _FILLED.finditer(translation)
    return tuple(sorted({int(hole["place"]) for hole in holes if hole["forms"] is not None}))


def load_messages(folders: Iterable[Path]) -> dict[str, str]:
    """Return the catalogue in some folders: English text -> the same in the language."""
    import yaml

    # libyaml where it is there: the catalogue is read at every start in another language.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.yml"))):
        found |= yaml.load(path.read_bytes(), Loader=loader) or {}  # noqa: S506 (both loaders are safe ones)
    return found
