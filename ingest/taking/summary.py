"""What an ingest run did, as counts: for the screen, for `--json`, for the vault's own books."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from codebook import SourceError
from ingest.mapping import Source

from .counts import Counts


@dataclass(frozen=True)
class FileSummary:
    """What happened to one file; `read = stored + already_there + quarantined`, in rows of its main table.

    Attributes:
        changed: Rows, counted in `stored`, that replace an earlier version of themselves.
        outdated: Rows, counted in `already_there`, of which a newer version is on record.
        reasons: Reason of quarantine -> rows.
        sheets: Repeat -> rows read, and rows that belong to no record.
        notices: What the data officer should know; no values.
        refused: Why the file was not taken; then nothing of it was stored.
    """

    file: str
    source_name: str
    format: str
    file_sha256: str
    read: int = 0
    stored: int = 0
    changed: int = 0
    outdated: int = 0
    already_there: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, dict[str, int]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    refused: SourceError | None = None

    @classmethod
    def of(
        cls,
        file: str,
        source: Source,
        file_sha256: str,
        counts: Counts,
        *,
        sheets: dict[str, dict[str, int]] | None = None,
        notices: tuple[str, ...] = (),
    ) -> Self:
        """Return the summary of a file that was taken."""
        return cls(
            file=file,
            source_name=source.name,
            format=source.format,
            file_sha256=file_sha256,
            read=counts.read,
            stored=counts.stored,
            changed=counts.changed,
            outdated=counts.outdated,
            already_there=counts.already_there,
            quarantined=counts.quarantined,
            reasons=dict(sorted(counts.reasons.items())),
            sheets=sheets or {},
            notices=notices,
        )

    @property
    def reconciles(self) -> bool:
        """Whether every row is accounted for."""
        return self.read == self.stored + self.already_there + self.quarantined

    def line(self) -> str:
        """Return one line for the screen."""
        if self.refused:
            return f"{self.file}: refused: {self.refused.reason}"
        changed = f" ({self.changed} changed)" if self.changed else ""
        return (
            f"{self.file}: {self.read} read = {self.stored} stored{changed} + {self.already_there} already "
            f"there + {self.quarantined} quarantined ({self.source_name})"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-ready data."""
        found: dict[str, Any] = asdict(self) if self.refused is None else {"file": self.file}
        found["refused"] = self.refused.reason if self.refused else None
        found["remedy"] = self.refused.remedy if self.refused else None
        return found


@dataclass(frozen=True)
class IngestSummary:
    """What happened to all files of a run."""

    files: tuple[FileSummary, ...]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(one.read for one in self.files)

    @property
    def stored(self) -> int:
        """Rows stored."""
        return sum(one.stored for one in self.files)

    @property
    def already_there(self) -> int:
        """Rows that were on record before."""
        return sum(one.already_there for one in self.files)

    @property
    def quarantined(self) -> int:
        """Rows that wait for a person."""
        return sum(one.quarantined for one in self.files)

    @property
    def refusals(self) -> tuple[FileSummary, ...]:
        """The files that were not taken."""
        return tuple(one for one in self.files if one.refused)

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-ready data."""
        return {
            "read": self.read, "stored": self.stored, "already_there": self.already_there,
            "quarantined": self.quarantined, "files": [one.as_dict() for one in self.files],
        }  # fmt: skip
