"""A table whose headings come in many languages: its columns by known headings, else by place and evidence.

A system such as Primero writes the same columns in the same order and translates only their headings. Known
headings are believed. Others are read by their place only where the values bear it out: dates, sexes and
consents must read at the places where they belong. What does not fit is refused.
"""

import difflib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from codebook import FieldType, SourceError, fold, load_codebook
from ingest.cases import CellReader, Setting
from ingest.mapping import Aim, Sheet, Source, Target
from ingest.problems import Problem
from ingest.readers import BadRow, Row, Table, open_table
from ingest.readers.registry import ENDINGS
from ingest.values import Gazetteer

_WORKBOOKS = frozenset({"xlsx", "xls", "ods"})
_LOOKED_AT = 200  # rows whose values are looked at before the columns are believed
_READABLE_SHARE = 0.8  # of the filled cells of a column that must read
_KNOWN_SHARE = 2 / 3  # of the headings that must be those of a language, spelling apart
_ALIKE = 0.75  # difflib's ratio from which two headings are one, spelt otherwise
_REMEDY = (
    "export it with English or Russian headings, or copy the declaration into sources/ and add its headings"
)


def open_source(path: Path, source: Source) -> Table:
    """Return a file opened as its source declares it, its columns under the names that the source knows.

    A workbook is one whether it is saved as .xlsx, .xls or .ods.

    Raises:
        SourceError: It is not that format, not safe to open, or its columns are not those of the source.
    """
    table = open_table(path, replace(source, format=container_of(path, source.format)))
    table.notices += source.notes
    try:
        return _translated(_settled(table, source, path.name), source.main)
    except BaseException:
        table.close()
        raise


def container_of(path: Path, declared: str) -> str:
    """Return the format that a file is to be read as: the declared one, or a workbook's own."""
    found = ENDINGS.get(path.suffix.lower(), declared)
    return found if {found, declared} <= _WORKBOOKS else declared


def _translated(table: Table, main: Sheet) -> Table:
    if main.translation:
        table.header = main.translation.header(table.header)
        # The tables of repeats were translated when they were read; lists inside a record come with it.
        table.rows = _translated_rows(table.rows, main, nested=table.keys_vary)
    return table


def _translated_rows(rows: Iterable[Row | BadRow], sheet: Sheet, *, nested: bool) -> Iterator[Row | BadRow]:
    inner = {repeat.name: repeat for repeat in sheet.repeats}
    for row in rows:
        if isinstance(row, BadRow) or not sheet.translation:
            yield row
            continue
        repeats = row.repeats
        if nested:
            repeats = {
                name: tuple(one for one in _translated_rows(children, inner[name], nested=True)
                            if isinstance(one, Row))
                for name, children in repeats.items()
            }  # fmt: skip
        yield replace(row, cells=sheet.translation.cells(row.cells), repeats=repeats)


def _settled(table: Table, source: Source, name: str) -> Table:
    if not source.positions or set(table.header) >= set(source.positions):
        return table
    folded = [fold(one) for one in table.header]
    for headings in source.headings.values():
        known = {fold(heading): column for heading, column in zip(headings, source.positions, strict=True)}
        if len(known) == len(folded) and known.keys() == set(folded):
            return _renamed(table, [known[one] for one in folded])
    if len(folded) != len(source.positions):
        raise SourceError(
            f"{name}: {source.name} has {len(source.positions)} columns, and here are {len(folded)}",
            remedy=_REMEDY,
        )
    first = list(itertools.islice(table.rows, _LOOKED_AT))
    by_place = _renamed(replace(table, rows=itertools.chain(first, table.rows)), source.positions)
    _require_evidence(first, table, source, name)
    by_place.notices.append(_told(folded, source))
    return by_place


def _renamed(table: Table, names: Sequence[str]) -> Table:
    found = dict(zip(table.header, names, strict=True))
    return replace(table, header=tuple(names), rows=_renamed_rows(table.rows, found))


def _renamed_rows(rows: Iterator[Row | BadRow], names: Mapping[str, str]) -> Iterator[Row | BadRow]:
    for row in rows:
        yield replace(row, cells={names.get(column, column): cell for column, cell in row.cells.items()})


def _told(folded: Sequence[str], source: Source) -> str:
    for language, headings in source.headings.items():
        alike = sum(
            difflib.SequenceMatcher(None, fold(heading), one).ratio() >= _ALIKE
            for heading, one in zip(headings, folded, strict=True)
        )
        if alike >= _KNOWN_SHARE * len(folded):
            return (
                f"{alike} of {len(folded)} headings are nearly the `{language}` ones that are known: "
                "the columns were read by their place, and the values there fit"
            )
    return (
        "its headings are in no language that is known: the columns were read by their place, since dates, "
        "sexes and consents read there; compare a few cases with the file"
    )


def _require_evidence(rows: Sequence[Row | BadRow], table: Table, source: Source, name: str) -> None:
    """Raise unless the values at the places of dates, sexes and consents are such."""
    book = load_codebook()
    setting = Setting(book, Gazetteer(book), frozenset(map(fold, source.blanks)), table.serial_dates)
    dates = 0
    for place, (heading, column) in enumerate(zip(table.header, source.positions, strict=True), start=1):
        for target in source.main.block.columns.get(column, ()):
            if not _is_evidence(target, setting):
                continue
            reader = CellReader(target, setting)
            filled = [cell for row in rows if isinstance(row, Row) and (cell := row.cells.get(heading, ""))]
            unread = sum(isinstance(reader.read(cell), Problem) for cell in filled)
            if unread > (1 - _READABLE_SHARE) * len(filled):
                raise SourceError(
                    f"{name}: its headings are not known, and in column {place}, which should hold "
                    f"{target.path}, {unread} of {len(filled)} cells cannot be that",
                    remedy=_REMEDY,
                )
            if target.path == "incident.date_incident":
                dates += len(filled)
    if not dates:
        raise SourceError(
            f"{name}: its headings are not known, and no date of an incident stands where it should",
            remedy=_REMEDY,
        )


def _is_evidence(target: Target, setting: Setting) -> bool:
    if target.aim is Aim.CONSENT:
        return True
    if target.aim is not Aim.FIELD:
        return False
    return target.path == "person.sex" or setting.book.field(target.path).type is FieldType.DATE


__all__ = ["container_of", "open_source"]
