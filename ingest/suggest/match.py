"""From the heading and the cells of one column to what it fills, and how sure that is.

What a person must look at says why. A consent is never sure, whatever its heading and cells are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from codebook import Codebook, Field, FieldType, fold
from ingest.declarations import REPEATABLE
from ingest.problems import Problem
from ingest.values import Gazetteer, read_code

from .profile import CodeEvidence, Column
from .words import COORDINATES, DATE, IGNORE, ROW_NUMBER, FieldWords, Heading

_SURE, _LIKELY = 0.95, 0.5  # share of cells that can be read as what the heading says
_FREE_TEXT = 80  # characters; a column with longer cells is no column of codes
_FEWEST = 3  # cells on which evidence of values alone may rest
# Coded fields that are sought by their values where the heading says nothing.
_BY_VALUES = (
    "act.act_code", "act.relationship", "request.need", "incident.region", "person.marital",
    "incident.motive", "incident.place_type", "person.sex", "outcome.outcome_status", "incident.verification",
)  # fmt: skip
_FLAGGED = ("act.act_code", "request.need", "incident.motive")
_THOUSANDS, _MILLIONS = re.compile(r"\bтыс|thousand|\b000s?\b"), re.compile(r"\bмлн|million")
_MONTHS = re.compile(r"\bмес(?:\.|яц)|months")
MAPPED, IGNORED, DROPPED, UNMAPPED = "mapped", "ignored", "dropped", "unmapped"


@dataclass(frozen=True)
class Suggestion:
    """What one column is suggested to be.

    Attributes:
        kind: `mapped`, `ignored`, `dropped` (coordinates), or `unmapped`: nobody knows.
        options: What the declaration says of a mapped column: field, consent, separator, flag, order, unit.
        why: What a person must look at; empty where it is sure.
        note: What is worth knowing of it though it is sure.
        evidence: How its codes were recognised, for a coded field.
    """

    column: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    note: str = ""
    evidence: CodeEvidence | None = None
    code_list: str = ""

    @property
    def target(self) -> str:
        """`entity.field` or `consent.SCOPE`; empty where it is not mapped."""
        return self.options.get("field") or (
            "consent." + self.options["consent"] if "consent" in self.options else ""
        )


class Matcher:
    """Says of the columns of one table what they fill."""

    def __init__(self, book: Codebook, words: FieldWords, *, serials: bool) -> None:
        self._book = book
        self._words = words
        self._serials = serials
        self._gazetteer = Gazetteer(book)

    def match(self, column: Column, heading_text: str = "") -> Suggestion:
        """Return what a column fills.

        Args:
            heading_text: Its heading where that is not its name, as in numbered groups.
        """
        heading = self._words.read(heading_text or column.name)
        if column.looks_like == COORDINATES or heading.kind == COORDINATES:
            return Suggestion(column.name, DROPPED)
        if column.flags and (flagged := self._flag(column)):
            return flagged
        if heading.kind == IGNORE:
            why = "" if heading.whole else "is it only about staff or the system?"
            return Suggestion(column.name, IGNORED, why=why)
        if heading.kind == ROW_NUMBER:
            return Suggestion(column.name, IGNORED, note="number of a row")
        if not column.filled:
            return self._empty(column, heading)
        if heading.kind == "consent":
            return self._consent(column, heading.target)
        if heading.kind == DATE:
            found = self._field(column, Heading("field", "incident.date_incident", True))
            return replace(
                found,
                why=found.why or "is it the date of the incident, or of the report (incident.date_report)?",
            )
        return self._field(column, heading) if heading.kind else self._by_values(column)

    def _empty(self, column: Column, heading: Heading) -> Suggestion:
        if heading.kind != "field":
            return Suggestion(column.name, UNMAPPED, why="the column is empty; what is it for?")
        return Suggestion(column.name, MAPPED, {"field": heading.target}, why="the column is empty")

    def _consent(self, column: Column, scope: str) -> Suggestion:
        evidence = column.code_evidence(self._reads("consent.consent_status"), several=False)
        label = self._book.code_lists["consent_scope"].codes[scope].label_en
        why = f"does a yes here allow: {label}? A consent to something else must not stand for it"
        if evidence.strange:
            why += f"; {evidence.strange} of {column.filled} cells are no known answer"
        return Suggestion(
            column.name, MAPPED, {"consent": scope}, why=why, evidence=evidence, code_list="consent_status"
        )

    def _field(self, column: Column, heading: Heading) -> Suggestion:
        if heading.target.startswith("link."):
            return Suggestion(column.name, MAPPED, {"field": heading.target}, why=_doubt(heading))
        known = self._book.field(heading.target)
        if known.code_list:
            return self._coded(column, known, heading)
        if known.type in (FieldType.DATE, FieldType.DATETIME):
            return self._dated(column, known, heading)
        if known.type is FieldType.TEXT:
            return self._text(column, known, heading)
        share = column.readable(known, serials=self._serials)
        if share < _LIKELY:
            what = (
                f"the heading says {known.label_en.lower()}, but {_percent(1 - share)} of its cells are none"
            )
            return Suggestion(column.name, UNMAPPED, why=f"{what}; what is it?")
        why = _doubt(heading) or _rest(share, column, "a number that can be read")
        unit = _unit(column.name, known)
        if unit:
            why = why or f"are its figures in units of {unit}, as the heading seems to say?"
        return Suggestion(
            column.name, MAPPED, {"field": known.path, **({"unit": unit} if unit else {})}, why=why
        )

    def _text(self, column: Column, known: Field, heading: Heading) -> Suggestion:
        note, why = "", _doubt(heading)
        looks = column.looks_like
        if known.identifier:
            note = "kept as a fingerprint only, to find duplicates"
            if (
                looks
                and looks != known.path
                and not (known.path == "person.patronymic" or looks == "person.name")
            ):
                why, heading = f"its cells look like another field: {looks}", Heading("field", looks, True)
                return Suggestion(column.name, MAPPED, {"field": looks}, why=why, note=note)
        if known.path == "incident.settlement":
            share = column.share(lambda text: not isinstance(self._gazetteer.region_of(text), Problem))
            note = f"the region of {_percent(share)} of its cells is known"
        return Suggestion(column.name, MAPPED, {"field": known.path}, why=why, note=note)

    def _dated(self, column: Column, known: Field, heading: Heading) -> Suggestion:
        share = column.readable(known, serials=self._serials)
        two_faced = column.dates(serials=self._serials)
        share = max(share, two_faced)
        if share < _LIKELY:
            what = f"the heading says a date, but {_percent(1 - share)} of its cells are none"
            return Suggestion(column.name, UNMAPPED, why=f"{what}; what is it?")
        options = {"field": known.path}
        why = _doubt(heading) or _rest(share, column, "a date that can be read")
        order, note = column.order, ""
        if order.dates - order.first_above - order.second_above and order.dates > order.with_points:
            note = order.text()
            if order.order in ("day_month", "month_day"):
                options["order"] = order.order
            else:
                why = f"{note}; if you know the order, add order: day_month or order: month_day"
                note = ""
        elif order.order == "month_day":
            options["order"], note = "month_day", order.text()
        return Suggestion(column.name, MAPPED, options, why=why, note=note)

    def _coded(self, column: Column, known: Field, heading: Heading) -> Suggestion:
        several = known.type is FieldType.CODES or known.path in REPEATABLE
        evidence = column.code_evidence(self._reads(known.path), several=several)
        if evidence.share < _LIKELY:
            if other := self._instead(column, known):
                return other
            if not heading.whole:
                return self._by_values(column)
        options = {"field": known.path}
        if evidence.separator:
            options["separator"] = evidence.separator
        why = _doubt(heading)
        if evidence.strange:
            spellings = _no_codes(evidence, column)
            why = f"{why}; {spellings}" if why else spellings
        return Suggestion(column.name, MAPPED, options, why=why, evidence=evidence, code_list=known.code_list)

    def _instead(self, column: Column, known: Field) -> Suggestion | None:
        """Return what a column with a coded field's heading is, where its cells are plainly no codes."""
        if column.looks_like == "person.name" and known.path == "act.relationship":
            return Suggestion(
                column.name,
                MAPPED,
                {"field": "perpetrator.perpetrator_name"},
                why="its cells look like names",
            )
        if known.path == "act.act_code" and column.longest > _FREE_TEXT:
            why = "it is free text; what happened is not counted from it: fill a column of acts, or map codes"
            return Suggestion(column.name, MAPPED, {"field": "incident.narrative"}, why=why)
        return None

    def _flag(self, column: Column) -> Suggestion | None:
        """Return a 0/1 column of a select_multiple, whose heading names one code."""
        text = column.name.rpartition("/")[2].rpartition(":")[2]
        for path in _FLAGGED:
            code_list = self._book.field(path).code_list
            code = read_code(text, self._book.code_lists[code_list].spellings, {})
            if isinstance(code, str) and code not in ("unknown", "other", "none"):
                return Suggestion(column.name, MAPPED, {"field": path, "flag": code})
        return None

    def _by_values(self, column: Column) -> Suggestion:
        """Return what the cells alone say, which is never sure."""
        if looks := column.looks_like:
            why = "the heading is not known; its cells look like that"
            return Suggestion(column.name, MAPPED, {"field": looks}, why=why)
        found: list[tuple[float, str, CodeEvidence]] = []
        if column.filled >= _FEWEST and len(column.cells) > 1 and not column.flags:
            for path in _BY_VALUES:
                evidence = column.code_evidence(self._reads(path), several=path in REPEATABLE)
                found.append((evidence.share, path, evidence))
        best = sorted(found, key=lambda one: one[0], reverse=True)[:2]
        if best and best[0][0] >= _SURE and (len(best) < 2 or best[1][0] < best[0][0] - 0.2):
            _, path, evidence = best[0]
            options = {"field": path, **({"separator": evidence.separator} if evidence.separator else {})}
            why = "the heading is not known; its cells are codes of this field"
            return Suggestion(
                column.name,
                MAPPED,
                options,
                why=why,
                evidence=evidence,
                code_list=self._book.field(path).code_list,
            )
        what = "dates" if column.dates(serials=self._serials) >= _SURE else ""
        what = what or ("free text" if column.longest > _FREE_TEXT else "")
        return Suggestion(
            column.name,
            UNMAPPED,
            why=f"the heading is not known{f'; its cells are {what}' if what else ''}; what is it?",
        )

    def _reads(self, path: str) -> Callable[[str], bool]:
        spellings = self._book.code_lists[self._book.field(path).code_list].spellings
        is_place = self._book.field(path).code_list == "region"

        def reads(text: str) -> bool:
            if not isinstance(read_code(text, spellings, {}), Problem):
                return True
            return is_place and not isinstance(self._gazetteer.region_of(text), Problem)

        return reads


def _unit(heading: str, known: Field) -> str:
    """Return the unit that a heading names: thousands or millions of money, months of an age."""
    units = {"months": _MONTHS} if known.unit == "years" else {"thousand": _THOUSANDS, "million": _MILLIONS}
    if known.type is not FieldType.MONEY and known.unit != "years":
        return ""
    return next((unit for unit, pattern in units.items() if pattern.search(fold(heading))), "")


def _doubt(heading: Heading) -> str:
    if heading.doubtful:
        return "the heading may mean something else"
    return ""


def _rest(share: float, column: Column, what: str) -> str:
    strange = round((1 - share) * column.filled)
    return f"{strange} of {column.filled} cells are not {what}" if share < _SURE else ""


def _no_codes(evidence: CodeEvidence, column: Column) -> str:
    n = len(evidence.unknown)
    what = "1 spelling is no known code" if n == 1 else f"{n} spellings are no known codes"
    return f"{what} ({evidence.strange} of {column.filled} cells)"


def _percent(share: float) -> str:
    return f"{share:.0%}"
