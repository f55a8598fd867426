"""Files into the vault: each file whole or not at all, every row counted, the run and its hash kept.

The only module of the stage that opens files by path and takes the clock from its caller.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from codebook import SourceError, UsageError
from vault import Vault, append_custody, write_receipt

from .forms import read_form
from .mapping import Source
from .newer_exports import ColumnFills, dropped_repeats, last_run, notice_vanished, unread_columns
from .opening import (
    Choice,
    choose_source,
    find_files,
    open_source,
    refuse_lost_repeats,
    settle_orders,
    without_repeat_files,
)
from .readers import Table, check_columns, refuse_donor_list
from .setup import Options, Progress, make_flat, make_intake, take_flat
from .storing import Origin
from .taking import Counts, FileSummary, IngestSummary, Intake

_PIECE = 2**20
_TOLD_ROWS = 20  # row numbers that a notice lists
_UNREADABLE_SHARE = 0.5  # of the rows of a file; above it the declared encoding is taken to be wrong


def ingest_files(
    vault: Vault,
    paths: Sequence[Path],
    *,
    sources: Mapping[str, Source],
    now: datetime.datetime,
    source_name: str | None = None,
    keep_identifiers: bool = False,
    progress: Progress | None = None,
    by_column: bool = True,
) -> IngestSummary:
    """Take files, or the files of folders, into the vault; a file that is refused leaves it as it was.

    Args:
        sources: Declarations by name.
        source_name: Take every file for this source, instead of recognising each by its header.
        progress: Called with the file's path and the rows read so far.
        by_column: Take the ordinary rows of flat sources column by column; the same comes of it, sooner.

    Returns:
        What happened to each file; a refused one has its error in `refused` and does not stop the others.

    Raises:
        UsageError: There is no file, or no source of that name.
    """
    if source_name is not None and source_name not in sources:
        raise UsageError(
            "there is no source declaration of that name", remedy=f"one of: {', '.join(sorted(sources))}"
        )
    files = without_repeat_files(find_files(paths), sources, source_name)
    if not files:
        raise UsageError("there is no file to ingest", remedy="name files, or a folder that holds some")
    options = Options(now, keep_identifiers=keep_identifiers, progress=progress, by_column=by_column)
    return IngestSummary(tuple(_one_file(vault, path, sources, source_name, options) for path in files))


def _one_file(
    vault: Vault, path: Path, sources: Mapping[str, Source], source_name: str | None, options: Options
) -> FileSummary:
    try:
        choice = Choice(sources[source_name]) if source_name else choose_source(path, sources)
        source = choice.source
        _refuse_draft(path, source)
        digest = _sha256(path)
        source, orders = settle_orders(source, lambda: open_source(path, choice.source))
        with open_source(path, source) as table:
            refuse_lost_repeats(path, table, source)
            table.notices += [*choice.notices, *orders, *_check(path, table, source)]
            with vault.transaction():
                origin = Origin(vault.new_id(), digest, is_older=_is_older(vault, source, digest))
                summary = _take_file(vault, path, source, table, origin, options)
                _refuse_changed(path, digest)
                return summary
    except SourceError as error:
        if not source_name and read_form(path):
            told = "this is the definition of a form, no cases: exports beside it are checked against it"
            return FileSummary(path.name, "form definition", "", "", notices=(told,))
        append_custody(vault, "file refused", now=options.now)
        return FileSummary(path.name, source_name or "", "", "", refused=error)
    except OSError:
        refused = SourceError(f"{path.name}: the file cannot be read", remedy="check its rights and the disk")
        return FileSummary(path.name, source_name or "", "", "", refused=refused)


def _refuse_changed(path: Path, digest: str) -> None:
    """Stop where the file is not the one whose hash is kept: its rows would be of unknown origin."""
    if _sha256(path) != digest:
        raise SourceError(
            f"{path.name}: the file changed while it was read",
            remedy="close the program that writes it, or copy it from its medium again; nothing was stored",
        )


def _refuse_draft(path: Path, source: Source) -> None:
    if source.draft:
        raise SourceError(
            f"{path.name}: {source.name}.yml is a draft that no person has confirmed",
            remedy=f"look at the lines marked unsure in sources/{source.name}.yml, then remove `draft`",
        )


def _take_file(
    vault: Vault, path: Path, source: Source, table: Table, origin: Origin, options: Options
) -> FileSummary:
    intake = make_intake(vault, source, origin, serials=table.serial_dates, options=options)
    fills = ColumnFills(source.main)
    flat = None
    if not table.keys_vary:
        flat = make_flat(vault, source, origin, intake, serials=table.serial_dates, options=options)
    size = path.stat().st_size
    taken = take_flat(flat, table, fills, intake, size=size) if flat else intake.take(fills.watch(table.rows))
    for rows in taken:
        if options.progress:
            options.progress(path, rows)
    _refuse_wrong_encoding(path, intake.counts)
    table.notices += _vanished(vault, source, origin, intake.counts, options.now)
    last = last_run(vault, source)
    table.notices += fills.changed_since(last["column_counts"])
    table.notices += dropped_repeats(last["sheet_counts"], table.sheet_rows, intake.counts.read)
    table.notices += unread_columns(intake.counts.places, intake.counts.read)
    summary = _summary(path, source, origin.file_sha256, table, intake)
    stamp = {**origin.stamp(source), "column_counts": fills.as_json()}
    run = _record_run(vault, summary, intake, stamp, options.now)
    write_receipt(vault, run, size=size)
    return summary


def _check(path: Path, table: Table, source: Source) -> list[str]:
    allowed = frozenset(target.column for target in source.main.block.targets() if source.is_funding)
    refuse_donor_list(table.header, funding=source.is_funding, counts=allowed, place=path.name)
    return check_columns(source.main, table.header, place=path.name, keys_vary=table.keys_vary)


def _refuse_wrong_encoding(path: Path, counts: Counts) -> None:
    unreadable = counts.reasons["unreadable_row"]
    if counts.read > 10 and unreadable > _UNREADABLE_SHARE * counts.read:
        raise SourceError(
            f"{path.name}: {unreadable} of {counts.read} rows cannot be read as declared",
            remedy="check `encoding` and `delimiter` in the declaration; a workbook: open it and save it "
            "again, so that its formulas have values; nothing was stored",
        )


def _summary(path: Path, source: Source, digest: str, table: Table, intake: Intake) -> FileSummary:
    orphans = intake.keep_orphans(table.orphans)
    notices = list(table.notices)
    if intake.counts.unreadable_rows:
        rows = intake.counts.unreadable_rows
        notices.append(f"{len(rows)} rows cannot be decoded or read: {_rows_text(rows)}")
    for sheet, number in orphans.items():
        notices.append(f"{number} rows of {sheet} belong to no record and are in quarantine")
    sheets = intake.repeats.reconciled(table.sheet_rows, orphans, path.name)
    return FileSummary.of(path.name, source, digest, intake.counts, sheets=sheets, notices=tuple(notices))


def _is_older(vault: Vault, source: Source, digest: str) -> bool:
    """Whether the same file was taken before, and another of its source since: it must turn nothing back."""
    taken = [row["file_sha256"] for row in vault.rows("ingest_run", "source_name = ?", [source.name])]
    first_time = list(dict.fromkeys(taken))
    return digest in taken and first_time[-1] != digest


def _vanished(
    vault: Vault, source: Source, origin: Origin, counts: Counts, now: datetime.datetime
) -> list[str]:
    if counts.outdated:
        return [
            f"this file was taken before and another one since: {counts.outdated} rows are on record in a "
            "newer version, which stays"
        ]
    rows = notice_vanished(vault, source.name, origin.ingest_run_id, counts.seen_before, now=now)
    if not rows:
        return []
    return [
        f"{rows} rows of an earlier export are not in this file: withdrawn, or lost? Nobody of them is "
        "counted until you say (`withheld vanished list`)"
    ]


def _rows_text(rows: list[int]) -> str:
    rest = len(rows) - _TOLD_ROWS
    return f"rows {', '.join(map(str, rows[:_TOLD_ROWS]))}" + (f" and {rest} more" if rest > 0 else "")


def _record_run(
    vault: Vault, summary: FileSummary, intake: Intake, stamp: dict[str, str], now: datetime.datetime
) -> dict[str, object]:
    moment = now.isoformat(timespec="seconds")
    run: dict[str, object] = {
        **stamp,
        "started": moment,
        "ended": moment,
        "rows_read": summary.read,
        "rows_stored": summary.stored,
        "rows_already_there": summary.already_there,
        "rows_quarantined": summary.quarantined,
        "sheet_counts": json.dumps(summary.sheets, ensure_ascii=False),
    }
    vault.insert("ingest_run", [run])
    append_custody(
        vault, "file ingested", now=now, object_sha256=summary.file_sha256, detail=intake.counts.text()
    )
    return run


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
