"""The questionnaire as a workbook: cases, persons, acts, help on own sheets, joined by the case code.

The template is written from this and the declaration that reads it back is made from it, in each language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .questionnaire import Part, Question, Questionnaire

SHEETS = {
    "incident": {"en": "Cases", "ru": "Случаи"},
    "person": {"en": "Persons", "ru": "Лица"},
    "act": {"en": "Acts", "ru": "Деяния"},
    "help": {"en": "Help", "ru": "Помощь"},
}
GUIDE = {"en": "Guide", "ru": "Справка"}
LISTS = {"en": "Lists", "ru": "Списки"}
CASE_CODE = {"en": "Case code", "ru": "Код обращения"}
PERSON_NUMBER = {"en": "Person no.", "ru": "№ лица"}
EXAMPLE = {"en": "EXAMPLE", "ru": "ПРИМЕР"}  # the case code of rows that are never taken for a case
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        heading: In the language of the workbook.
        question: What it asks; None for the columns that join sheets.
    """

    heading: str
    question: Question | None


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet and what joins it to the sheet above it."""

    part: str
    name: str
    join: tuple[str, ...]
    columns: tuple[Column, ...]


def workbook_sheets(form: Questionnaire, language: str) -> tuple[WorkbookSheet, ...]:
    """Return the sheets that hold data: cases first, then persons, acts, help."""
    cases = next(part for part in form.groups if part.name == "incident")
    persons = form.repeats[0]
    code, number = CASE_CODE[language], PERSON_NUMBER[language]
    sheets = [_sheet(cases, language, (), ()), _sheet(persons, language, (code,), (code, number))]
    sheets += [_sheet(part, language, (code, number), (code, number)) for part in persons.parts]
    return tuple(sheets)


def _sheet(part: Part, language: str, join: tuple[str, ...], first: tuple[str, ...]) -> WorkbookSheet:
    own = [column for question in part.questions for column in _columns(question, language)]
    joining = [Column(heading, None) for heading in first]
    return WorkbookSheet(part.name, SHEETS[part.name][language], join, (*joining, *own))


def _columns(question: Question, language: str) -> Iterator[Column]:
    heading = CASE_CODE[language] if question.path == "incident.external_id" else question.label[language]
    yield Column(heading, question)
    if question.several and question.path != "act.relationship":  # another man is another row
        yield Column(f"{heading} (2)", question)


def workbook_documents(form: Questionnaire) -> Iterator[dict[str, Any]]:
    """Yield the declaration of the filled workbook in each language."""
    for language in LANGUAGES:
        cases, persons, *below = workbook_sheets(form, language)
        yield {
            "name": f"withheld_workbook_{language}", "version": form.version, "format": "xlsx",
            "description": "The workbook of `withheld template spreadsheet`", "language": language,
            "sheet": cases.name, "ignore_sheets": [GUIDE[language], LISTS[language]],
            "recognise": [column.heading for column in cases.columns[:3]],
            "key": [CASE_CODE[language]], "code_space": form.identifier,
            "skip_rows": {CASE_CODE[language]: list(EXAMPLE.values())},
            "columns": _targets(cases), "constants": {"incident.country": "RU"},
            "repeats": [_repeat(persons) | {"repeats": [_repeat(sheet) for sheet in below]}],
        }  # fmt: skip


def _repeat(sheet: WorkbookSheet) -> dict[str, Any]:
    joined = {heading: heading for heading in sheet.join}
    ignored = [column.heading for column in sheet.columns if column.question is None]
    return {"sheet": sheet.name, "join": joined, "columns": _targets(sheet), "ignore": ignored}


def _targets(sheet: WorkbookSheet) -> dict[str, Any]:
    return {
        column.heading: {"consent": column.question.path}
        if column.question.is_consent
        else column.question.path
        for column in sheet.columns
        if column.question is not None
    }
