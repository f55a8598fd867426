"""What counts of the vault are called on the screen, and what helps: words for a person who sees them first.

`--json` keeps the names of the codebook and of the stages.
"""

from collections.abc import Mapping

# Entity of the codebook -> what a number of them is called; `source`, one for each row, says nothing new.
ENTITIES: dict[str, str] = {
    "incident": "incidents",
    "person": "affected persons",
    "perpetrator": "perpetrators",
    "act": "acts",
    "request": "requests for help",
    "outcome": "outcomes",
    "consent": "answers about consent",
    "evidence": "pieces of evidence, registered by hash",
    "funding": "sums of funding",
    "context_event": "events that others publish",
}
ALWAYS_SHOWN = ("incident", "person")

# Why somebody is left out, as `anonymize` says it -> the same in words.
LEFT_OUT: dict[str, str] = {
    "persons: consent not_asked": "persons: not asked for consent, or no answer is recorded",
    "persons: consent refused": "persons: refused",
    "persons: consent withdrawn": "persons: withdrew their consent",
    "persons: consent expired": "persons: their consent has ended",
    "persons: consent guardian": "persons: a guardian must consent who is no alleged perpetrator",
    "persons: consent given, incident left out": "persons: consented, but their incident is left out",
}

# Reason of quarantine -> what helps.
HELPS: dict[str, str] = {
    "unknown_code": "give the spelling a code under `values` of the declaration, or repair the cell",
    "ambiguous_value": "it can mean two things: say `order` for dates in the declaration, or repair the cell",
    "impossible_date": "repair the cell",
    "impossible_number": "repair the cell",
    "missing_required": "fill the cell, or discard the row",
    "too_long": "repair the cell",
    "unreadable_row": "repair the row in the file",
    "contradiction": "look at both cells, and repair the wrong one",
}


def left_out_lines(left_out: Mapping[str, int]) -> list[tuple[int, str]]:
    """Return number and words of every reason for which somebody is not counted."""
    return sorted(
        ((number, LEFT_OUT.get(reason, reason)) for reason, number in left_out.items()),
        key=lambda one: one[1],
    )
