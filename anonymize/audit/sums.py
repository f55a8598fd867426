"""Are the files of a release those that its SHA256SUMS names, bit for bit, and no others?"""

import hashlib
from pathlib import Path

from codebook import Verdict

from .exhibit import Exhibit
from .findings import Finding

NAME = "SHA256SUMS"
RULE = "every file is listed in SHA256SUMS with its checksum, and nothing else lies in the folder"


def check_checksums(exhibit: Exhibit) -> Finding:
    """Compare the folder with SHA256SUMS; without the list (a release not yet packaged) a review is due."""
    folder = exhibit.release.folder
    listed = folder / NAME
    if not listed.is_file():
        remedy = "run the reports stage, which writes SHA256SUMS last"
        return Finding("checksums", Verdict.REVIEW, RULE, {"listed": 0}, remedy)
    sums: dict[str, str] = {}
    for line in listed.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition(" ")
        sums[name.lstrip(" *").removeprefix("./")] = digest.lower()
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    present.pop(NAME, None)
    counts = {
        "listed": len(sums),
        "changed": sum(_digest(present[name]) != digest for name, digest in sums.items() if name in present),
        "missing": len(sums.keys() - present.keys()),
        "not_listed": len(present.keys() - sums.keys()),
        "links": sum(path.is_symlink() for path in folder.rglob("*")),
    }
    faults = sum(counts.values()) - counts["listed"]
    verdict = Verdict.FAIL if faults else Verdict.PASS
    return Finding("checksums", verdict, RULE, counts, "make the release again; never edit its files")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
