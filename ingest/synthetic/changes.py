"""A newer export of the same group: some cases corrected, some gone, some new.

Everything that is not changed stays the same to the byte: a correction draws exactly as often as what it
replaces, a case that is gone is drawn and then left out, and new cases are drawn on the side.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from .dice import Dice
from .model import Case

_EDITABLE = {  # vault field -> the codes that a correction may put there
    "incident.verification": ("single_source", "corroborated", "documented"),
    "incident.public_exposure": ("none", "anonymous", "named"),
    "outcome.outcome_status": ("safe_same_country", "safe_abroad", "in_shelter", "closed"),
    "outcome.justice": ("wants_no_action", "report_filed", "inquiry", "case_refused"),
    "request.status": ("provided", "no_funds", "declined", "requested"),
    "consent.consent_status": ("refused", "withdrawn"),
    "act.act_code": ("assault_minor", "psych_abuse", "confinement_home", "stalking"),
}


@dataclass(frozen=True)
class Changes:
    """What happened to the group between two exports, as shares (0..1) of its cases."""

    edited: float = 0.0
    vanished: float = 0.0
    new: float = 0.0

    @property
    def is_none(self) -> bool:
        """Whether the export is the first one."""
        return not (self.edited or self.vanished or self.new)


def change_cases(dice: Dice, cases: Sequence[Case], changes: Changes, spared: frozenset[int]) -> list[Case]:
    """Return the cases as a newer export has them; those that are gone are marked, to be drawn all the same.

    A larger share changes the same cases as a smaller one, and more.

    Args:
        dice: Of its own, so that what is not changed stays as it was.
        spared: Incidents that stay as they are, hopeless ones besides.
    """
    free = [
        position
        for position, case in enumerate(cases)
        if not case.hopeless and case.incident not in spared and case.situation != "four_sisters"
    ]
    dice.random.shuffle(free)
    edited = free[: round(len(cases) * changes.edited)]
    vanished = free[max(len(free) - round(len(cases) * changes.vanished), len(edited)) :]
    changed = list(cases)
    for position in edited:
        changed[position] = _edit(dice, cases[position])
    for position in vanished:
        changed[position] = replace(cases[position], vanished=True)
    return changed


def _edit(dice: Dice, case: Case) -> Case:
    """Return a case with one thing in it corrected; what was filled stays filled."""
    possible = [(path, change) for path, change in _EDITS.items() if _filled(case, path)]
    path, change = dice.pick(possible)
    before = _filled(case, path)
    codes = [code for code in _EDITABLE[path] if code not in before]
    return replace(change(case, dice.pick(codes)), edited=path)


def _filled(case: Case, path: str) -> tuple[str, ...]:
    """Return what stands in a field of the first person of a case (of her first request)."""
    first = case.people[0]
    found: dict[str, tuple[str, ...]] = {
        "incident.verification": (case.verification,),
        "incident.public_exposure": (case.exposure,),
        "outcome.outcome_status": (first.outcome,),
        "outcome.justice": (first.justice,),
        "request.status": (first.requests[0].status,) if first.requests else (),
        "consent.consent_status": (first.consent.status,) if first.consent.status == "given" else (),
        "act.act_code": first.acts if len({one.acts for one in case.people}) == 1 else (),
    }
    return tuple(code for code in found[path] if code)


def _first(case: Case, **changed: Any) -> Case:
    return replace(case, people=[replace(case.people[0], **changed), *case.people[1:]])


def _edit_request(case: Case, code: str) -> Case:
    requests = case.people[0].requests
    return _first(case, requests=[replace(requests[0], status=code), *requests[1:]])


def _edit_consent(case: Case, code: str) -> Case:
    return _first(case, consent=replace(case.people[0].consent, status=code))


def _edit_act(case: Case, code: str) -> Case:
    """Replace the last act of everybody: the line writes one list of acts for all."""
    people = [replace(one, acts=(*one.acts[:-1], code)) for one in case.people]
    return replace(case, people=people)


_EDITS: dict[str, Callable[[Case, str], Case]] = {
    "incident.verification": lambda case, code: replace(case, verification=code),
    "incident.public_exposure": lambda case, code: replace(case, exposure=code),
    "outcome.outcome_status": lambda case, code: _first(case, outcome=code),
    "outcome.justice": lambda case, code: _first(case, justice=code),
    "request.status": _edit_request,
    "consent.consent_status": _edit_consent,
    "act.act_code": _edit_act,
}


@contextmanager
def on_the_side(seed: int, *sources: Random) -> Iterator[None]:
    """Let sources of chance start anew at `seed`, and go on afterwards as if nothing had been drawn."""
    states = [source.getstate() for source in sources]
    for source in sources:
        source.seed(seed)
    try:
        yield
    finally:
        for source, state in zip(sources, states, strict=True):
            source.setstate(state)
