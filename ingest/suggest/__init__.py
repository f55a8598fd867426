"""A draft declaration for a file of which nothing is declared, from the evidence of headings and values."""

from .draft import Draft
from .suggest import Known, suggest_declaration

__all__ = ["Draft", "Known", "suggest_declaration"]
