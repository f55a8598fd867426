"""Records that may be one and the same."""

from .core import Candidate, decide, find_duplicates, list_candidates
from .marks import comparison_prints

__all__ = ["Candidate", "comparison_prints", "decide", "find_duplicates", "list_candidates"]
