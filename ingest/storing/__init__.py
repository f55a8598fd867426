"""From a case to rows of the vault: the same record, the same person, ids and fingerprints."""

from .origin import Origin
from .people import JOINING, Known, People
from .records import CONTENT_LENGTH, RecordKeys, known_keys, row_from_json, row_json
from .rows import CaseWriter, Provenance

__all__ = [
    "CONTENT_LENGTH",
    "JOINING",
    "CaseWriter",
    "Known",
    "Origin",
    "People",
    "Provenance",
    "RecordKeys",
    "known_keys",
    "row_from_json",
    "row_json",
]
