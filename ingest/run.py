"""Files into the vault: each file whole or not at all, every row counted, the run and its hash kept.

The only module of the stage that opens files by path and takes the clock from its caller.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from codebook import SourceError, UsageError, fold
from vault import Vault, append_custody

from .cells import Setting
from .columns import check_columns, refuse_donor_list
from .gather import SheetGatherer
from .intake import Counts, Intake
from .mapping import Source
from .places import Gazetteer
from .quarantine import is_waiting, keep_row, list_quarantine, settle_row, waiting_rows
from .readers import Table, open_table
from .recognise import find_files, recognise
from .records import RecordKeys
from .rows import CaseWriter
from .summary import FileSummary, IngestSummary

Progress = Callable[[str, int], None]  # file name, rows read so far
_PIECE = 2**20
_FORM_MARKS = frozenset({"_uuid", "_submission_time", "_index"})  # columns that Kobo adds to every export
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
) -> IngestSummary:
    """Take files, or the files of folders, into the vault; a file that is refused leaves it as it was.

    Args:
        sources: Declarations by name.
        source_name: Take every file for this source, instead of recognising each by its header.
        progress: Called with the file's name and the rows read so far.

    Returns:
        What happened to each file; a refused one has its error in `refused` and does not stop the others.

    Raises:
        UsageError: There is no file, or no source of that name.
    """
    if source_name is not None and source_name not in sources:
        raise UsageError(
            "there is no source declaration of that name", remedy=f"one of: {', '.join(sorted(sources))}"
        )
    files = find_files(paths)
    if not files:
        raise UsageError("there is no file to ingest", remedy="name files, or a folder that holds some")
    options = {"now": now, "keep_identifiers": keep_identifiers, "progress": progress}
    return IngestSummary(tuple(_one_file(vault, path, sources, source_name, options) for path in files))


def _one_file(
    vault: Vault, path: Path, sources: Mapping[str, Source], source_name: str | None, options: dict[str, Any]
) -> FileSummary:
    try:
        source = sources[source_name] if source_name else recognise(path, sources)
        return _ingest_file(vault, path, source, **options)
    except SourceError as error:
        append_custody(vault, "file refused", now=options["now"])
        return FileSummary(path.name, source_name or "", "", "", refused=error)


def _ingest_file(
    vault: Vault,
    path: Path,
    source: Source,
    *,
    now: datetime.datetime,
    keep_identifiers: bool,
    progress: Progress | None,
) -> FileSummary:
    digest = _sha256(path)
    table = open_table(path, source)
    _refuse_lost_repeats(path, table, source)
    notices = _check(path, table, source)
    run_id = vault.new_id()
    stamp = {
        "ingest_run_id": run_id,
        "file_sha256": digest,
        "source_name": source.name,
        "mapping_version": source.version,
        "adapter": source.format,
    }
    with vault.transaction():
        intake = _intake(vault, source, table.serial_dates, stamp, keep_identifiers=keep_identifiers)
        for rows in intake.take(table.rows, now.date()):
            if progress:
                progress(path.name, rows)
        _refuse_wrong_encoding(path, intake.counts)
        orphans = _keep_orphans(vault, table, source, stamp)
        summary = _summary(path, source, digest, table, intake.counts, notices, orphans)
        _record_run(vault, summary, run_id=run_id, version=source.version, now=now)
    return summary


def _intake(
    vault: Vault, source: Source, serials: bool, stamp: dict[str, Any], *, keep_identifiers: bool
) -> Intake:
    setting = Setting(vault.book, Gazetteer(vault.book), frozenset(map(fold, source.blanks)), serials)
    writer = CaseWriter(vault, source, stamp, keep_identifiers=keep_identifiers)
    return Intake(vault, source, SheetGatherer(source.main, setting), writer, stamp)


def retry_quarantine(
    vault: Vault, *, sources: Mapping[str, Source], now: datetime.datetime, keep_identifiers: bool = False
) -> IngestSummary:
    """Try the waiting rows again, after a declaration, code list or gazetteer was corrected.

    Returns:
        One summary a source: rows that were taken now, and rows that wait on.
    """
    found = []
    for name in sorted({one.source_name for one in list_quarantine(vault)} & set(sources)):
        source = sources[name]
        with vault.transaction():
            stamp = {"source_name": name, "mapping_version": source.version, "adapter": source.format,
                     "ingest_run_id": vault.new_id(), "file_sha256": ""}  # fmt: skip
            counts = Counts()
            for quarantine_id, row in waiting_rows(vault, name):
                intake = _intake(
                    vault, source, source.format == "xlsx", stamp, keep_identifiers=keep_identifiers
                )
                list(intake.take([row], now.date()))
                counts.read += 1
                counts.stored += intake.counts.stored
                counts.already_there += intake.counts.already_there
                counts.quarantined += intake.counts.quarantined
                counts.reasons += intake.counts.reasons
                if not intake.counts.quarantined:
                    settle_row(vault, quarantine_id, "retried")
            append_custody(vault, "quarantine retried", now=now, detail=_counts_text(counts))
        found.append(_counted_summary(f"quarantine of {name}", source, "", counts))
    return IngestSummary(tuple(found))


def _check(path: Path, table: Table, source: Source) -> list[str]:
    allowed = frozenset(target.column for target in source.main.block.targets() if source.is_funding)
    refuse_donor_list(table.header, funding=source.is_funding, counts=allowed, place=path.name)
    return [
        *table.notices,
        *check_columns(source.main, table.header, place=path.name, keys_vary=table.keys_vary),
    ]


def _refuse_lost_repeats(path: Path, table: Table, source: Source) -> None:
    """Refuse a form's CSV in which the repeated groups cannot be (RULES section 0, finding 10)."""
    if source.format != "csv":
        return
    if source.form_repeats is None and source.implied_person and set(table.header) >= _FORM_MARKS:
        raise SourceError(
            f"{path.name}: this is a form's CSV export without one column on a person; repeated groups of the "
            "form would be missing from it",
            remedy="export it as XLSX; or, if the form has no repeated group, declare `form_repeats: []`",
        )
    if source.form_repeats:
        raise SourceError(
            f"{path.name}: a CSV export leaves out the repeated groups of the form "
            f"({len(source.form_repeats)}: {', '.join(source.form_repeats)}), who was affected is not in it",
            remedy="export the form as XLSX, or take it through Kobo's JSON API; nothing was stored",
        )


def _refuse_wrong_encoding(path: Path, counts: Counts) -> None:
    unreadable = counts.reasons["unreadable_row"]
    if counts.read > 10 and unreadable > _UNREADABLE_SHARE * counts.read:
        raise SourceError(
            f"{path.name}: {unreadable} of {counts.read} rows cannot be read as declared",
            remedy="check `encoding` and `delimiter` in the declaration; nothing was stored",
        )


def _keep_orphans(vault: Vault, table: Table, source: Source, stamp: dict[str, Any]) -> dict[str, int]:
    keys = RecordKeys(vault, source)
    counts: dict[str, int] = {}
    for row in table.orphans:
        counts[row.place] = counts.get(row.place, 0) + 1
        key = keys.key_of(row)
        if not is_waiting(vault, key, row.reason):
            keep_row(
                vault, row, source, {**stamp, "record_key": key, "reason": row.reason, "place": row.place}
            )
    return counts


def _summary(
    path: Path,
    source: Source,
    digest: str,
    table: Table,
    counts: Counts,
    notices: list[str],
    orphans: dict[str, int],
) -> FileSummary:
    if counts.unreadable_rows:
        notices.append(f"{len(counts.unreadable_rows)} rows cannot be decoded or read: {_rows_text(counts)}")
    for sheet, rows in orphans.items():
        notices.append(f"{rows} rows of {sheet} belong to no record and are in quarantine")
    sheets = {
        name: {"read": rows, "orphans": orphans.get(name, 0)} for name, rows in table.sheet_rows.items()
    }
    return _counted_summary(path.name, source, digest, counts, sheets=sheets, notices=tuple(notices))


def _counted_summary(name: str, source: Source, digest: str, counts: Counts, **more: Any) -> FileSummary:
    return FileSummary(
        file=name,
        source_name=source.name,
        format=source.format,
        file_sha256=digest,
        read=counts.read,
        stored=counts.stored,
        already_there=counts.already_there,
        quarantined=counts.quarantined,
        reasons=dict(sorted(counts.reasons.items())),
        **more,
    )


def _rows_text(counts: Counts) -> str:
    told = ", ".join(map(str, counts.unreadable_rows[:20]))
    rest = len(counts.unreadable_rows) - 20
    return f"rows {told}" + (f" and {rest} more" if rest > 0 else "")


def _counts_text(counts: Counts) -> str:
    return (
        f"{counts.read} rows: {counts.stored} stored, {counts.already_there} already there, "
        f"{counts.quarantined} quarantined"
    )


def _record_run(
    vault: Vault, summary: FileSummary, *, run_id: str, version: str, now: datetime.datetime
) -> None:
    vault.insert(
        "ingest_run",
        [
            {
                "ingest_run_id": run_id,
                "started": now.isoformat(timespec="seconds"),
                "ended": now.isoformat(timespec="seconds"),
                "source_name": summary.source_name,
                "mapping_version": version,
                "adapter": summary.format,
                "file_sha256": summary.file_sha256,
                "rows_read": summary.read,
                "rows_stored": summary.stored,
                "rows_already_there": summary.already_there,
                "rows_quarantined": summary.quarantined,
                "sheet_counts": json.dumps(summary.sheets, ensure_ascii=False),
            }
        ],
    )
    append_custody(
        vault,
        "file ingested",
        now=now,
        object_sha256=summary.file_sha256,
        detail=f"{summary.read} rows: {summary.stored} stored, {summary.already_there} already there, "
        f"{summary.quarantined} quarantined",
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
