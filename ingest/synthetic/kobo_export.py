"""What KoboToolbox makes of a form and its submissions: the tables of an XLSX or CSV export.

Follows Kobo's exporter (formpack) and not our reader: names or labels, groups in the headers or not, several
answers in one cell, in 0/1 columns, or both. Checked against files that formpack wrote.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Content = Mapping[str, Any]  # `survey` and `choices`, each a list of rows, as Kobo's form content has them
Submission = Mapping[str, Any]  # one result of the API: full path -> text, repeats as lists

_ROOT = ("_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
         "__version__", "_tags")  # fmt: skip
_GEOPOINT = ("latitude", "longitude", "altitude", "precision")
_SHEET_NAME = 31  # characters
MULTIPLE = ("both", "details", "summary")


@dataclass(frozen=True)
class Look:
    """How the person who exports chose the file to look.

    Attributes:
        labels: Column of the labels, as `label::English (en)`; empty: XML names and values.
        grouped: Whether group names stand in the headers.
        multiple: How several answers are written: one of `MULTIPLE`.
        notes: Whether notes, which nobody answers, have a column.
    """

    labels: str = ""
    grouped: bool = False
    multiple: str = "both"
    notes: bool = False


@dataclass
class _Section:
    """The root of the form, or a repeat of it."""

    name: str
    path: tuple[str, ...]
    above: "_Section | None"
    columns: list[str] = field(default_factory=list)
    questions: list[tuple[Mapping[str, str], str, tuple[str, ...]]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ExportTable:
    """One sheet: its name (31 characters), header and rows of text and numbers."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


class KoboExport:
    """Writes the submissions of one form the way somebody chose."""

    def __init__(self, content: Content, title: str, look: Look) -> None:
        """Read the form; `title` names its first sheet."""
        self._look = look
        self._choices: dict[str, list[Mapping[str, str]]] = {}
        for choice in content["choices"]:
            self._choices.setdefault(choice["list_name"], []).append(choice)
        self._sections = list(self._read(content["survey"], title))

    def tables(self, submissions: Sequence[Submission]) -> list[ExportTable]:
        """Return the sheets, the one of the form first."""
        for submission in submissions:
            self._add(self._sections[0], submission, submission, 0)
        tables = []
        for section in self._sections:
            own = (*_ROOT, "_index") if section.above is None else (
                "_index", "_parent_table_name", "_parent_index", *(f"_submission_{name}" for name in _ROOT)
            )  # fmt: skip
            tables.append(ExportTable(section.name[:_SHEET_NAME], [*section.columns, *own], section.rows))
        return tables

    def _read(self, survey: Sequence[Mapping[str, str]], title: str) -> Iterator[_Section]:
        section = _Section(title, (), None)
        found, open_parts = [section], []
        for row in survey:
            kind = row["type"].replace("_", " ")
            if kind.startswith("begin"):
                open_parts.append((row, section))
                if kind == "begin repeat":
                    section = _Section(row["name"], self._names(open_parts), section)
                    found.append(section)
            elif kind.startswith("end") and kind != "end":
                section = open_parts.pop()[1]
            elif kind != "note" or self._look.notes:
                self._add_question(section, row, [part for part, _ in open_parts])
        return iter(found)

    @staticmethod
    def _names(open_parts: Sequence[tuple[Mapping[str, str], _Section]]) -> tuple[str, ...]:
        return tuple(part["name"] for part, _ in open_parts)

    def _label(self, row: Mapping[str, str]) -> str:
        return row.get(self._look.labels) or row["name"] if self._look.labels else row["name"]

    def _add_question(
        self, section: _Section, row: Mapping[str, str], parts: Sequence[Mapping[str, str]]
    ) -> None:
        above = [self._label(part) for part in parts] if self._look.grouped else []
        path = tuple(part["name"] for part in parts)
        heading = "/".join((*above, self._label(row)))
        section.questions.append((row, "/".join((*path, row["name"])), tuple(above)))
        if row["type"].startswith("select_multiple"):
            if self._look.multiple != "details":
                section.columns.append(heading)
            if self._look.multiple != "summary":
                section.columns += [f"{heading}/{self._label(choice)}" for choice in self._list(row)]
        elif row["type"] == "geopoint":
            # The cell that joins all loses its group where headers are labels.
            section.columns.append(self._label(row) if self._look.labels else heading)
            section.columns += ["/".join((*above, f"_{self._label(row)}_{one}")) for one in _GEOPOINT]
        else:
            section.columns.append(heading)

    def _list(self, row: Mapping[str, str]) -> list[Mapping[str, str]]:
        return self._choices[row["type"].split(" ")[1]]

    def _add(self, section: _Section, answers: Submission, submission: Submission, parent: int) -> None:
        cells: list[Any] = []
        for row, path, _ in section.questions:
            cells += self._cells(row, str(answers.get(path, "")))
        index = len(section.rows) + 1
        traces = [self._trace(name, submission) for name in _ROOT]
        if section.above is None:
            section.rows.append([*cells, *traces, index])
        else:
            section.rows.append([*cells, index, section.above.name[:_SHEET_NAME], parent, *traces])
        for inside in self._sections:
            if inside.above is section:
                for one in answers.get("/".join(inside.path), ()):
                    self._add(inside, one, submission, index)

    def _cells(self, row: Mapping[str, str], answer: str) -> list[str]:
        kind = row["type"].split(" ")[0]
        if kind == "select_one":
            return [self._answer(row, answer)]
        if kind == "geopoint":
            return [answer, *((answer.split(" ") + [""] * 4)[:4] if answer else [""] * 4)]
        if kind != "select_multiple":
            return [answer]
        given = answer.split()
        cells = []
        if self._look.multiple != "details":
            cells.append(" ".join(self._answer(row, one) for one in given))
        if self._look.multiple != "summary":
            cells += [str(int(one["name"] in given)) if given else "" for one in self._list(row)]
        return cells

    def _answer(self, row: Mapping[str, str], answer: str) -> str:
        for choice in self._list(row):
            if choice["name"] == answer:
                return self._label(choice)
        return answer  # an answer that the form no longer offers is written as it was given

    def _trace(self, name: str, submission: Submission) -> Any:
        value = submission.get(name, "")
        if name == "_validation_status":
            return value.get("label" if self._look.labels else "uid", "") if value else ""
        return " ".join(map(str, value)) if isinstance(value, list) else value
