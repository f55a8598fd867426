"""Raw files into the vault: nothing is guessed and no row is lost."""

from .declarations import load_source, load_sources
from .duplicates import Candidate, decide, find_duplicates, list_candidates, show_pair
from .mapping import Source
from .newer_exports import Vanished, answer_vanished, list_vanished
from .quarantine import WARNING as QUARANTINE_WARNING
from .quarantine import WaitingCount, discard_rows, export_quarantine, list_quarantine
from .retry import retry_quarantine
from .run import ingest_files
from .taking import FileSummary, IngestSummary
from .template import write_template

__all__ = [
    "QUARANTINE_WARNING",
    "Candidate",
    "FileSummary",
    "IngestSummary",
    "Source",
    "Vanished",
    "WaitingCount",
    "answer_vanished",
    "decide",
    "discard_rows",
    "export_quarantine",
    "find_duplicates",
    "ingest_files",
    "list_candidates",
    "list_quarantine",
    "list_vanished",
    "load_source",
    "load_sources",
    "retry_quarantine",
    "show_pair",
    "write_template",
]
