"""From what a person typed to a value of the codebook, or the reason why it cannot be one."""

from .ages import age_at
from .names import document_key, handle_key, name_key, phone_key
from .places import Gazetteer
from .reading import BLANKS, Money, read_code, read_joined_labels, reader_of, tidy
from .unpacking import unpacker

__all__ = [
    "BLANKS",
    "Gazetteer",
    "Money",
    "age_at",
    "document_key",
    "handle_key",
    "name_key",
    "phone_key",
    "read_code",
    "read_joined_labels",
    "reader_of",
    "tidy",
    "unpacker",
]
