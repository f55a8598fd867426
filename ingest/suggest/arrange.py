"""From the suggestions for columns to the structure of a file: groups, repeats, key, rows of one incident."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from codebook import Codebook

from .groups import Group, find_groups, names_of, once_each
from .look import UnknownFile
from .match import IGNORED, MAPPED, UNMAPPED, Matcher, Suggestion
from .profile import Column
from .tables import LookedAt
from .words import FieldWords, level

_DATE_PARTS = (("день", "day"), ("месяц", "month"), ("год", "year"))
_JOINED = 0.95  # share of the rows of a sheet that must find their record
_SERVER_IDS = ("_uuid", "meta/instanceID", "meta-instanceID", "KEY", "_id")  # that a form server gives
_PERSON_NUMBERS = ("link.person", "person.external_id", "person.name", "person.phone")


@dataclass
class Part:
    """One table as the draft will declare it.

    Attributes:
        join: Column of this table -> column of the main one.
        date_parts: Columns of day, month and year that make the date of the incident, joined by `date_join`.
        why: What a person must look at of the table as a whole.
    """

    table: LookedAt
    suggestions: list[Suggestion]
    groups: list[Group] = field(default_factory=list)
    join: dict[str, str] = field(default_factory=dict)
    why: str = ""
    date_parts: list[str] = field(default_factory=list)
    date_join: str = ""


@dataclass
class Arrangement:
    """The whole file as the draft will declare it.

    Attributes:
        left: Names of tables that are not read.
        key, incident_by: Columns, with what is to be said of them.
    """

    file: UnknownFile
    main: Part
    repeats: list[Part] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    key_note: str = ""
    key_why: str = ""
    incident_by: list[str] = field(default_factory=list)
    incident_why: str = ""

    @property
    def parts(self) -> list[Part]:
        """The tables that are read."""
        return [self.main, *self.repeats]

    @property
    def all_suggestions(self) -> list[Suggestion]:
        """Every suggestion, those of groups once a group."""
        return [
            one
            for part in self.parts
            for one in (*part.suggestions, *(s for g in part.groups for s in g.suggestions))
        ]

    def targets(self) -> set[str]:
        """Return everything that some column fills."""
        return {one.target for one in self.all_suggestions if one.target}


def arrange(file: UnknownFile, book: Codebook, words: FieldWords) -> Arrangement:
    """Return how a file would be declared."""
    tables = [one for one in file.tables if one.columns]
    main_table = max(tables, key=lambda one: _cases_in(one, words))
    main = _part(main_table, book, words)
    found = Arrangement(file, main)
    _find_key(found)
    if not found.key and found.incident_by:
        found.key_why = "no columns tell the persons of one case apart: a changed row will be a new one"
    for table in file.tables:
        if table is main_table:
            continue
        part = _part(table, book, words) if table.columns else None
        if part and _join(part, found):
            found.repeats.append(part)
        else:
            found.left.append(table.name)
    found.repeats += [_part(nested, book, words) for nested in main_table.repeats]
    for part in found.repeats:
        part.suggestions = [_of_repeat(one, part) for one in part.suggestions]
    return found


def _of_repeat(one: Suggestion, part: Part) -> Suggestion:
    """Return a suggestion for a column of a repeat: its date is that of what the repeat speaks of."""
    if not one.target.startswith("incident."):
        return one
    entities = {other.target.partition(".")[0] for other in part.suggestions}
    dates = {"request": "request.date_request", "outcome": "outcome.date_outcome"}
    taken = {other.target for other in part.suggestions}
    for entity, target in dates.items():
        if one.target.startswith("incident.date") and entity in entities and target not in taken:
            return replace(
                one, options={**one.options, "field": target}, why="is it the date of what this sheet is of?"
            )
    return Suggestion(
        one.column, UNMAPPED, why="it speaks of the incident, not of a row of this sheet; what is it?"
    )


def _cases_in(table: LookedAt, words: FieldWords) -> tuple[int, int]:
    """Return how many headings of a table speak of incidents and persons, and its rows."""
    told = [words.read(name) for name in table.columns]
    about = sum(
        one.target.startswith(("incident.", "person.", "act.")) or one.kind in ("date", "consent")
        for one in told
    )
    return about, table.n_rows


def _part(table: LookedAt, book: Codebook, words: FieldWords) -> Part:
    matcher = Matcher(book, words, serials=table.serials)
    groups = find_groups(table, matcher, book)
    grouped = {name for group in groups for name in names_of(group)}
    single = [matcher.match(column) for name, column in table.columns.items() if name not in grouped]
    part = Part(table, single, groups)
    _find_date_parts(part)
    part.suggestions = once_each(part.suggestions, book)
    return part


def _find_date_parts(part: Part) -> None:
    """Put day, month and year together where each has a column of its own."""
    by_word = {level(one.column): one.column for one in part.suggestions if one.kind != MAPPED}
    columns = [by_word.get(russian) or by_word.get(english, "") for russian, english in _DATE_PARTS]
    if all(columns) and not any(one.target == "incident.date_incident" for one in part.suggestions):
        part.date_parts = columns
        figures = all(text.isdecimal() for text in part.table.columns[columns[1]].cells)
        part.date_join = "." if figures else " "
        part.suggestions = [one for one in part.suggestions if one.column not in columns]


def _find_key(found: Arrangement) -> None:
    """Find the columns that tell records apart, and whether several rows are one incident."""
    table = found.main.table
    by_target = {one.target: one.column for one in reversed(found.main.suggestions) if one.target}
    case = by_target.get("incident.external_id")
    if case is None:
        _key_without_case_code(found)
        return
    column = table.columns[case]
    if column.unique:
        found.key, found.key_note = [case], f"in all {table.n_rows:,} rows, each once"
        return
    if column.filled < 0.9 * table.n_rows:
        found.key_why = f"{case} is empty in {table.n_rows - column.filled} rows, so it is no key"
        return
    cases = len(column.cells)
    repeated = table.n_rows - cases
    if not any(target.startswith("person.") for target in by_target) or repeated < 2:
        found.key, found.key_why = [case], f"{repeated} rows repeat a code: are they copies?"
        return
    found.incident_by = [case]
    found.incident_why = f"{table.n_rows:,} rows, {cases:,} codes: is one row one person of a case?"
    for target in _PERSON_NUMBERS:
        if (second := by_target.get(target)) and _tells_apart(table, [case, second]):
            found.key, found.key_note = [case, second], "no two rows have the same"
            return
    for position, one in enumerate(found.main.suggestions):
        if (
            one.kind == UNMAPPED
            and _counts_persons(table.columns[one.column])
            and _tells_apart(table, [case, one.column])
        ):
            why = "is it the number of the person in the case?"
            found.main.suggestions[position] = Suggestion(
                one.column, MAPPED, {"field": "link.person"}, why=why
            )
            found.key, found.key_note = [case, one.column], "no two rows have the same"
            return


def _key_without_case_code(found: Arrangement) -> None:
    """Take a column of codes, each once, for the case code, and ask."""
    for position, one in enumerate(found.main.suggestions):
        column = found.main.table.columns.get(one.column)
        if one.kind not in (UNMAPPED, IGNORED) or column is None or not column.unique or column.longest > 60:
            continue
        if one.column in _SERVER_IDS:
            found.main.suggestions[position] = Suggestion(
                one.column, MAPPED, {"field": "incident.external_id"}
            )
            found.key, found.key_note = [one.column], f"in all {column.rows:,} rows, each once"
            return
        if one.note and set(column.cells) == {str(number) for number in range(1, column.rows + 1)}:
            continue  # it counts the rows: sorted otherwise, each row would have another one
        if one.kind == UNMAPPED or one.note:
            why = "each row has another one: is it the case's own code, which stays when the table is sorted?"
            found.main.suggestions[position] = Suggestion(
                one.column, MAPPED, {"field": "incident.external_id"}, why=why
            )
            found.key, found.key_why = [one.column], "only if it is the case's own code"
            return
    found.key_why = "no column tells the rows apart: a row that is changed later will be a new one"


def _counts_persons(column: Column) -> bool:
    return column.filled == column.rows and all(
        text.isdecimal() and 0 < int(text) < 50 for text in column.cells
    )


def _tells_apart(table: LookedAt, columns: Sequence[str]) -> bool:
    seen = Counter(tuple(row[name] for name in columns) for row in table.rows)
    return bool(seen) and max(seen.values()) == 1


def _join(part: Part, found: Arrangement) -> bool:
    """Find the columns by which the rows of a further sheet belong to records; False where there are none."""
    main, child = found.main.table, part.table
    pairs = {"_parent_index": "_index"} if {"_parent_index"} <= set(child.columns) else {}
    if not pairs or "_index" not in main.columns:
        keys = [*found.key, *found.incident_by] or [
            name for name, column in main.columns.items() if column.unique
        ]
        pairs = {name: name for name in dict.fromkeys(keys) if name in child.columns}
    if not pairs:
        return False
    parents = Counter(tuple(row[name] for name in pairs.values()) for row in main.rows)
    children = [tuple(row[name] for name in pairs) for row in child.rows]
    share = sum(one in parents for one in children) / max(1, len(children))
    if share < 0.5 or not children:
        return False
    part.join = pairs
    part.suggestions = [one for one in part.suggestions if one.column not in pairs]
    if share < _JOINED:
        part.why = f"{1 - share:.0%} of its rows find no record of the main sheet"
    if max(parents.values(), default=0) > 1:
        part.why = "several rows of the main sheet have the same value: whose is a row of this sheet?"
    return True
