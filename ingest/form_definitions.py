"""Form definitions beside exports, and exports that cannot hold the repeated groups of their form.

Kobo leaves repeated groups out of CSV, ODK writes them as tables beside it: a file without its persons would
count nobody (RULES section 0, finding 10). What a definition or a table beside the file says is believed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codebook import SourceError, fold

from .mapping import Source
from .readers import Table
from .readers.workbook_guard import inspect_workbook

_KOBO_MARKS = frozenset({"_uuid", "_submission_time", "_index"})  # columns that Kobo adds to every export
_LARGEST = 5 * 2**20  # bytes; a definition of a form is a fraction of that
_MOST_FILES = 100  # files of a folder that are looked at
_SAME_FORM_SHARE = 0.5  # of a form's questions that must be columns for the file to be an export of it
_NO_QUESTION = frozenset({"start", "end", "today", "deviceid", "username", "note", "calculate", "audit"})


@dataclass(frozen=True)
class Form:
    """What the definition of a form says of its exports.

    Attributes:
        questions: Each question outside repeated groups: its folded name and labels.
        repeats: Names of the repeated groups.
    """

    file_name: str
    questions: tuple[frozenset[str], ...]
    repeats: tuple[str, ...]

    def has_export(self, header: Iterable[str]) -> bool:
        """Return whether a file with these columns is an export of the form."""
        columns = {fold(part) for name in header for part in (name, name.rsplit("/", 1)[-1])}
        found = sum(bool(question & columns) for question in self.questions)
        return bool(self.questions) and found >= _SAME_FORM_SHARE * len(self.questions)


def read_form(path: Path) -> Form | None:
    """Return what a file says as the definition of a form (XLSForm, Kobo's JSON); None where it is none."""
    try:
        if not 0 < path.stat().st_size <= _LARGEST:
            return None
        if path.suffix.lower() == ".json":
            return _form(path.name, _json_survey(path))
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _form(path.name, _workbook_survey(path))
    except (OSError, ValueError, RecursionError, SourceError):
        pass  # what cannot be read as a definition is none; as a source it has its own error
    return None


def refuse_lost_repeats(path: Path, table: Table, source: Source) -> None:
    """Refuse a form's CSV in which the repeated groups cannot be.

    Raises:
        SourceError: The declaration, a definition beside the file, its columns or tables beside it say so.
    """
    if source.format not in ("csv", "tsv"):
        return
    if source.form_repeats:
        raise _left_out(path, source.form_repeats, "")
    if source.main.repeats:
        return
    if beside := _tables_beside(path):
        raise SourceError(
            f"{path.name}: tables of its repeated groups lie beside it, and {source.name} does not speak of "
            f"them: {', '.join(beside)}",
            remedy="declare them under `repeats` (sheet: the part of the name after the hyphen)",
        )
    if lost := [name for name in table.header if name.startswith("SET-OF-")]:
        raise _left_out(path, [name.removeprefix("SET-OF-") for name in lost], "")
    if not set(table.header) >= _KOBO_MARKS:
        return
    for form in _forms_beside(path):
        if form.repeats and form.has_export(table.header):
            raise _left_out(path, form.repeats, f", as {form.file_name} says")
    if source.form_repeats is None and source.implied_person:
        raise SourceError(
            f"{path.name}: this is a form's CSV export without a column on persons; repeated groups of the "
            "form would be missing from it",
            remedy="export it as XLSX; or, if the form has no repeated group, declare `form_repeats: []`",
        )


def _left_out(path: Path, repeats: Iterable[str], by: str) -> SourceError:
    names = list(repeats)
    return SourceError(
        f"{path.name}: a CSV export leaves out the repeated groups of the form "
        f"({len(names)}: {', '.join(names)}{by}), who was affected is not in it",
        remedy="export the form as XLSX, or take it through Kobo's JSON API; nothing was stored",
    )


def _tables_beside(path: Path) -> list[str]:
    found = []
    for one in sorted(path.parent.glob("*.csv"))[:_MOST_FILES]:
        if one.stem.startswith(f"{path.stem}-"):
            with one.open("rb") as file:
                if b"PARENT_KEY" in file.readline(_LARGEST):
                    found.append(one.name)
    return found


def _forms_beside(path: Path) -> list[Form]:
    files = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())[:_MOST_FILES]
    return [form for one in files if (form := read_form(one))]


def _json_survey(path: Path) -> list[Mapping[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(found, dict) and isinstance(found.get("content"), dict):
        found = found["content"]  # Kobo's API gives the definition inside the asset
    rows = found.get("survey") if isinstance(found, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _workbook_survey(path: Path) -> list[Mapping[str, Any]]:
    import python_calamine

    inspect_workbook(path)
    try:
        workbook = python_calamine.load_workbook(str(path))
        if "survey" not in workbook.sheet_names:
            return []
        header, *rows = workbook.get_sheet_by_name("survey").to_python() or [[]]
    except python_calamine.CalamineError:
        return []
    return [dict(zip(map(str, header), row, strict=False)) for row in rows]


def _form(name: str, survey: list[Mapping[str, Any]]) -> Form | None:
    """Return what the rows of a survey sheet say; None where no row has a type and a name."""
    questions: list[frozenset[str]] = []
    repeats: list[str] = []
    depth = 0
    for row in survey:
        kind = str(row.get("type", "")).strip().replace("_", " ")
        if kind == "begin repeat":
            repeats.append(str(row.get("name") or row.get("$autoname") or "?"))
            depth += 1
        elif kind == "end repeat":
            depth -= 1
        elif kind and not depth and kind not in _NO_QUESTION and not kind.startswith(("begin", "end")):
            questions.append(_spellings(row))
    return Form(name, tuple(questions), tuple(repeats)) if any(questions) else None


def _spellings(row: Mapping[str, Any]) -> frozenset[str]:
    """Return the folded name and labels of a question, as columns of an export may be headed."""
    found: list[Any] = [row.get("name"), row.get("$autoname")]
    for key, value in row.items():
        if key == "label" or key.startswith("label::"):
            found += value if isinstance(value, list) else [value]
    return frozenset(fold(str(one)) for one in found if one)


__all__ = ["Form", "read_form", "refuse_lost_repeats"]
