"""What a check found, and what all checks together say of a release: verdicts and counts, never a value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from codebook import Verdict, overall_verdict


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Args:
        name: Name of the check.
        verdict: What it means for the release.
        rule: The rule that was checked, in words.
        counts: What was counted; numbers, and names of tables for whoever attacks or answers for the release.
        remedy: What to do where it did not pass.
    """

    name: str
    verdict: Verdict
    rule: str
    counts: Mapping[str, object] = field(default_factory=dict)
    remedy: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables in which something was found."""
        return tuple(sorted(set(_names_in(self.counts))))

    def as_evidence(self, *, published: bool = False) -> dict[str, object]:
        """Return the finding as JSON-ready counts.

        Args:
            published: For evidence that goes out: tables are counted and not named, because a table in which
                one cell is doubtful is a finger on that cell.
        """
        return {
            "name": self.name,
            "verdict": self.verdict.name,
            "rule": self.rule,
            "counts": _without_names(self.counts) if published else dict(self.counts),
            "remedy": self.remedy if self.verdict else "",
        }


def _names_in(counts: Mapping[str, object]) -> Iterator[str]:
    for value in counts.values():
        if isinstance(value, Mapping):
            yield from _names_in(value)
        elif isinstance(value, list):
            yield from map(str, value)


def _without_names(counts: Mapping[str, object]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, value in counts.items():
        if isinstance(value, Mapping):
            told[name] = _without_names(value)
        else:
            told[name] = len(value) if isinstance(value, list) else value
    return told


@dataclass(frozen=True)
class AuditReport:
    """All findings on one release."""

    release_id: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict; a release on which nothing was checked has failed."""
        return overall_verdict(finding.verdict for finding in self.findings)

    def as_evidence(self, *, published: bool = False) -> dict[str, object]:
        """Return the report as JSON-ready counts; tables are named only where it is not published."""
        return {
            "release_id": self.release_id,
            "verdict": self.verdict.name,
            "checks": [finding.as_evidence(published=published) for finding in self.findings],
        }


def judged(name: str, rule: str, faults: int, counts: Mapping[str, object], remedy: str) -> Finding:
    """Return a finding that passes only where no fault was counted."""
    return Finding(name, Verdict.FAIL if faults else Verdict.PASS, rule, counts, remedy)
