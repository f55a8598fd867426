"""Narratives: never published; a quotation that a person chose is proposed without what identifies."""

from .known import KnownIdentifiers
from .propose import Proposal, propose
from .recogniser import Recogniser, load_recogniser
from .spans import Certainty, Span

__all__ = ["Certainty", "KnownIdentifiers", "Proposal", "Recogniser", "Span", "load_recogniser", "propose"]
