"""A group publishes four times, new cases and a withdrawal between; each release is attacked with all before.

    python benchmarks/releases.py                 each further release closes another quarter
    python benchmarks/releases.py --late --new 60 new cases are from all years, no further quarter closes
    python benchmarks/releases.py --incidents 400 --rounds 1

Prints one JSON object a release; processor seconds.
"""

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.group_over_time import Chapter, Story, tell


def described(chapter: Chapter) -> dict[str, object]:
    """Return what the attacker found, what was withheld and how long it took."""
    findings = {finding.name: finding for finding in chapter.report.findings}
    private = chapter.built.private
    return {
        "release": chapter.report.release_id,
        "verdict": chapter.report.verdict.name,
        "not_passed": [name for name, finding in findings.items() if finding.verdict],
        "counted": private["counted"],
        "withheld_cells": {
            name: cost.withheld_cells for name, cost in private["tables"].items() if cost.withheld_cells
        },
        "earlier_releases": dict(findings["earlier_releases"].counts),
        "release_seconds": round(chapter.release_seconds, 1),
        "audit_seconds": round(chapter.audit_seconds, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Tell the story that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (
        ("incidents", 2000),
        ("new", 40),
        ("rounds", 3),
        ("withdrawal-before", 2),
        ("seed", 7),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--late", action="store_true")
    parser.add_argument("--directory", type=Path, help="a fresh folder to keep the releases in")
    chosen = vars(parser.parse_args())
    directory = chosen.pop("directory")
    with tempfile.TemporaryDirectory() as temporary:
        for chapter in tell(Story(**chosen), directory or Path(temporary) / "group"):
            print(json.dumps(described(chapter)), flush=True)


if __name__ == "__main__":
    main()
