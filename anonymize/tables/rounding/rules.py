"""What rounding goes by: bases, thresholds, the key, and what readers have besides this release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from codebook.errors import ReleaseRefused

from .quiet import QuietRules
from .shares import ShareRules

Ledger = Mapping[str, tuple[int, int]]
"""Canonical cell name -> (true count, print) of the last release that had the cell."""

UNKNOWN_COUNT = -1  # in a ledger rebuilt from published files, which do not say what the count was


@dataclass(frozen=True)
class RoundingRules:
    """The parameters of rounding; published with the tables, except the key.

    Args:
        key: Secret of the group, 32 bytes, kept for life: the same count of a cell is printed alike.
        base: Persons; at least the threshold.
        base_sensitive: The same for sensitive categories and for every total that contains one.
        threshold: Persons; the smallest number that may be known of a group.
        threshold_sensitive: The same for sensitive categories.
        shares: How far groups that the family knows may stand out; not looked at where left out.
        quiet: When the prints of closed periods may change; always where left out.
    """

    key: bytes = field(repr=False)
    base: int = 5
    base_sensitive: int = 10
    threshold: int = 5
    threshold_sensitive: int = 10
    shares: ShareRules | None = None
    quiet: QuietRules | None = None

    def __post_init__(self) -> None:
        if self.base < self.threshold or self.base_sensitive < self.threshold_sensitive:
            raise ReleaseRefused(
                "a rounding base is below its threshold",
                remedy="set base >= threshold and base_sensitive >= threshold_sensitive in policy.yml",
            )


@dataclass(frozen=True)
class Known:
    """What readers have besides the tables of this release.

    Args:
        ledger: What the last release printed, by canonical cell name.
        minimum: Canonical cell name -> count that the published records of this release prove.
    """

    ledger: Ledger = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)
