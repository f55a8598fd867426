"""The XLSForm of the questionnaire, for KoboToolbox and ODK: survey, choices, settings, both languages.

Staff, devices, positions and times of typing are not asked for.
"""

from collections.abc import Iterator
from typing import Any

from ingest.forms import Part, Question, Questionnaire

LANGUAGES = {"en": "English (en)", "ru": "Russian (ru)"}
SURVEY_COLUMNS = (
    "type", "name", *(f"label::{one}" for one in LANGUAGES.values()),
    *(f"hint::{one}" for one in LANGUAGES.values()), "required", "relevant", "constraint",
    *(f"constraint_message::{one}" for one in LANGUAGES.values()), "default", "appearance",
)  # fmt: skip
CHOICE_COLUMNS = ("list_name", "name", *(f"label::{one}" for one in LANGUAGES.values()))
_LONG_LIST = 20  # answers; a longer list is searched and not scrolled

Content = dict[str, Any]  # sheets as lists of rows, each a dict: the shape of KoboToolbox's form content


def xlsform_content(form: Questionnaire, language: str = "en") -> Content:
    """Return the form as KoboToolbox has it: `survey`, `choices`, `settings`; empty cells left out.

    Args:
        language: The one in which the form opens: en or ru.
    """
    choices = {}
    for question in form.questions():
        for code in question.codes:
            row = {"list_name": question.list_name, "name": code.code}
            row |= {f"label::{name}": code.label(short) for short, name in LANGUAGES.items()}
            choices[question.list_name, code.code] = row
    settings = {
        "form_title": form.title[language],
        "form_id": form.identifier,
        "version": form.version,
        "default_language": LANGUAGES[language],
    }
    survey = [row for part in form.parts for row in _part_rows(part)]
    return {"survey": survey, "choices": list(choices.values()), "settings": settings}


def xlsform_workbook(form: Questionnaire, language: str = "en") -> Any:
    """Return the form as an openpyxl workbook."""
    import openpyxl

    content = xlsform_content(form, language)
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    settings = content["settings"]
    for name, columns, rows in (
        ("survey", SURVEY_COLUMNS, content["survey"]),
        ("choices", CHOICE_COLUMNS, content["choices"]),
        ("settings", tuple(settings), [settings]),
    ):
        sheet = workbook.create_sheet(name)
        sheet.append(columns)
        sheet.freeze_panes = "C2"
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    return workbook


def _part_rows(part: Part) -> Iterator[dict[str, str]]:
    kind = "repeat" if part.repeated else "group"
    yield _filled(
        {"type": f"begin_{kind}", "name": part.name, "relevant": part.relevant} | _texts("label", part.label)
    )
    for question in part.questions:
        yield _question_row(question)
    for inside in part.parts:
        yield from _part_rows(inside)
    yield {"type": f"end_{kind}"}


def _question_row(question: Question) -> dict[str, str]:
    kind = question.kind
    if question.codes:
        kind = f"select_{'multiple' if question.several else 'one'} {question.list_name}"
    row = {
        "type": kind,
        "name": question.name,
        "required": "true" if question.required else "",
        "relevant": question.relevant,
        "constraint": question.constraint,
        "default": question.default,
        "appearance": _appearance(question),
    }
    row |= _texts("label", question.label) | _texts("hint", question.hint)
    return _filled(row | _texts("constraint_message", question.message))


def _appearance(question: Question) -> str:
    if question.path == "incident.narrative":
        return "multiline"
    return "minimal autocomplete" if len(question.codes) > _LONG_LIST else ""


def _texts(column: str, texts: Any) -> dict[str, str]:
    return {f"{column}::{name}": texts[short] for short, name in LANGUAGES.items()}


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {column: value for column, value in row.items() if value}
