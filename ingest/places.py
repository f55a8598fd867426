"""From the name of a settlement to its region: one region, or a question for a person; nothing is guessed."""

import re
from functools import cached_property

from codebook import Codebook, fold

from .problems import AMBIGUOUS, UNKNOWN_CODE, Problem

# What stands before a settlement's name: city, village, aul, stanitsa, settlement.
_KIND = re.compile(
    r"^(?:г|гор|город|с|село|сел|аул|а|ст|станица|ст-ца|п|пос|поселок|пгт|х|хутор|city of|town of|village of)"
    r"(?:\.\s*|\s+)(?=\S)"
)


class Gazetteer:
    """The settlements of the codebook by any spelling."""

    def __init__(self, book: Codebook) -> None:
        self._book = book

    def region_of(self, settlement: str) -> str | Problem:
        """Return the region of a settlement; a Problem where none is known or several have that name."""
        folded = fold(settlement)
        regions = self._regions.get(folded) or self._regions.get(_KIND.sub("", folded))
        if not regions:
            return UNKNOWN_CODE
        return next(iter(regions)) if len(regions) == 1 else AMBIGUOUS

    @cached_property
    def _regions(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for settlement in self._book.settlements:
            for name in (settlement.name_latin, settlement.name_cyrillic, *settlement.also_seen):
                if name:
                    found.setdefault(fold(name), set()).add(settlement.region)
        return found
