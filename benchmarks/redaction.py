"""How much of what identifies is hidden in a quotation, by kind, on public sets and on narratives of our own.

    python benchmarks/redaction.py [tuning|held-out|factrueval|synth ...] [--missed]

Recall: the share of marked spans of which every word is hidden, surely or as unsure ("in" and the like need
not be). Precision: the share of hidden letters that stand in a marked span. Only counts are
shown, unless `--missed` asks for the spans that were missed (all texts are public or invented).
"""

import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Before numpy is loaded: its threads only wait for each other over matrices this small.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anonymize.text import Certainty, KnownIdentifiers, Recogniser, load_recogniser, propose

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("WITHHELD_SHARED", HERE.parents[1] / "shared")) / "bench" / "redaction"
_MARK = re.compile(r"\{([A-Z])\|([^{}]*)\}")
_SMALL = re.compile(r"[a-zа-яё]{1,2}|the|In|On|At|Во|Со")
KINDS = {
    "K": "known, Russian case forms",
    "T": "known, transliterated",
    "P": "unknown persons",
    "L": "unknown places",
    "O": "institutions",
    "D": "dates and times",
    "A": "ages",
    "N": "numbers and addresses",
}


@dataclass(frozen=True)
class Narrative:
    """A text without its marks, where the marks were, and what the vault knows of the case."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    known: KnownIdentifiers = field(default_factory=KnownIdentifiers)
    part: str = ""


@dataclass
class Score:
    """Counts of one run: spans by kind, and letters."""

    spans: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    surely: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_narratives(part: str, path: Path = HERE / "data" / "narratives.txt") -> Iterator[Narrative]:
    """Yield the narratives of one part: tuning or held-out."""
    for block in re.split(r"^== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, persons, places, other, *lines = block.strip().split("\n")
        if head.split()[2] == part:
            known = KnownIdentifiers(*(_listed(line) for line in (persons, places, other)))
            yield _without_marks("\n".join(lines), known, part)


def _listed(line: str) -> list[str]:
    return [one.strip() for one in line.partition(":")[2].split(",") if one.strip()]


def _without_marks(marked: str, known: KnownIdentifiers, part: str) -> Narrative:
    text, spans, place = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[place : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text, place = text + mark[2], mark.end()
    return Narrative(text + marked[place:], tuple(spans), known, part)


def score(narratives: Iterable[Narrative], recogniser: Recogniser | None) -> Score:
    """Score every narrative; a span counts as hidden if no letter or digit of it is left."""
    found = Score()
    for one in narratives:
        hidden = bytearray(len(one.text))
        sure = bytearray(len(one.text))
        for span in propose(one.text, one.known, recogniser).spans:
            hidden[span.start : span.end] = b"\1" * (span.end - span.start)
            if span.certainty is not Certainty.UNSURE:
                sure[span.start : span.end] = b"\1" * (span.end - span.start)
        marked = bytearray(len(one.text))
        for start, end, kind in one.spans:
            marked[start:end] = b"\1" * (end - start)
            places = _letters_that_tell(one.text, start, end)
            found.spans[kind] += 1
            found.hidden[kind] += all(hidden[at] for at in places)
            found.surely[kind] += all(sure[at] for at in places)
            if not all(hidden[at] for at in places):
                found.missed[kind].append(one.text[start:end])
        for at, letter in enumerate(one.text):
            if letter.isalnum():
                found.letters["all"] += 1
                found.letters["hidden"] += hidden[at]
                found.letters["hidden rightly"] += hidden[at] and marked[at]
                found.letters["sure"] += sure[at]
                found.letters["sure rightly"] += sure[at] and marked[at]
    return found


def _letters_that_tell(text: str, start: int, end: int) -> list[int]:
    """Return the places of the letters and digits of a span, without small words of one or two letters."""
    words = (found for found in re.finditer(r"\w+", text[start:end]) if not _SMALL.fullmatch(found[0]))
    return [start + at for found in words for at in range(*found.span())]


def factrueval() -> Iterator[Narrative]:
    """Yield the texts of FactRuEval's development set."""
    kinds = {"Person": "P", "LocOrg": "L", "Location": "L", "Org": "O"}
    for line in (SHARED / "factrueval_dev_spans.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        spans = tuple((start, end, kinds.get(kind, kind)) for kind, start, end in record["spans"])
        yield Narrative(record["text"], spans, part="factrueval")


def synth() -> Iterator[Narrative]:
    """Yield the English texts of the synthetic set, by its own names of entities."""
    for record in json.loads((SHARED / "synth_dataset_v2.json").read_text("utf-8")):
        spans = tuple(
            (one["start_position"], one["end_position"], one["entity_type"]) for one in record["spans"]
        )
        yield Narrative(record["full_text"], spans, part="synth")


def table(title: str, result: Score, seconds: float) -> str:
    """Return the score as lines of a table."""
    lines = [f"{title}: {seconds:.1f} s of processor time"]
    for kind in sorted(result.spans, key=lambda one: (list(KINDS).index(one) if one in KINDS else 99, one)):
        n = result.spans[kind]
        lines.append(
            f"  {KINDS.get(kind, kind):28} {n:5} spans  hidden {result.hidden[kind] / n:.3f}  "
            f"surely {result.surely[kind] / n:.3f}"
        )
    hidden, sure = max(result.letters["hidden"], 1), max(result.letters["sure"], 1)
    lines.append(
        f"  precision by letters: all hidden {result.letters['hidden rightly'] / hidden:.3f}, "
        f"surely hidden {result.letters['sure rightly'] / sure:.3f}; hidden of the text: "
        f"{hidden / result.letters['all']:.2f}"
    )
    return "\n".join(lines)


def main(parts: list[str]) -> None:
    """Print a table for each part asked for."""
    sources = {
        "tuning": lambda: read_narratives("tuning"), "held-out": lambda: read_narratives("held-out"),
        "factrueval": factrueval, "synth": synth,
    }  # fmt: skip
    for part in (one for one in parts if one in sources):
        for title, recogniser in (("with [ner]", load_recogniser()), ("without", None)):
            started = time.process_time()
            result = score(sources[part](), recogniser)
            print(table(f"{part}, {title}", result, time.process_time() - started))
            if "--missed" in parts:
                print({kind: texts[:40] for kind, texts in result.missed.items()})


if __name__ == "__main__":
    main(sys.argv[1:] or ["tuning", "held-out", "factrueval", "synth"])
