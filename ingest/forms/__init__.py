"""The case form and everything that comes back from it: one questionnaire, its declarations."""

from .declared import form_documents
from .definitions import Form, read_form
from .questionnaire import Part, Question, Questionnaire, load_questionnaire, packaged_questionnaire
from .translation import translator_of
from .workbook import workbook_documents

__all__ = [
    "Form",
    "Part",
    "Question",
    "Questionnaire",
    "form_documents",
    "load_questionnaire",
    "packaged_questionnaire",
    "read_form",
    "translator_of",
    "workbook_documents",
]
