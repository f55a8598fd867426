"""Rows into the vault, batch by batch, and the counts of what became of them."""

from .counts import Counts
from .intake import Intake, Keyed, Tools
from .summary import FileSummary, IngestSummary

__all__ = ["Counts", "FileSummary", "IngestSummary", "Intake", "Keyed", "Tools"]
