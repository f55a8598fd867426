"""The workbook to collect cases with: drop-downs, checked dates and numbers, grey examples, a guide.

What comes back is read without a mapping; rows with the case code EXAMPLE are never taken for a case.
"""

from collections.abc import Sequence
from typing import Any

from codebook import Codebook, FieldType, Role
from ingest.forms import Questionnaire
from ingest.forms.workbook import (
    CASE_CODE,
    EXAMPLE,
    GUIDE,
    LISTS,
    PERSON_NUMBER,
    Column,
    WorkbookSheet,
    workbook_sheets,
)

from .guide import write_guide

_LAST_ROW = 5_000  # of a new workbook with drop-downs and checks
_FIRST_DAY = "DATE(1980,1,1)"
_COLOURS = {"consent": "1B7837", "identifying": "8C2D04", "sensitive": "B8860B", "other": "2F4B7C"}
_WIDTHS = {
    FieldType.DATE: 14,
    FieldType.DATETIME: 18,
    FieldType.INTEGER: 12,
    FieldType.MONEY: 12,
}  # characters
_MESSAGES = {
    "list": {"en": "Choose from the list.", "ru": "Выберите из списка."},
    "date": {"en": "A date, not in the future: 2025-03-31.", "ru": "Дата не в будущем: 31.03.2025."},
    "number": {"en": "A number in the range of the guide.", "ru": "Число в пределах, указанных в справке."},
    "partly": {
        "en": "Only part of the date is known? Answer Yes and leave it: 03.2025 or 2025.",
        "ru": "Известна только часть даты? Ответьте «Да» и оставьте: 03.2025 или 2025.",
    },
}
_EXAMPLES = {
    "date_report": "2025-03-12", "date_incident": "2025-03-08", "region": "RU-DA", "motive": "gender",
    "number_perpetrators": 1, "repeated": "yes", "age": 19, "sex": "female", "consent_service": "given",
    "consent_statistics": "given", "consent_by": "self", "consent_date": "2025-03-12", "marital": "single",
    "act_code": "confinement_home", "act_by": "father", "need": "shelter", "status": "provided",
    "urgency": "high",
}  # fmt: skip


def spreadsheet_workbook(form: Questionnaire, book: Codebook, language: str = "en") -> Any:
    """Return the workbook as openpyxl has it, its headings and lists in `language` (en or ru)."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    sheets = workbook_sheets(form, language)
    guide = workbook.create_sheet(GUIDE[language])
    written = [workbook.create_sheet(sheet.name) for sheet in sheets]
    lists = _write_lists(workbook.create_sheet(LISTS[language]), sheets, language)
    for target, sheet in zip(written, sheets, strict=True):
        _write_sheet(target, sheet, lists, book, language)
    write_guide(guide, sheets, book, language, colours=_COLOURS)
    workbook.active = 1
    return workbook


def _write_lists(target: Any, sheets: Sequence[WorkbookSheet], language: str) -> dict[str, str]:
    """Write each list of answers in a column of its own; return where it stands, by its name."""
    from openpyxl.utils import get_column_letter

    places: dict[str, str] = {}
    for question in (column.question for sheet in sheets for column in sheet.columns):
        if question is None or not question.codes or question.list_name in places:
            continue
        letter = get_column_letter(len(places) + 1)
        target[f"{letter}1"] = question.list_name
        for row, code in enumerate(question.codes, start=2):
            target[f"{letter}{row}"] = code.label(language)
        target.column_dimensions[letter].width = 28
        places[question.list_name] = f"'{LISTS[language]}'!${letter}$2:${letter}${len(question.codes) + 1}"
    target.freeze_panes = "A2"
    target.protection.sheet = True
    return places


def _write_sheet(
    target: Any, sheet: WorkbookSheet, lists: dict[str, str], book: Codebook, language: str
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    letters = {
        column.heading: get_column_letter(place) for place, column in enumerate(sheet.columns, start=1)
    }
    for column in sheet.columns:
        letter = letters[column.heading]
        header = target[f"{letter}1"]
        header.value = column.heading
        header.font = Font(bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", fgColor=_COLOURS[kind_of(column, book)])
        header.alignment = Alignment(wrap_text=True, vertical="top")
        example = target[f"{letter}2"]
        example.value = _example(column, language)
        example.font = Font(italic=True, color="808080")
        example.protection = Protection(locked=False)
        dimension = target.column_dimensions[letter]
        dimension.width = _width(column, book)
        dimension.protection = Protection(locked=False)
        dimension.number_format = example.number_format = _number_format(column, book, language)
        check = _check(column, letters, lists, book, language)
        if check is not None:
            check.add(f"{letter}2:{letter}{_LAST_ROW}")
            target.add_data_validation(check)
    target.row_dimensions[1].height = 45
    target.freeze_panes = "B2" if not sheet.join else "C2"
    _protect_header(target)


def _protect_header(target: Any) -> None:
    """Lock the header only; no password: it is there against slips, not against people."""
    protection = target.protection
    protection.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "deleteRows",
        "sort",
        "autoFilter",
    ):
        setattr(protection, allowed, False)  # False: not forbidden


def kind_of(column: Column, book: Codebook) -> str:
    """Return what a column holds, for its colour: consent, identifying, sensitive, other."""
    question = column.question
    if question is None or question.path == "incident.external_id":
        return "other"
    if question.is_consent or question.path.startswith("consent."):
        return "consent"
    role = book.field(question.path).role
    if role is Role.DIRECT_IDENTIFIER:
        return "identifying"
    return "sensitive" if role is Role.SENSITIVE_ATTRIBUTE else "other"


def _type(column: Column, book: Codebook) -> FieldType:
    if column.question is None:
        return FieldType.TEXT
    return FieldType.CODE if column.question.is_consent else book.field(column.question.path).type


def _width(column: Column, book: Codebook) -> int:
    if column.question is not None and column.question.codes:
        return 26
    return _WIDTHS.get(_type(column, book), 18)


def _number_format(column: Column, book: Codebook, language: str) -> str:
    day = "yyyy-mm-dd" if language == "en" else "dd.mm.yyyy"
    kind = _type(column, book)
    if kind is FieldType.TEXT:
        return "@"  # codes and phones keep their zeros
    return {FieldType.DATE: day, FieldType.DATETIME: f"{day} hh:mm"}.get(kind, "General")


def _example(column: Column, language: str) -> Any:
    import datetime

    if column.heading == CASE_CODE[language]:
        return EXAMPLE[language]
    if column.heading == PERSON_NUMBER[language]:
        return 1
    question = column.question
    if question is None or question.name not in _EXAMPLES or column.heading.endswith(" (2)"):
        return None
    value = _EXAMPLES[question.name]
    if question.codes:
        return next(code.label(language) for code in question.codes if code.code == value)
    return datetime.date.fromisoformat(value) if question.kind == "date" else value  # type: ignore[arg-type]


def _check(
    column: Column, letters: dict[str, str], lists: dict[str, str], book: Codebook, language: str
) -> Any:
    """Return what may be typed into a column; None where anything may."""
    from openpyxl.worksheet.datavalidation import DataValidation

    question = column.question
    if question is None:
        return None
    hint = question.hint[language]
    if question.codes:
        rule = {"type": "list", "formula1": lists[question.list_name]}
        message = "list"
    elif question.kind in ("date", "dateTime"):
        rule = {"type": "date", "operator": "between", "formula1": _FIRST_DAY, "formula2": "NOW()"}
        if question.path == "consent.expires":
            rule = {"type": "date", "operator": "greaterThan", "formula1": _FIRST_DAY}
        earlier = {"incident.date_incident_to": "date_incident", "request.date_response": "asked"}.get(
            question.path
        )
        if earlier:
            rule["formula1"] = f"MAX({_FIRST_DAY},N({_letter_of(earlier, letters, language)}2))"
        message = "partly" if question.path == "incident.date_incident" else "date"
    elif question.kind in ("integer", "decimal"):
        known = book.field(question.path)
        rule = {"type": "whole" if question.kind == "integer" else "decimal", "operator": "between",
                "formula1": str(known.minimum or 0), "formula2": str(known.maximum or 10**9)}  # fmt: skip
        message = "number"
    else:
        rule, message = {}, ""
    check = DataValidation(allow_blank=True, showInputMessage=bool(hint), showErrorMessage=bool(rule), **rule)
    check.prompt = hint[:250] or None
    if message:
        check.error = _MESSAGES[message][language]
        check.errorStyle = "warning" if message == "partly" else "stop"
    return check if rule or hint else None


def _letter_of(name: str, letters: dict[str, str], language: str) -> str:
    from ingest.forms import packaged_questionnaire

    asked = next(one for one in packaged_questionnaire().questions() if one.name == name)
    return letters[asked.label[language]]
