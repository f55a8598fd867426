"""Try quarantined rows again, after a declaration, a code list or the gazetteer was corrected."""

import datetime
from collections.abc import Mapping
from pathlib import Path

from vault import Vault, append_custody

from .mapping import Source
from .quarantine import list_quarantine, read_repaired, settle_row, still_waiting, waiting_rows
from .setup import Options, make_intake
from .storing import Origin
from .taking import Counts, FileSummary, IngestSummary, Intake


def retry_quarantine(
    vault: Vault,
    *,
    sources: Mapping[str, Source],
    now: datetime.datetime,
    keep_identifiers: bool = False,
    repaired: Path | None = None,
) -> IngestSummary:
    """Try the waiting rows again; a row that is taken keeps the provenance of the file that it came with.

    Rows that never were readable, or that contradict what is on record, wait for a repaired file.

    Args:
        repaired: The file of `export_quarantine` with repaired cells: then only its rows are tried.

    Returns:
        One summary a source: rows tried, rows that are stored now, rows that wait on.

    Raises:
        SourceError: The repaired file is not that export.
    """
    cells = read_repaired(repaired) if repaired else None
    waiting = {one.source_name for one in list_quarantine(vault)}
    options = Options(now, keep_identifiers=keep_identifiers)
    return IngestSummary(
        tuple(_retry(vault, sources[name], options, cells) for name in sorted(waiting & set(sources)))
    )


def _retry(
    vault: Vault, source: Source, options: Options, repaired: Mapping[str, Mapping[str, str]] | None
) -> FileSummary:
    counts = Counts()
    serials = source.format in ("xlsx", "xls", "ods")
    intakes: dict[Origin, Intake] = {}
    with vault.transaction():
        for waiting in waiting_rows(vault, source.name, repaired):
            origin = Origin(waiting.ingest_run_id, waiting.file_sha256)
            if origin not in intakes:
                intakes[origin] = make_intake(vault, source, origin, serials=serials, options=options)
            fault = intakes[origin].take_again(waiting.row, waiting.record_key, repaired=repaired is not None)
            if fault:
                still_waiting(vault, waiting.quarantine_id, *fault)
            else:
                settle_row(vault, waiting.quarantine_id, "retried")
        for intake in intakes.values():
            counts.add(intake.counts)
        append_custody(vault, "quarantine retried", now=options.now, detail=counts.text())
    return FileSummary.of(f"quarantine of {source.name}", source, "", counts)
