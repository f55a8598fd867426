"""The case form and everything that comes back from it: one questionnaire, its declarations."""

from .declared import form_documents
from .questionnaire import Part, Question, Questionnaire, load_questionnaire, packaged_questionnaire
from .workbook import workbook_documents

__all__ = [
    "Part",
    "Question",
    "Questionnaire",
    "form_documents",
    "load_questionnaire",
    "packaged_questionnaire",
    "workbook_documents",
]
