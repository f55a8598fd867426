"""Put together what takes the rows of one source: cell readers, checks, the writer."""

import contextlib
import datetime
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codebook import fold
from vault import Vault

from .cases import CaseChecker, Setting, SheetGatherer, batches
from .flat import FlatIntake, Prepared, Preparer, can_fork, in_second_process, plan_of
from .mapping import Source
from .newer_exports import Changes, ColumnFills
from .readers import Table
from .storing import CaseWriter, Origin
from .taking import Intake, Tools
from .values import Gazetteer

Progress = Callable[[Path, int], None]  # the file, rows read so far


@dataclass(frozen=True)
class Options:
    """How a run is done.

    Attributes:
        keep_identifiers: Store names, phones and the like in the vault instead of their fingerprints only.
        by_column: Take ordinary rows of flat sources column by column; the same comes of it, sooner.
    """

    now: datetime.datetime
    keep_identifiers: bool = False
    progress: Progress | None = None
    by_column: bool = True


@dataclass(frozen=True)
class FlatTools:
    """What prepares the rows of a file as columns, and what takes them."""

    preparer: Preparer
    intake: FlatIntake


def make_intake(vault: Vault, source: Source, origin: Origin, *, serials: bool, options: Options) -> Intake:
    """Return an intake for rows of one source from one origin."""
    setting = _setting(vault, source, serials=serials)
    writer = CaseWriter(vault, source, origin, keep_identifiers=options.keep_identifiers)
    today = options.now.date()
    tools = Tools(
        gatherer=SheetGatherer(source.main, setting),
        writer=writer,
        checker=CaseChecker(source, setting.gazetteer, today),
        changes=Changes(vault, writer, run_id=origin.ingest_run_id, today=today),
    )
    return Intake(vault, source, tools, origin)


def make_flat(
    vault: Vault, source: Source, origin: Origin, intake: Intake, *, serials: bool, options: Options
) -> FlatTools | None:
    """Return what takes the rows of a file column by column; None where they are to be taken one by one."""
    plan = plan_of(source, vault.book)
    if plan is None or not options.by_column or origin.is_older:
        return None
    setting = _setting(vault, source, serials=serials)
    checker = CaseChecker(source, setting.gazetteer, options.now.date())
    preparer = Preparer(vault, plan, setting, checker, keep_identifiers=options.keep_identifiers)
    return FlatTools(preparer, FlatIntake(vault, plan, intake, origin.stamp(source)))


def _setting(vault: Vault, source: Source, *, serials: bool) -> Setting:
    return Setting(vault.book, Gazetteer(vault.book), frozenset(map(fold, source.blanks)), serials)


def take_flat(
    flat: FlatTools, table: Table, fills: ColumnFills, intake: Intake, *, size: int
) -> Generator[int, None, None]:
    """Take every row of a table; yields the number of rows read after each batch.

    Args:
        fills: Counts the columns that are filled.
        size: Bytes of the file; a large one is read in a second process where there is a second core.
    """

    def prepare() -> Generator[Prepared, None, None]:
        left = fills.watch(table.rows)
        while batch := list(islice(left, batches.BATCH)):
            yield flat.preparer.prepare(batch)

    def state() -> tuple[str, list[str], dict[str, int]]:
        return fills.as_json(), table.notices, table.sheet_rows

    def adopt(noted: tuple[str, list[str], dict[str, int]]) -> None:
        fills.take_over(noted[0])
        table.notices[:] = noted[1]
        table.sheet_rows.update(noted[2])

    prepared = in_second_process(prepare, state, adopt) if can_fork(size) else prepare()
    with contextlib.closing(prepared):
        for batch in prepared:
            flat.intake.take(batch)
            yield intake.counts.read
