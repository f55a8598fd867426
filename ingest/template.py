"""Empty forms to collect cases with: what comes back needs no mapping.

`xlsform` is for KoboToolbox and ODK, from the questionnaire; `spreadsheet` is a workbook with drop-downs and a
guide sheet. Staff, devices and coordinates are not asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook import Codebook, Field, FieldType, UsageError

from .declarations import load_sources
from .forms import packaged_questionnaire
from .mapping import Aim, Sheet, Source, Target
from .template_xlsform import xlsform_workbook

_WORKBOOK = "casebook_ru"
_LIST_ROWS = 2_000  # rows of a new workbook that have drop-downs
_PERSON_NUMBER = {
    "en": "Number of the person in this form (1 is the first)",
    "ru": "Номер лица в анкете (1: первое)",
}


@dataclass(frozen=True)
class Question:
    """One question of a form or column of a workbook.

    Attributes:
        name: Column that the declaration reads.
        code_list: List of the permitted answers, or the empty text.
        several: Whether more than one answer is allowed.
    """

    name: str
    type: FieldType
    labels: dict[str, str]
    code_list: str
    several: bool
    target: Target


def write_template(kind: str, path: Path, book: Codebook) -> None:
    """Write an empty form to a new .xlsx file.

    Args:
        kind: One of `TEMPLATES`.

    Raises:
        UsageError: The kind is unknown or the file cannot be written.
    """
    if kind not in TEMPLATES:
        raise UsageError("there is no template of that kind", remedy=f"one of: {', '.join(TEMPLATES)}")
    workbook = TEMPLATES[kind](book)
    try:
        workbook.save(path)
    except OSError as error:
        raise UsageError(
            "the template cannot be written there", remedy="name a file in a folder you can write"
        ) from error


def questions_of(sheet: Sheet, book: Codebook) -> list[Question]:
    """Return the questions that fill the columns of a table, consent before everything else."""
    found = [
        _question(column, targets[0], book)
        for column, targets in sheet.block.columns.items()
        if targets[0].path != "link.perpetrator"
    ]
    return sorted(found, key=lambda one: one.target.aim is not Aim.CONSENT)


def _question(column: str, target: Target, book: Codebook) -> Question:
    if target.aim is Aim.LINK:
        return Question(column, FieldType.INTEGER, dict(_PERSON_NUMBER), "", several=False, target=target)
    if target.aim is Aim.CONSENT:
        scope = book.code_lists["consent_scope"].codes[target.path]
        labels = {"en": f"Consent: {scope.label_en}", "ru": f"Согласие: {scope.label_ru}"}
        return Question(column, FieldType.CODE, labels, "consent_status", several=False, target=target)
    known: Field = book.field(target.path)
    labels = {"en": known.label_en, "ru": known.label_ru}
    several = bool(target.separator) or known.type is FieldType.CODES
    return Question(column, known.type, labels, known.code_list, several=several, target=target)


def _packaged(name: str) -> Source:
    return load_sources()[name]


def xlsform(book: Codebook) -> Any:
    """Return the XLSForm of the packaged questionnaire as an openpyxl workbook."""
    return xlsform_workbook(packaged_questionnaire())


def spreadsheet(book: Codebook) -> Any:
    """Return the workbook as openpyxl has it: cases, help and a guide that ingest ignores by name."""
    import openpyxl

    source = _packaged(_WORKBOOK)
    workbook = openpyxl.Workbook()
    cases = workbook.active
    cases.title = source.main.name
    sheets = [(cases, source.main)]
    sheets += [(workbook.create_sheet(repeat.name), repeat) for repeat in source.main.repeats]
    guide = workbook.create_sheet(next(iter(source.ignore_sheets)))
    places = _write_guide(guide, [questions_of(declared, book) for _, declared in sheets], book)
    for sheet, declared in sheets:
        questions = {one.name: one for one in questions_of(declared, book)}
        header = [*declared.join, *(name for name in questions if name not in declared.join)]
        sheet.append(header)
        sheet.freeze_panes = "A2"
        for position, name in enumerate(header, start=1):
            if name in questions and questions[name].code_list:
                _add_drop_down(
                    sheet, position, guide.title, places[questions[name].code_list], questions[name]
                )
    return workbook


def _write_guide(guide: Any, tables: list[list[Question]], book: Codebook) -> dict[str, tuple[str, int]]:
    """Write what each column means, and each list in a column of its own; return where each list stands."""
    from openpyxl.utils import get_column_letter

    guide.append(["Column", "English", "Русский", "Several"])
    for question in (one for table in tables for one in table):
        several = f"separate them by {question.target.separator}" if question.several else ""
        guide.append([question.name, question.labels["en"], question.labels["ru"], several])
    places: dict[str, tuple[str, int]] = {}
    lists = dict.fromkeys(one.code_list for table in tables for one in table if one.code_list)
    for position, name in enumerate(lists, start=6):
        codes = book.code_lists[name].codes.values()
        guide.cell(1, position, name)
        for row, code in enumerate(codes, start=2):
            guide.cell(row, position, code.label_ru)
        places[name] = (get_column_letter(position), len(codes) + 1)
    return places


def _add_drop_down(sheet: Any, position: int, guide: str, place: tuple[str, int], question: Question) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    column, last = place
    # Where several answers are allowed the list helps to type and does not forbid.
    choice = DataValidation(
        type="list",
        formula1=f"'{guide}'!${column}$2:${column}${last}",
        allow_blank=True,
        showErrorMessage=not question.several,
    )
    letter = get_column_letter(position)
    choice.add(f"{letter}2:{letter}{_LIST_ROWS}")
    sheet.add_data_validation(choice)


TEMPLATES: dict[str, Callable[[Codebook], Any]] = {"xlsform": xlsform, "spreadsheet": spreadsheet}
