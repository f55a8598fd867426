"""What a check found, and what all checks together say of a release: verdicts and counts, never a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from codebook import Verdict, overall_verdict


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Args:
        name: Name of the check.
        verdict: What it means for the release.
        rule: The rule that was checked, in words.
        counts: What was counted; numbers and names of tables only.
        remedy: What to do where it did not pass.
    """

    name: str
    verdict: Verdict
    rule: str
    counts: Mapping[str, object] = field(default_factory=dict)
    remedy: str = ""

    def as_evidence(self) -> dict[str, object]:
        """Return the finding as JSON-ready counts."""
        return {
            "name": self.name,
            "verdict": self.verdict.name,
            "rule": self.rule,
            "counts": dict(self.counts),
            "remedy": self.remedy if self.verdict else "",
        }


@dataclass(frozen=True)
class AuditReport:
    """All findings on one release."""

    release_id: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict; a release on which nothing was checked has failed."""
        return overall_verdict(finding.verdict for finding in self.findings)

    def as_evidence(self) -> dict[str, object]:
        """Return the report as JSON-ready counts."""
        return {
            "release_id": self.release_id,
            "verdict": self.verdict.name,
            "checks": [finding.as_evidence() for finding in self.findings],
        }


def judged(name: str, rule: str, faults: int, counts: Mapping[str, object], remedy: str) -> Finding:
    """Return a finding that passes only where no fault was counted."""
    return Finding(name, Verdict.FAIL if faults else Verdict.PASS, rule, counts, remedy)
