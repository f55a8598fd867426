"""What a declaration says of columns by their place: their names, and the headings they are known to have."""

from collections.abc import Mapping
from typing import Any

from ingest.mapping import Sheet

from .targets import Fault, texts

Headings = dict[str, tuple[str, ...]]  # language -> headings, in the order of the places


def read_positions(
    document: Mapping[str, Any], main: Sheet, fault: Fault
) -> tuple[tuple[str, ...], Headings]:
    """Return the names of the columns by place and their headings by language, both empty where not declared.

    Faults are kept in `fault`: a mapped column without a place, headings that are more or fewer than places.
    """
    positions: tuple[str, ...] = ()
    headings: Headings = {}
    with fault.kept():
        positions = texts(document, "positions", fault)
    declared = document.get("headings", {})
    if not isinstance(declared, dict) or bool(declared) != bool(positions):
        with fault.kept():
            raise fault.error("headings", "`positions` and `headings` (language: [headings]) belong together")
        return (), {}
    for language in declared:
        inside = fault.within("headings")
        with fault.kept():
            headings[language] = texts(declared, language, inside)
            if len(headings[language]) != len(positions):
                raise inside.error(language, f"must be as many as `positions`: {len(positions)}")
    if positions and (absent := sorted(main.mapped_columns - set(positions))):
        with fault.kept():
            raise fault.error("positions", f"lacks columns that are mapped: {', '.join(absent)}")
    return positions, headings
