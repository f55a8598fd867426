"""Records that may be one and the same: compared by keyed prints, linked or asked about, decided for good.

A household's several members stay several, the same words in two accounts are no sign, and both provenances
of what is joined are kept.
"""

from .decisions import Candidate, decide, list_candidates
from .find import Found, find_duplicates
from .groups import Groups
from .marks import Comparison, comparison_prints
from .show import Side, show_pair

__all__ = [
    "Candidate",
    "Comparison",
    "Found",
    "Groups",
    "Side",
    "comparison_prints",
    "decide",
    "find_duplicates",
    "list_candidates",
    "show_pair",
]
