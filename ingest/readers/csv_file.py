"""Separated text: strict encodings, one row at a time; a row that cannot be decoded is kept, never mangled.

A file may be UTF-8 or, with its mark, UTF-16. All else must be declared. Repeats may lie in files beside it.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from codebook import SourceError
from ingest.mapping import Sheet, Source

from .delimiters import separation_of
from .encodings import TextFile, encoding_of, not_text
from .headers import find_header, is_tags, refuse_other_width
from .joined import Joiner, Opened, Parts, every_repeat
from .table import MAXIMUM_LINE, BadRow, Row, Table, header_only, too_long_column
from .text_lines import Lines

_AHEAD = 20  # rows that are looked at before any is handed over


def open_csv(path: Path, source: Source) -> Table:
    """Return a separated text file, with the repeats that lie in files beside it.

    Raises:
        SourceError: Empty, header only, not in a permitted encoding, quotes open, a repeat missing.
    """
    files = {"": TextFile(path.name, lambda: path.open("rb"))}
    for repeat in every_repeat(source.main):
        for beside in repeat_paths(path, repeat.name):
            if beside.is_file():
                files[repeat.name] = TextFile(beside.name, lambda beside=beside: beside.open("rb"))  # type: ignore[misc]
                break
        else:
            if not repeat.optional:
                raise SourceError(
                    f"{path.name}: the file of the repeat {repeat.name} is not beside it",
                    remedy=f"put {path.stem}-{repeat.name}{path.suffix} there, or mark it `optional: true`",
                )
    return open_text_tables(files, source)


def repeat_paths(path: Path, repeat: str) -> tuple[Path, ...]:
    """Return where the repeat of a CSV file may lie: form.csv, form-person.csv."""
    return (path.with_name(f"{path.stem}-{repeat}{path.suffix}"), path.with_name(f"{repeat}{path.suffix}"))


def open_text_tables(
    files: Mapping[str, TextFile], source: Source, close: Callable[[], None] = lambda: None
) -> Table:
    """Return the main table (under the empty name) with its repeats joined.

    Args:
        close: Lets go of what the files lie in.

    Raises:
        SourceError: As `open_csv`.
    """
    main = _TextTable(files[""], source, source.main)

    def close_all() -> None:
        main.close()
        close()

    try:
        main.open()
    except BaseException:
        close_all()
        raise
    table = Table(header=main.header, rows=iter(()), notices=main.notices, close=close_all)

    def open_part(name: str) -> Opened:
        sheet = next(one for one in every_repeat(source.main) if one.name == name)
        part = _TextTable(files[name], source, sheet)
        part.open(empty=True)
        table.notices += [f"{files[name].name}: {notice}" for notice in part.notices]
        return part.header, part.rows_once()

    parts = Parts(files[""].name, frozenset(files), open_part)
    table.rows = Joiner(parts, source.main).rows(main.rows, table) if source.main.repeats else main.rows
    return table


@dataclass
class _TextTable:
    """One separated text file: its header and rows once it is open."""

    file: TextFile
    source: Source
    sheet: Sheet
    header: tuple[str, ...] = ()
    rows: Iterator[Row | BadRow] = field(default_factory=lambda: iter(()))
    notices: list[str] = field(default_factory=list)
    close: Callable[[], None] = lambda: None

    def open(self, *, empty: bool = False) -> None:
        """Read the header.

        Args:
            empty: Whether there may be no row below it.

        Raises:
            SourceError: As `open_csv`.
        """
        encoding = encoding_of(self.file, self.source.encoding)
        names = self.source.names if self.sheet is self.source.main else ()
        separation = separation_of(
            self.file,
            encoding,
            declared=self.source.delimiter,
            names=names or self.sheet.mapped_columns,
        )
        lines = Lines(self.file, encoding)
        self.close = lines.close
        reader = csv.reader(lines, delimiter=separation.delimiter, strict=True)
        found = find_header(_headings(reader, lines), self.sheet, names, lines.name)
        self.header = found.names
        rows = _rows(reader, lines, self.header, max(found.number, *(at for at, _ in found.read), 0),
                     named=bool(self.source.encoding), short=self.source.short_rows)  # fmt: skip
        ahead: list[Row | BadRow] = [_row(list(cells), self.header, at, "") for at, cells in found.read]
        ahead += islice(rows, _AHEAD)
        if ahead and isinstance(ahead[0], Row) and is_tags([str(cell) for cell in ahead[0].cells.values()]):
            found.notices.append(f"row {ahead[0].number} holds HXL tags and is not a record")
            del ahead[0]
        if not ahead and not empty:
            raise header_only(lines.name)
        refuse_other_width([len(row.cells) for row in ahead], self.header, self.sheet, lines.name)
        self.rows = chain(ahead, rows)
        marked = ["the file begins with a UTF-16 mark and was read as UTF-16"] if lines.utf_16 else []
        self.notices += [*marked, *([separation.notice] if separation.notice else []), *found.notices]

    def rows_once(self) -> Iterator[Row | BadRow]:
        """Yield the rows and let go of the file."""
        try:
            yield from self.rows
        finally:
            self.close()


def _headings(reader: Iterator[list[str]], lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield rows among which the header is sought, with their numbers."""
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SourceError(
                f"{lines.name}: the header cannot be read: its quotes do not close or it is too long",
                remedy="look at the first line of the file; check `delimiter` in the declaration",
            ) from None
        undecoded, cut = lines.take_marks()
        if undecoded:
            raise not_text(lines.source, number)
        if cut:
            raise SourceError(
                f"{lines.name}: a line at the top of the file never ends",
                remedy="this is not a table as groups keep them; export it again",
            )
        yield number, cells


def _rows(
    reader: Iterator[list[str]],
    lines: Lines,
    header: tuple[str, ...],
    number: int,
    *,
    named: bool,
    short: bool,
) -> Iterator[Row | BadRow]:
    width = len(header)
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(error, number, lines)
            continue
        undecoded, cut = lines.take_marks()
        if not any(values):
            continue
        if undecoded and not named:
            raise not_text(lines.source, number)
        if short and len(values) < width:
            values += [""] * (width - len(values))
        yield _row(values, header, number, _fault(values, width, undecoded, cut))


def _fault(values: list[str], width: int, undecoded: bool, cut: bool) -> str:
    if undecoded:
        return "unreadable_row"
    if cut:
        return "too_long"
    if len(values) > width and not any(values[width:]):
        del values[width:]
    return "unreadable_row" if len(values) != width else ""


def _row(values: list[str], header: tuple[str, ...], number: int, fault: str) -> Row | BadRow:
    cells = dict(zip(header, values, strict=False))
    if fault:
        extra = {f"(cell {position + 1})": values[position] for position in range(len(header), len(values))}
        return BadRow(number, fault, "", {**cells, **extra})
    if max(map(len, values)) > 10_000 and (column := too_long_column(cells)):
        return BadRow(number, "too_long", column, cells)
    return Row(number, cells)


def _broken(error: csv.Error, number: int, lines: Lines) -> BadRow:
    text = str(error)
    if "field limit" in text or "end of data" in text:
        raise SourceError(
            f"{lines.name}: row {number}: a quoted cell does not end, or is over {MAXIMUM_LINE:,} characters",
            remedy="repair the quotes in that row; nothing of the file was stored",
        ) from None
    lines.take_marks()
    return BadRow(number, "unreadable_row", "", {})
