"""How the rows of one file were taken, counted while it happens."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """How the rows of one file were taken; `read = stored + already_there + quarantined`.

    Attributes:
        changed: Rows, counted in `stored`, that replace an earlier version of themselves.
        outdated: Rows, counted in `already_there`, of which a newer version is on record.
        places: (reason, column or sheet) -> rows that wait for it.
        seen_before: Run -> rows of that run that this file holds again.
    """

    read: int = 0
    stored: int = 0
    changed: int = 0
    outdated: int = 0
    already_there: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreadable_rows: list[int] = field(default_factory=list)
    seen_before: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Add the counts of another intake."""
        self.read += other.read
        self.stored += other.stored
        self.changed += other.changed
        self.already_there += other.already_there
        self.quarantined += other.quarantined
        self.reasons += other.reasons

    def text(self) -> str:
        """Return the counts in words, for the custody log."""
        return (
            f"{self.read} rows: {self.stored} stored ({self.changed} of them changed), "
            f"{self.already_there} already there, {self.quarantined} quarantined"
        )
