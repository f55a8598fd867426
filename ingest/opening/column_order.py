"""`order: column` of a declaration: the order of day and month, decided in a first pass over the file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ingest.dates import OrderEvidence
from ingest.mapping import Block, Sheet, Source, Target
from ingest.readers import BadRow, Cell, Row, Table

COLUMN = "column"  # value of `order`: decided over the whole column
_Place = tuple[tuple[str, ...], str]  # names of the repeats down to a sheet, and a column of it


def settle_orders(source: Source, open_table: Callable[[], Table]) -> tuple[Source, list[str]]:
    """Return the source with every `order: column` decided, and the evidence for each in words.

    A column that shows no order, or both, keeps its two-faced dates for a person.

    Args:
        open_table: Opens the file anew; called only where a column asks for it.
    """
    wanted = dict(_columns(source.main, ()))
    if not wanted:
        return source, []
    evidence = {place: OrderEvidence() for place in wanted}
    with open_table() as table:
        _see(table.rows, source.main, (), evidence)
    notices = [
        f"{'/'.join((*names, column))}: {found.text()}"
        for (names, column), found in evidence.items()
        if found.dates
    ]
    return replace(source, main=_settled(source.main, (), evidence)), notices


def _columns(sheet: Sheet, names: tuple[str, ...]) -> Iterator[tuple[_Place, None]]:
    for block in (sheet.block, *sheet.column_groups):
        for column, targets in block.columns.items():
            if any(target.order == COLUMN and _is_date(target) for target in targets):
                yield (names, column), None
    for repeat in sheet.repeats:
        yield from _columns(repeat, (*names, repeat.name))


def _is_date(target: Target) -> bool:
    return "date" in target.path or target.path.endswith(
        (".month", ".expires", "withdrawn_on", "captured_on")
    )


def _see(
    rows: Iterable[Row | BadRow], sheet: Sheet, names: tuple[str, ...], evidence: dict[_Place, OrderEvidence]
) -> None:
    here = [(column, found) for (place, column), found in evidence.items() if place == names]
    for row in rows:
        if isinstance(row, BadRow):
            continue
        for column, found in here:
            found.see(_texts(row.cells.get(column, "")))
        for repeat in sheet.repeats:
            _see(row.repeats.get(repeat.name, ()), repeat, (*names, repeat.name), evidence)


def _texts(cell: Cell) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else cell


def _settled(sheet: Sheet, names: tuple[str, ...], evidence: dict[_Place, OrderEvidence]) -> Sheet:
    def decided(block: Block) -> Block:
        columns = {
            column: tuple(
                replace(target, order=evidence[names, column].order if (names, column) in evidence else "")
                if target.order == COLUMN
                else target
                for target in targets
            )
            for column, targets in block.columns.items()
        }
        return replace(block, columns=columns)

    return replace(
        sheet,
        block=decided(sheet.block),
        column_groups=tuple(map(decided, sheet.column_groups)),
        repeats=tuple(_settled(one, (*names, one.name), evidence) for one in sheet.repeats),
    )
