"""What a form's definition says (XLSForm, or Kobo's JSON): its questions, groups, repeats and choices."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook import SourceError, fold
from ingest.readers.workbook_guard import inspect_workbook

_LARGEST = 5 * 2**20  # bytes; a definition of a form is a fraction of that
_SAME_FORM_SHARE = 0.5  # of a form's questions that must be columns for the file to be an export of it
_NO_QUESTION = frozenset({"start", "end", "today", "deviceid", "username", "note", "calculate", "audit"})

_Line = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A question, a group or a choice: its name, and its labels by language, in the definition's order."""

    name: str
    labels: tuple[str, ...] = ()

    def label(self, language: int) -> str:
        """Return the label in a language; the name where it has none."""
        found = self.labels[language] if language < len(self.labels) else ""
        return found or self.name


@dataclass(frozen=True)
class Question(Named):
    """One question.

    Attributes:
        kind: Type as the definition says it, without its list.
        groups: Groups and repeats that it lies in, the outermost first.
        repeat: Name of the innermost repeated group it lies in; empty where in none.
        choices: What can be chosen, for questions with choices.
    """

    kind: str = ""
    groups: tuple[Named, ...] = ()
    repeat: str = ""
    choices: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes:
        repeats: Names of the repeated groups.
    """

    file_name: str
    questions: tuple[Question, ...]
    repeats: tuple[str, ...]

    def has_export(self, header: Iterable[str]) -> bool:
        """Return whether a file with these columns is an export of the form."""
        columns = {fold(part) for name in header for part in (name, name.rsplit("/", 1)[-1])}
        asked = [one for one in self.questions if not one.repeat]
        found = sum(any(fold(text) in columns for text in (one.name, *one.labels)) for one in asked)
        return bool(asked) and found >= _SAME_FORM_SHARE * len(asked)


def read_form(path: Path) -> Form | None:
    """Return what a file says as the definition of a form; None where it is none."""
    try:
        if not 0 < path.stat().st_size <= _LARGEST:
            return None
        if path.suffix.lower() == ".json":
            return _form(path.name, *_json_sheets(path))
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _form(path.name, *_workbook_sheets(path))
    except (OSError, ValueError, RecursionError, SourceError):
        pass  # what cannot be read as a definition is none; as a source it has its own error
    return None


def _json_sheets(path: Path) -> tuple[list[_Line], list[_Line]]:
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(found, dict) and isinstance(found.get("content"), dict):
        found = found["content"]  # Kobo's API gives the definition inside the asset
    sheets = found if isinstance(found, dict) else {}
    return _lines(sheets.get("survey")), _lines(sheets.get("choices"))


def _lines(found: Any) -> list[_Line]:
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def _workbook_sheets(path: Path) -> tuple[list[_Line], list[_Line]]:
    import python_calamine

    inspect_workbook(path)
    try:
        workbook = python_calamine.load_workbook(str(path))
        present = {name: name in workbook.sheet_names for name in ("survey", "choices")}
        sheets = [
            workbook.get_sheet_by_name(name).to_python() if found else [] for name, found in present.items()
        ]
    except python_calamine.CalamineError:
        return [], []
    survey, choices = (_by_heading(sheet) for sheet in sheets)
    return survey, choices


def _by_heading(sheet: list[list[Any]]) -> list[_Line]:
    return [dict(zip(map(str, sheet[0]), line, strict=False)) for line in sheet[1:]] if sheet else []


def _form(name: str, survey: list[_Line], choices: list[_Line]) -> Form | None:
    """Return what the sheets of a definition say; None where no line is a question."""
    lists: dict[str, tuple[Named, ...]] = {}
    for line in choices:
        key = _text(line, "list_name", "list name")
        lists[key] = (*lists.get(key, ()), Named(_name(line), _labels(line)))
    groups: list[Named] = []
    opened: list[bool] = []  # of each open group, whether it is repeated
    questions: list[Question] = []
    repeats: list[str] = []
    for line in survey:
        kind, _, chosen = (
            _text(line, "type").replace("begin_", "begin ").replace("end_", "end ").partition(" ")
        )
        if kind == "begin":
            groups.append(Named(_name(line), _labels(line)))
            opened.append(chosen == "repeat")
            repeats += [groups[-1].name] if chosen == "repeat" else []
        elif kind == "end" and groups and chosen:
            groups.pop()
            opened.pop()
        elif kind and kind not in _NO_QUESTION and _name(line):
            inside = [group.name for group, repeated in zip(groups, opened, strict=True) if repeated]
            options = lists.get((chosen.split() or [_text(line, "select_from_list_name")])[0], ())
            asked = Question(
                _name(line), _labels(line), kind, tuple(groups), inside[-1] if inside else "", options
            )
            questions.append(asked)
    return Form(name, tuple(questions), tuple(repeats)) if questions else None


def _text(line: _Line, *keys: str) -> str:
    return next((str(line[key]).strip() for key in keys if line.get(key)), "")


def _name(line: _Line) -> str:
    return _text(line, "name", "$autoname", "value")


def _labels(line: _Line) -> tuple[str, ...]:
    """Return the labels by language: one column a language, or a list where Kobo gives them together."""
    found: list[str] = []
    for key, value in line.items():
        if key == "label" or key.startswith("label::"):
            found += [str(one or "") for one in (value if isinstance(value, list) else [value])]
    return tuple(found)


__all__ = ["Form", "Named", "Question", "read_form"]
