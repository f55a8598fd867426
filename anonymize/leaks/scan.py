"""Can anything of the vault be read in the release, or of the machine that made it? The last check of all.

Every value is searched as written in all bytes (`bytes_search.py`), and in its forms in all texts that a
reader could make of them (`texts.py`, `gather.py`). The evidence tells kinds and counts, never a value.
"""

import sqlite3  # noqa: I001
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from codebook import Verdict

from anonymize.audit import Finding
from anonymize.readable import Part, readable_parts
from .bytes_search import ByteFilter, haystacks_of, present
from .compiled import Compiled, compile_values, is_in_own_texts
from .gather import Gathered, Gatherer
from .hashes import digests_of_file
from .making import traces_in_bytes, traces_in_name
from .numbers import days_of
from .stable_ids import stable_ids
from .values import PrivateValues

# Only these are told: another suffix, or the name of a file without one, may itself be what was found.
_TOLD_SUFFIXES = frozenset(
    {".cff", ".csv", ".db", ".html", ".json", ".jsonld", ".pdf", ".png", ".svg", ".txt", ".woff2", ".yml"}
    | {".bib", ".ris", ".zip"}
)
_OWN_DATES = ("period_from", "period_to", "data_as_of", "built_at", "release_id", "supersedes")
_WINDOW = 1 << 22  # bytes of a part that are read in several ways at once
_OVERLAP = 1 << 16  # bytes that two windows share: the longest value, escaped
_MOST_KEPT = 96 << 20  # bytes; a larger release is read a second time where something may be in it
_RULE = "rules 7-13: no identifying or operational text of the vault can be read in the release"


def scan_release(folder: Path, values: PrivateValues, earlier: Iterable[Path] = ()) -> Finding:
    """Search what can be read of a release for the values, and report counts by field and kind of file.

    Args:
        folder: Folder of the release.
        values: What must not be readable.
        earlier: Folders of earlier releases, whose ids may not come back.

    Returns:
        FAIL where one is found or nothing was searched, REVIEW where a value could not be searched for or
        a file could not be taken apart; never a value.
    """
    compiled = compile_values(values, _own_dates(folder))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    reading = _Reading(folder, compiled)
    for path in files:
        reading.read(path)
    hits = reading.hits(files)
    for kind in sorted(stable_ids(folder, earlier)):
        hits.setdefault(f"making: an id of an earlier release in {kind}", 1)
    counts: dict[str, object] = {
        "values_searched": _rounded_down(len(compiled.searched)),
        "forms_searched": _rounded_down(compiled.forms),
        "files_searched": len(files),
        "values_found": sum(hits.values()),
        "values_not_searchable": _rounded_down(values.unsearchable),
        "parts_not_understood": reading.not_understood,
    }
    if hits:
        counts["found"] = dict(hits)
    searched = bool(compiled.searched) and bool(files)
    return _judged(counts, failed=bool(hits) or not searched, unsearchable=values.unsearchable)


def _judged(counts: dict[str, object], *, failed: bool, unsearchable: int) -> Finding:
    if failed:
        remedy = (
            "do not publish. A case code that is an ordinary word (such as Total) is changed in the file, "
            "which is ingested again; a cell in quarantine is repaired or discarded (see `withheld "
            "quarantine list`); another field that is named here: report it as a fault of the program"
        )
        return Finding("leak_scan", Verdict.FAIL, _RULE, counts, remedy)
    # What was not checked has not passed.
    remedies = {
        "use case codes with letters: short numbers stand in any file by chance": unsearchable,
        "look into the files that are damaged, encrypted or packed in an unknown way": counts[
            "parts_not_understood"
        ],
    }
    remedy = "; ".join(text for text, number in remedies.items() if number)
    return Finding("leak_scan", Verdict.REVIEW if remedy else Verdict.PASS, _RULE, counts, remedy)


class _Reading:
    """One pass over the files of a release, and what came of it."""

    def __init__(self, folder: Path, compiled: Compiled) -> None:
        self.not_understood = 0
        self._folder = folder
        self._compiled = compiled
        self._filter = ByteFilter()
        self._gatherer = Gatherer(
            compiled.phrases, compiled.identity, with_positions=bool(compiled.positions)
        )
        self._gathered: dict[str, Gathered] = {}
        self._seen: set[bytes] = set()
        self._own_digests: set[str] = set()
        self._kept: dict[Path, list[tuple[bytes, bytes]]] = {}
        self._kept_bytes = 0
        self._keeps = True

    def read(self, path: Path) -> None:
        """Enter a file; what stood in an earlier one is read once."""
        found = self._gathered.setdefault(_kind(path), Gathered())
        content = path.read_bytes()
        self._own_digests.update(digests_of_file(content))
        found.traces.update(traces_in_bytes(content))
        found.traces.update(traces_in_name(str(path.relative_to(self._folder))))
        for part in _parts(path, content, self._folder, self._seen):
            self.not_understood += not part.understood
            for window in _windows(part.data):
                pair = haystacks_of(window, self._gatherer.read(window, found))
                self._filter.add(pair)
                self._keep(path, pair)

    def _keep(self, path: Path, pair: tuple[bytes, bytes]) -> None:
        """Keep what was read for the second look, as long as it is not much."""
        self._kept_bytes += len(pair[0]) + len(pair[1])
        if self._kept_bytes > _MOST_KEPT:
            self._keeps = False
            self._kept.clear()
        if self._keeps:
            self._kept.setdefault(path, []).append(pair)

    def hits(self, files: list[Path]) -> Counter[str]:
        """Return how many values were found, by field and kind of file."""
        hits: Counter[str] = Counter()
        standing = self._filter.suspects(self._compiled.searched)
        suspects = [one for one in standing if not is_in_own_texts(one[0].text)]
        if suspects and self._keeps:
            kept = (pair for pairs in self._kept.values() for pair in pairs)
            real = {value.text for value in present(suspects, kept)}
            suspects = [one for one in suspects if one[0].text in real]
        for path in files if suspects else []:
            hits.update(f"{value.field} in {_kind(path)}" for value in present(suspects, self._again(path)))
        digests = set[str]().union(*(found.digests for found in self._gathered.values()))
        hashed = self._compiled.explain_digests(digests - self._own_digests)
        for kind, found in self._gathered.items():
            for field in self._compiled.fields_in(found, hashed):
                # A value that was found as written is not told again by its forms.
                hits.setdefault(f"{field} in {kind}", 1)
            for trace in found.traces:
                hits.setdefault(f"making: {trace} in {kind}", 1)
        return hits

    def _again(self, path: Path) -> Iterator[tuple[bytes, bytes]]:
        """Yield what was read of a file, each word that is packed in this file once."""
        reader = Gatherer(self._compiled.phrases, None, with_positions=False)
        for part in _parts(path, path.read_bytes(), self._folder, None):
            for window in _windows(part.data):
                yield haystacks_of(window, reader.texts(window))


def _own_dates(folder: Path) -> frozenset[str]:
    """Return the days that a release states of itself: its period, and when it was made (also as its name)."""  # noqa: E501
    path = folder / "release.db"
    if not path.is_file():
        return frozenset()
    query = f"SELECT value FROM release WHERE key IN ({', '.join('?' for _ in _OWN_DATES)})"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            rows = database.execute(query, _OWN_DATES).fetchall()
    except sqlite3.Error:
        return frozenset()  # it states nothing of itself, so nothing is its own
    return frozenset(day for (value,) in rows for day in days_of(str(value)))


def _rounded_down(number: int) -> int:
    """How many values there are says how many cases there are: one digit only."""
    magnitude = 10 ** max(len(str(number)) - 1, 0)
    return int(number // magnitude * magnitude)


def _kind(path: Path) -> str:
    return path.suffix if path.suffix in _TOLD_SUFFIXES else "a file of another kind"


def _parts(path: Path, content: bytes, folder: Path, seen: set[bytes] | None) -> Iterator[Part]:
    """Yield the name of a file and what can be read in it."""
    yield Part(str(path.relative_to(folder)).encode("utf-8", "surrogateescape"))
    yield from readable_parts(content, seen=seen)


def _windows(data: bytes) -> Iterator[bytes]:
    """Yield a part in pieces that repeat the end of the one before."""
    for start in range(0, max(len(data), 1), _WINDOW):
        yield data[max(start - _OVERLAP, 0) : start + _WINDOW]
