"""Narratives: never published; a quotation that a person chose is proposed without what identifies."""

from .case import SCOPE, QuotedCase, load_case, with_known_words
from .known import KnownIdentifiers
from .passages import passage_of
from .propose import Proposal, passage, propose
from .quotations import (
    CONFIRMATIONS,
    ROLES,
    Quotation,
    confirm_quotation,
    discard_quotation,
    export_quotation,
    file_quotation,
    filed_quotation,
    filed_quotations,
    text_of,
)
from .recogniser import Recogniser, load_recogniser
from .spans import Certainty, Span

__all__ = [
    "CONFIRMATIONS",
    "ROLES",
    "SCOPE",
    "Certainty",
    "KnownIdentifiers",
    "Proposal",
    "Quotation",
    "QuotedCase",
    "Recogniser",
    "Span",
    "confirm_quotation",
    "discard_quotation",
    "export_quotation",
    "file_quotation",
    "filed_quotation",
    "filed_quotations",
    "load_case",
    "load_recogniser",
    "passage",
    "passage_of",
    "propose",
    "text_of",
    "with_known_words",
]
