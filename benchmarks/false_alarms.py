"""How often the leak scan tells of a leak where there is none: values of one group, release of another.

    python benchmarks/false_alarms.py RELEASE_DIR [--groups 12] [--incidents 1000] [--seed 100]

The values of a generated group cannot stand in the release of another, so whatever is found stands there by
chance, or belongs to the program. A line is a group; the last line counts who would be refused.
"""

import argparse
import datetime
import sys
import tempfile
from pathlib import Path

from anonymize import private_values, scan_release
from anonymize.audit import Finding
from codebook import Verdict
from ingest import ingest_files, load_sources
from ingest.synthetic import synthesize
from vault import KeyCost, create_vault


def scan(release: Path, folder: Path, *, incidents: int, seed: int) -> Finding:
    """Scan a release for the values of a group that is generated and ingested for this, names kept or not."""
    now = datetime.datetime.now(datetime.UTC)
    written = synthesize(folder / "incoming", incidents=incidents, seed=seed, today=now.date())
    with create_vault(folder / "private" / "vault.db", "benchmark", cost=KeyCost(n=2**4)) as vault:
        ingest_files(
            vault,
            [*written.files],
            sources=load_sources(),
            now=now,
            keep_identifiers=seed % 2 == 0,
        )
        return scan_release(release, private_values(vault))


def main() -> int:
    """Print what was found for each group; exit 1 where any would be refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--groups", type=int, default=12)
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=100)
    asked = parser.parse_args()
    refused = 0
    for seed in range(asked.seed, asked.seed + asked.groups):
        with tempfile.TemporaryDirectory() as folder:
            finding = scan(asked.release, Path(folder), incidents=asked.incidents, seed=seed)
        refused += finding.verdict is Verdict.FAIL
        print(f"seed {seed}: {finding.verdict.name} {finding.counts.get('found', '')}", flush=True)
    print(f"{refused} of {asked.groups} groups would be refused")
    return int(bool(refused))


if __name__ == "__main__":
    sys.exit(main())
