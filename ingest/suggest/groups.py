"""Columns that stand several times in one row, told apart by a number: `Person 1 age`, `Person 2 age`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codebook import Codebook, FieldType
from ingest.declarations import REPEATABLE

from .match import MAPPED, UNMAPPED, Matcher, Suggestion
from .profile import Column
from .tables import LookedAt

_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


@dataclass
class Group:
    """Columns that stand several times in one row, told apart by a number."""

    numbers: list[str]
    suggestions: list[Suggestion]  # their column names hold {n}


def names_of(group: Group) -> set[str]:
    """Return the names of all columns of a group."""
    return {one.column.replace("{n}", number) for one in group.suggestions for number in group.numbers}


def find_groups(table: LookedAt, matcher: Matcher, book: Codebook) -> list[Group]:
    """Return the numbered groups of columns: `Person 1 age`, `Person 2 age`; `Need 1`, `Need 2`."""
    templates: dict[str, dict[str, Column]] = {}
    for name, column in table.columns.items():
        if len(_NUMBER.findall(name)) == 1:
            templates.setdefault(_NUMBER.sub("{n}", name), {})[_NUMBER.findall(name)[0]] = column
    groups: list[Group] = []
    for template, columns in templates.items():
        if len(columns) > 1:
            numbers = sorted(columns, key=int)
            suggestion = _of_template(template, [columns[number] for number in numbers], matcher)
            _add(suggestion, numbers, groups, book)
    return [group for group in groups if any(one.kind == MAPPED for one in group.suggestions)]


def _add(suggestion: Suggestion, numbers: list[str], groups: list[Group], book: Codebook) -> None:
    """Put a numbered column beside those that speak of the same thing: a person's age beside her sex."""
    for group in groups:
        told = {one.target for one in group.suggestions}
        alike = not suggestion.target or _subject(suggestion) in {_subject(one) for one in group.suggestions}
        again = suggestion.target in told and not _takes_several(suggestion, book)
        if group.numbers == numbers and alike and not again:
            group.suggestions.append(suggestion)
            return
    groups.append(Group(numbers, [suggestion]))


def _subject(suggestion: Suggestion) -> str:
    """Return whom or what a column speaks of; acts, outcomes and consents are a person's."""
    entity = suggestion.target.partition(".")[0]
    return "person" if entity in ("act", "outcome", "consent", "link") else entity


def _of_template(template: str, columns: Sequence[Column], matcher: Matcher) -> Suggestion:
    """Return what a numbered column fills: its cells are those of all numbers."""
    whole = Column(template)
    for one in columns:
        whole.rows += one.rows
        whole.filled += one.filled
        whole.cells.update(one.cells)
        whole.longest = max(whole.longest, one.longest)
        for count in ("dates", "first_above", "second_above", "with_points"):
            setattr(whole.order, count, getattr(whole.order, count) + getattr(one.order, count))
    return matcher.match(whole, " ".join(template.replace("{n}", " ").split()))


def once_each(suggestions: list[Suggestion], book: Codebook) -> list[Suggestion]:
    """Let each field that takes one value be filled once; the sure and the fuller column goes first."""
    taken: dict[str, str] = {}
    kept: dict[str, Suggestion] = {}
    for one in sorted(suggestions, key=lambda one: bool(one.why)):
        if one.target and one.target in taken and not _takes_several(one, book):
            other = "incident.date_report"
            if one.target == "incident.date_incident" and other not in {s.target for s in suggestions}:
                kept[one.column] = replace(
                    one, options={**one.options, "field": other}, why="is it the date of the report?"
                )
                taken[other] = one.column
                continue
            why = f"{one.target} is filled by {taken[one.target]} already; what is this column?"
            kept[one.column] = Suggestion(one.column, UNMAPPED, why=why)
        else:
            kept[one.column] = one
            taken.setdefault(one.target, one.column)
    return [kept[one.column] for one in suggestions]


def _takes_several(one: Suggestion, book: Codebook) -> bool:
    if one.target in REPEATABLE:
        return True
    if one.target.startswith(("consent.", "link.")) and "consent" in one.options:
        return True
    if one.target.startswith("link."):
        return False
    known = book.field(one.target)
    if known.type is FieldType.CODES:
        return True
    return known.type is FieldType.TEXT and known.path in ("person.name", "incident.narrative")
