"""Raw files into the vault: nothing is guessed and no row is lost."""

from .declarations import load_source, load_sources
from .mapping import Source
from .quarantine import WARNING as QUARANTINE_WARNING
from .quarantine import WaitingCount, export_quarantine, list_quarantine
from .run import ingest_files, retry_quarantine
from .summary import FileSummary, IngestSummary

__all__ = [
    "QUARANTINE_WARNING",
    "FileSummary",
    "IngestSummary",
    "Source",
    "WaitingCount",
    "export_quarantine",
    "ingest_files",
    "list_quarantine",
    "load_source",
    "load_sources",
    "retry_quarantine",
]
