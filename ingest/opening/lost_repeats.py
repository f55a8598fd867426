"""Exports that cannot hold the repeated groups of their form are refused (RULES section 0, finding 10).

Kobo leaves repeated groups out of CSV, ODK writes them as tables beside it: a file without its persons would
count nobody. What a definition or a table beside the file says is believed more than the declaration.
"""

from collections.abc import Iterable
from pathlib import Path

from codebook import SourceError
from ingest.forms import Form, read_form
from ingest.mapping import Source
from ingest.readers import Table

_KOBO_MARKS = frozenset({"_uuid", "_submission_time", "_index"})  # columns that Kobo adds to every export
_MOST_FILES = 100  # files of a folder that are looked at
_LONGEST = 2**20  # bytes of a header that are looked at


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
                if b"PARENT_KEY" in file.readline(_LONGEST):
                    found.append(one.name)
    return found


def _forms_beside(path: Path) -> list[Form]:
    files = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())[:_MOST_FILES]
    return [form for one in files if (form := read_form(one))]
