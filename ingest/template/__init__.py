"""Empty forms to collect cases with, from one questionnaire: what comes back needs no mapping."""

from .write import write_template
from .xlsform import LANGUAGES, Content, xlsform_content

__all__ = ["LANGUAGES", "Content", "write_template", "xlsform_content"]
