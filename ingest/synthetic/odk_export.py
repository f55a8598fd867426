"""What ODK Central makes of a form and its submissions: a table of CSV for the form and one for each repeat.

Follows Central's exporter: groups joined by `-` or left out, repeats by KEY and PARENT_KEY, choices split on
request into those that were ever chosen. Source of the columns: strings of Central's own tests.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .kobo_export import Content, ExportTable, Submission

_AFTER = (
    "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status",
    "ReviewState",
    "DeviceID", "Edits", "FormVersion",
)  # fmt: skip


class OdkExport:
    """Writes the submissions of one form; notes have a column, as every question has."""

    def __init__(self, content: Content, form_id: str, *, grouped: bool = True, split: bool = False) -> None:
        """Read the form.

        Args:
            grouped: Whether group names stand in the headers.
            split: Whether several answers also have a 0/1 column for each choice.
        """
        self._form_id, self._grouped, self._split = form_id, grouped, split
        self._questions: dict[tuple[str, ...], list[tuple[str, str, bool]]] = {(): []}
        self._read(content["survey"])

    def tables(self, submissions: Sequence[Submission]) -> list[ExportTable]:
        """Return the table of the form and those of its repeats, named as Central names the files."""
        found = []
        for repeat in self._questions:
            rows = [one for submission in submissions for one in self._rows(repeat, submission)]
            header = self._header(repeat, [answers for answers, _ in rows])
            name = self._form_id if not repeat else f"{self._form_id}-{repeat[-1]}"
            found.append(ExportTable(name, header, [self._cells(header, *row) for row in rows]))
        return found

    def _read(self, survey: Sequence[Mapping[str, str]]) -> None:
        parts: list[tuple[str, bool]] = []
        for row in survey:
            kind = row["type"].replace("_", " ")
            if kind.startswith("begin"):
                parts.append((row["name"], kind == "begin repeat"))
                if parts[-1][1]:
                    self._questions[tuple(name for name, _ in parts)] = []
            elif kind.startswith("end"):
                parts.pop()
            else:
                last = max((place for place, part in enumerate(parts, start=1) if part[1]), default=0)
                groups = [name for name, _ in parts[last:]] if self._grouped else []
                path = "/".join((*(name for name, _ in parts), row["name"]))
                table = tuple(name for name, _ in parts[:last])
                several = row["type"].startswith("select_multiple")
                self._questions[table].append(("-".join((*groups, row["name"])), path, several))

    def _header(self, repeat: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> list[str]:
        header = [] if repeat else ["SubmissionDate"]
        for name, path, several in self._questions[repeat]:
            header.append(name)
            if several and self._split:
                chosen = sorted({one for row in rows for one in str(row.get(path, "")).split()})
                header += [f"{name}/{one}" for one in chosen]
        return [*header, "PARENT_KEY", "KEY"] if repeat else [*header, "meta-instanceID", *_AFTER]

    def _rows(
        self, repeat: tuple[str, ...], submission: Submission
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Yield the answers of the rows of a table, each with what Central adds."""
        key = submission["meta/instanceID"]
        level: list[tuple[Mapping[str, Any], str, str]] = [(submission, "", key)]
        for depth in range(1, len(repeat) + 1):
            path = "/".join(repeat[:depth])
            level = [
                (one, above, f"{above}/{repeat[depth - 1]}[{place}]")
                for answers, _, above in level
                for place, one in enumerate(answers.get(path, ()), start=1)
            ]
        for answers, above, own in level:
            added = {"KEY": own, "PARENT_KEY": above} if repeat else self._added(submission, key)
            yield answers, added

    @staticmethod
    def _added(submission: Submission, key: str) -> dict[str, Any]:
        return {
            "SubmissionDate": f"{submission['_submission_time']}.000Z", "meta-instanceID": key, "KEY": key,
            "SubmitterID": "7", "SubmitterName": submission["_submitted_by"], "AttachmentsPresent": "0",
            "AttachmentsExpected": "0", "Edits": "0", "FormVersion": submission["__version__"],
            "Status": submission.get("Status", ""), "ReviewState": submission.get("ReviewState", ""),
        }  # fmt: skip

    def _cells(
        self, header: Sequence[str], answers: Mapping[str, Any], added: Mapping[str, Any]
    ) -> list[str]:
        paths = {name: path for questions in self._questions.values() for name, path, _ in questions
                 if path in answers}  # fmt: skip
        cells = []
        for name in header:
            question, _, choice = name.partition("/")
            answer = str(answers[paths[question]]) if question in paths else ""
            if choice:
                answer = str(int(choice in answer.split())) if answer else "0"
            cells.append(str(added.get(name, answer)))
        return cells
