"""The guide sheet of the workbook: how to fill it and what each column means, in English and Russian."""

from collections.abc import Mapping, Sequence
from typing import Any

from codebook import Codebook
from ingest.forms.questionnaire import Question
from ingest.forms.workbook import CASE_CODE, EXAMPLE, PERSON_NUMBER, WorkbookSheet

_RULES = (
    ("No consent to write anything down: write no row.", "Нет согласия на запись: не заполняйте строку."),
    ("Consent for a purpose that is blank, unknown or “Not asked” counts as no.",
     "Согласие\u00a0— пустое, неизвестное или «Не спрашивали»\u00a0— считается отказом."),
    ("A guardian who is said to have caused harm cannot consent.",
     "Опекун, который, по сообщению, причинил вред, согласие дать не может."),
    ("One row a case; one row a person; one row an act and whoever did it; one row a request for help.",
     "Одна строка на случай; на лицо; на деяние и того, кто его совершил; на запрос о помощи."),
    (f"The sheets are joined by “{CASE_CODE['en']}” and “{PERSON_NUMBER['en']}”: write the same on each.",
     f"Листы связаны столбцами «{CASE_CODE['ru']}» и «{PERSON_NUMBER['ru']}»: пишите их одинаково."),
    (f"Grey rows with the code {EXAMPLE['en']} are examples; they are never taken. Leave or delete them.",
     f"Серые строки с кодом {EXAMPLE['ru']}\u00a0— примеры; они не загружаются. Можно оставить или удалить."),
    ("Do not rename columns and sheets. What you do not know stays blank.",
     "Не переименовывайте столбцы и листы. Неизвестное оставляйте пустым."),
    ("Colours: green is consent, red identifies a person, yellow is sensitive.",
     "Цвета: зелёный\u00a0— согласие, красный\u00a0— узнают человека, жёлтый\u00a0— чувствительное."),
    ("Keep this file encrypted, and delete it once it is in the vault.",
     "Храните файл зашифрованным и удалите его после загрузки в хранилище."),
)  # fmt: skip
_HEADINGS = ("Sheet / Лист", "Column / Столбец", "English", "Русский", "Note", "Пояснение")
_WIDTHS = (16, 34, 40, 40, 60, 60)  # characters


def write_guide(
    target: Any, sheets: Sequence[WorkbookSheet], book: Codebook, language: str, *, colours: Mapping[str, str]
) -> None:
    """Write the rules, then a row for every column."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    target.append(["Withheld", "", "How to fill this workbook", "Как заполнять эту книгу"])
    for english, russian in _RULES:
        target.append(["", "", english, russian])
    target.append([])
    target.append(list(_HEADINGS))
    heading_row = target.max_row
    for sheet in sheets:
        for column in sheet.columns:
            target.append([sheet.name, column.heading, *_meaning(column.question, book)])
    for place, width in enumerate(_WIDTHS, start=1):
        target.column_dimensions[get_column_letter(place)].width = width
    for row in target.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in (1, heading_row):
        for cell in target[row]:
            cell.font = Font(bold=True, color="FFFFFF" if row == heading_row else "000000")
            if row == heading_row:
                cell.fill = PatternFill("solid", fgColor=colours["other"])
    target.protection.sheet = True


def _meaning(question: Question | None, book: Codebook) -> list[str]:
    if question is None:
        return [
            CASE_CODE["en"] + ", " + PERSON_NUMBER["en"],
            CASE_CODE["ru"] + ", " + PERSON_NUMBER["ru"],
            "",
            "",
        ]
    notes = dict(question.hint)
    if question.kind in ("integer", "decimal") and not question.is_consent:
        known = book.field(question.path)
        top = "" if known.maximum is None else f"–{known.maximum}"
        notes = {
            language: f"{note} {known.minimum or 0}{top or '…'}".strip() for language, note in notes.items()
        }
    return [question.label["en"], question.label["ru"], notes["en"], notes["ru"]]
