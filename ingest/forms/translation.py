"""From every way in which a form server heads and fills an export to the form's own names.

Kobo and ODK write one form in a dozen ways: names or labels of any language, with or without the groups in
front, choices in one cell or in a column each. Given the form's definition, one declaration, which speaks of
the form's names, reads them all. A heading or label that means two things is left as it is, and so refused.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codebook import fold
from ingest.values import read_joined_labels

from .definitions import Form, Named, Question

_POINT = ("latitude", "longitude", "altitude", "precision")
_ODK_POINT = ("Latitude", "Longitude", "Altitude", "Accuracy")
_GIVEN = "1"
_NOT_GIVEN = "0"


@dataclass(frozen=True)
class Translator:
    """Turns the columns and cells of one table of an export into those that the form names.

    Attributes:
        headings: Folded heading -> column, `question` or `question/choice`.
        choices: Column -> folded label or name of a choice -> its name.
        several: Column of a question with several answers -> names of its choices.
    """

    headings: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    several: Mapping[str, tuple[str, ...]]

    def header(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the columns, a column for each choice added where there is one for all of them only."""
        found: list[str] = []
        for name in names:
            column = self.headings.get(fold(name), name)
            found.append(name if column in found else column)
        return (*found, *(f"{one}/{choice}" for one, choice in self._added(found)))

    def cells(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Return the cells under the form's names, choices by their names; lists are left as they are."""
        found: dict[str, Any] = {}
        for name, cell in cells.items():
            column = self.headings.get(fold(name), name)
            column = name if column in found else column
            found[column] = self._cell(column, cell) if isinstance(cell, str) else cell
        for column, choice in list(self._added(found)):
            chosen = str(found[column]).split()
            found[f"{column}/{choice}"] = "" if not chosen else _GIVEN if choice in chosen else _NOT_GIVEN
        return found

    def _added(self, columns: Iterable[str]) -> Iterator[tuple[str, str]]:
        present = set(columns)
        for column, choices in self.several.items():
            if column in present and not any(f"{column}/{choice}" in present for choice in choices):
                yield from ((column, choice) for choice in choices)

    def _cell(self, column: str, cell: str) -> str:
        known = self.choices.get(column)
        if not known or not cell.strip():
            return cell
        if column not in self.several:
            return known.get(fold(cell), cell)
        names = [known.get(fold(part), "") for part in cell.split()]
        if all(names):
            return " ".join(names)
        # Labels of several words, joined by blanks: taken only where they can be cut in one way.
        cut = read_joined_labels(cell, known, {})
        return " ".join(cut) if isinstance(cut, list) else cell


def translator_of(form: Form, repeat: str = "") -> Translator:
    """Return what translates the main table of an export, or the table of one of the repeats."""
    headings: dict[str, set[str]] = {}
    choices: dict[str, Mapping[str, str]] = {}
    several: dict[str, tuple[str, ...]] = {}
    for question in form.questions:
        if question.repeat != repeat:
            continue
        for heading, column in _headings(question):
            headings.setdefault(fold(heading), set()).add(column)
        if question.choices:
            choices[question.name] = _spellings(question.choices)
        if question.kind == "select_multiple":
            several[question.name] = tuple(one.name for one in question.choices)
    sure = {heading: columns.copy().pop() for heading, columns in headings.items() if len(columns) == 1}
    return Translator(sure, choices, several)


def _spellings(choices: Iterable[Named]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for choice in choices:
        for text in choice.labels:
            found.setdefault(fold(text), set()).add(choice.name)
    sure = {text: names.copy().pop() for text, names in found.items() if text and len(names) == 1}
    return {**sure, **{fold(choice.name): choice.name for choice in choices}}


def _headings(question: Question) -> Iterator[tuple[str, str]]:
    """Yield (heading, column) for every way in which a question is headed."""
    languages = max([len(one.labels) for one in (question, *question.groups)], default=0)
    ways: list[tuple[list[str], str, list[str]]] = [
        ([one.name for one in question.groups], question.name, [one.name for one in question.choices])
    ]
    ways += [
        (
            [one.label(language) for one in question.groups],
            question.label(language),
            [one.label(language) for one in question.choices],
        )
        for language in range(languages)
    ]
    for groups, text, options in ways:
        for prefix in ("", "".join(f"{one}/" for one in groups), "".join(f"{one}-" for one in groups)):
            yield prefix + text, question.name
            if question.kind == "select_multiple":
                for option, choice in zip(options, question.choices, strict=True):
                    yield f"{prefix}{text}/{option}", f"{question.name}/{choice.name}"
            if question.kind == "geopoint":
                for part, odk in zip(_POINT, _ODK_POINT, strict=True):
                    yield f"{prefix}_{text}_{part}", f"_{question.name}_{part}"
                    yield f"{prefix}{text}-{odk}", f"_{question.name}_{part}"


__all__ = ["Translator", "translator_of"]
