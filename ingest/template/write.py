"""Empty forms to collect cases with, from one questionnaire: what comes back needs no mapping.

`xlsform` is for KoboToolbox and ODK; `spreadsheet` is a workbook with drop-downs and a guide sheet. Staff,
devices and coordinates are not asked for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from codebook import Codebook, UsageError
from codebook.whole_file import replaced_file
from ingest.forms import packaged_questionnaire

from .spreadsheet import spreadsheet_workbook
from .xlsform import LANGUAGES, xlsform_workbook


def write_template(kind: str, path: Path, book: Codebook, *, language: str = "en") -> None:
    """Write an empty form to a new .xlsx file.

    Args:
        kind: One of `TEMPLATES`.
        language: en or ru: of the workbook, or the one in which the form opens.

    Raises:
        UsageError: The kind or the language is unknown, or the file cannot be written.
    """
    if kind not in TEMPLATES:
        raise UsageError("there is no template of that kind", remedy=f"one of: {', '.join(TEMPLATES)}")
    if language not in LANGUAGES:
        raise UsageError("there is no template in that language", remedy=f"one of: {', '.join(LANGUAGES)}")
    workbook = TEMPLATES[kind](book, language)
    try:
        with replaced_file(path, binary=True) as file:
            workbook.save(file)
    except OSError as error:
        raise UsageError(
            "the template cannot be written there", remedy="name a file in a folder you can write"
        ) from error


TEMPLATES: dict[str, Callable[[Codebook, str], Any]] = {
    "xlsform": lambda _, language: xlsform_workbook(packaged_questionnaire(), language),
    "spreadsheet": lambda book, language: spreadsheet_workbook(packaged_questionnaire(), book, language),
}
