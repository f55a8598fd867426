"""A narrative, and what of it may stand in a quotation: what identifies is taken out, or marked to decide.

In this order: the identifiers of the case; patterns; names by the recogniser, if it is installed; words with
a capital that nothing explains. Nothing is judged by one of them alone: what any of them finds is hidden.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from codebook import Ladder, ReleaseRefused, UsageError, load_codebook

from .capitals import find_capitals, plain_words
from .known import KnownIdentifiers, find_known, with_initials
from .labels import label_of
from .moments import find_moments
from .patterns import find_patterns
from .places import find_places
from .recogniser import Recogniser
from .spans import Certainty, Span, settle
from .words import words_of


@dataclass(frozen=True)
class Proposal:
    """A narrative and its hidden parts; holds what she told, so it is shown, and never logged.

    Attributes:
        spans: The hidden parts, in their order; part n of the display is `spans[n - 1]`.
        names_looked_for: Whether the recogniser of names was there.
        case_identifiers: Whether any identifier of the case was known.
    """

    text: str = field(repr=False)
    spans: tuple[Span, ...] = field(repr=False)
    names_looked_for: bool = False
    case_identifiers: bool = False

    @property
    def unsure(self) -> tuple[int, ...]:
        """The numbers of the parts that a person has to look at."""
        return tuple(n for n, one in enumerate(self.spans, start=1) if one.certainty is Certainty.UNSURE)

    def pieces(self) -> list[tuple[str, Span | None]]:
        """Return the narrative in pieces, each with the span that hides it, None where nothing does."""
        found: list[tuple[str, Span | None]] = []
        place = 0
        for span in self.spans:
            found.append((self.text[place : span.start], None))
            found.append((self.text[span.start : span.end], span))
            place = span.end
        found.append((self.text[place:], None))
        return [piece for piece in found if piece[0]]

    def quotation(self) -> str:
        """Return the redacted text."""
        ladder = age_ladder()
        return "".join(label_of(span, self.text, ladder) if span else piece for piece, span in self.pieces())

    def keeping(self, numbers: Iterable[int]) -> "Proposal":
        """Return the proposal with some parts shown again.

        Raises:
            UsageError: There is no such part, or it is an identifier of the case, which is never shown.
        """
        shown = set(numbers)
        if not shown <= set(range(1, len(self.spans) + 1)):
            raise UsageError(
                "there is no part of that number", remedy="take the numbers that stand before the parts"
            )
        if any(self.spans[number - 1].certainty is Certainty.KNOWN for number in shown):
            raise UsageError(
                "a part that is an identifier of the case cannot be kept", remedy="leave that number out"
            )
        kept = tuple(one for n, one in enumerate(self.spans, start=1) if n not in shown)
        return Proposal(self.text, kept, self.names_looked_for, self.case_identifiers)


def propose(
    text: str, known: KnownIdentifiers, recogniser: Recogniser | None, *, hide: Sequence[str] = ()
) -> Proposal:
    """Return a proposal for a narrative or a passage of it.

    Args:
        recogniser: None where the extra `[ner]` is not installed; then names that are not of the case are
            only marked, by their capital.
        hide: Further words that a person wants out, as they stand in the text, in any form of case.

    Raises:
        ReleaseRefused: An identifier of the case would be left (a fault of the program; nothing is proposed).
    """
    spans = settle([*_with_names(text, known, recogniser), *_chosen(text, hide)], text)
    proposal = Proposal(text, tuple(spans), recogniser is not None, bool(known))
    require_nothing_known(proposal, known)
    return proposal


def passage(proposal: Proposal, start: int, end: int) -> Proposal:
    """Return the proposal for a part of its text; a hidden part that reaches over an edge is cut there."""
    inside = (
        Span(max(one.start, start) - start, min(one.end, end) - start, one.kind, one.certainty)
        for one in proposal.spans
        if one.start < end and one.end > start
    )
    return Proposal(
        proposal.text[start:end], tuple(inside), proposal.names_looked_for, proposal.case_identifiers
    )


def require_nothing_known(proposal: Proposal, known: KnownIdentifiers) -> None:
    """Refuse a proposal in whose shown pieces an identifier of the case can be found.

    Raises:
        ReleaseRefused: One is found.
    """
    shown = " | ".join(piece for piece, span in proposal.pieces() if span is None)
    if any(one.certainty is Certainty.KNOWN for one in find_known(shown, known)):
        raise ReleaseRefused(
            "the proposal would still hold an identifier of the case",
            remedy="name the words with --hide; report it as a fault of the program",
        )


def age_ladder() -> Ladder:
    """Return the hierarchy of ages."""
    return load_codebook().hierarchies["age"]


def _with_names(text: str, known: KnownIdentifiers, recogniser: Recogniser | None) -> list[Span]:
    words = words_of(text)
    spans = [*find_known(text, known), *find_patterns(text), *find_moments(text), *find_places(text)]
    plain = {(word.start, word.end) for word in words if word.folded in plain_words()}
    if recogniser:
        spans += [one for one in recogniser.find(text, words) if (one.start, one.end) not in plain]
    spans += find_capitals(words, recogniser.is_plain if recogniser else None)
    return [with_initials(one, text) if one.kind == "name" else one for one in spans]


def _chosen(text: str, hide: Sequence[str]) -> list[Span]:
    found = find_known(text, KnownIdentifiers(persons=hide, codes=hide)) if hide else []
    return [Span(one.start, one.end, "chosen", Certainty.CHOSEN) for one in found]
