"""What a part of a narrative is, how sure that is, and how parts that overlap are settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Certainty(IntEnum):
    """How a part was found; where parts overlap, the surer one names what they share."""

    UNSURE = 0  # may be nothing; hidden until a person decides
    RECOGNISED = 1  # by the recogniser of names or by a list of names
    PATTERN = 2
    CHOSEN = 3  # a person asked for it to be hidden
    KNOWN = 4  # an identifier of this case


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (not included) of a narrative, and what stands there."""

    start: int
    end: int
    kind: str
    certainty: Certainty


def settle(spans: Iterable[Span], text: str) -> list[Span]:
    """Return spans that do not overlap and hide every character that any of them hides.

    Neighbours of one kind with nothing but spaces or hyphens between them become one.

    >>> [(one.start, one.end) for one in settle([Span(0, 4, "name", Certainty.UNSURE),
    ...     Span(2, 9, "name", Certainty.KNOWN)], "Ab Cd Efg")]
    [(0, 9)]
    """
    owner: list[Span | None] = [None] * len(text)
    for one in sorted(spans, key=lambda span: (span.certainty, span.end - span.start)):
        owner[one.start : one.end] = [one] * (min(one.end, len(text)) - one.start)
    pieces: list[Span] = []
    for place, span in enumerate(owner):
        if span is None:
            continue
        if pieces and pieces[-1].end == place and owner[place - 1] is span:
            pieces[-1] = _extended(pieces[-1], place + 1)
        else:
            pieces.append(Span(place, place + 1, span.kind, span.certainty))
    return _joined([one for one in pieces if any(map(str.isalnum, text[one.start : one.end]))], text)


def _joined(pieces: list[Span], text: str) -> list[Span]:
    found: list[Span] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and last.kind == piece.kind and not text[last.end : piece.start].strip(" -.\u00a0"):
            found[-1] = Span(last.start, piece.end, last.kind, max(last.certainty, piece.certainty))
        else:
            found.append(piece)
    return found


def _extended(span: Span, end: int) -> Span:
    return Span(span.start, end, span.kind, span.certainty)
