"""Try quarantined rows again, after a declaration, a code list or the gazetteer was corrected."""

import datetime
from collections.abc import Mapping

from vault import Vault, append_custody

from .intake import Counts
from .mapping import Source
from .origin import Origin
from .quarantine import list_quarantine, settle_row, still_waiting, waiting_rows
from .setup import Options, make_intake
from .summary import FileSummary, IngestSummary


def retry_quarantine(
    vault: Vault, *, sources: Mapping[str, Source], now: datetime.datetime, keep_identifiers: bool = False
) -> IngestSummary:
    """Try the waiting rows again; a row that is taken keeps the provenance of the file that it came with.

    Rows that never were readable, or that contradict what is on record, wait for a repaired file.

    Returns:
        One summary a source: rows tried, rows that are stored now, rows that wait on.
    """
    waiting = {one.source_name for one in list_quarantine(vault)}
    options = Options(now, keep_identifiers=keep_identifiers)
    return IngestSummary(
        tuple(_retry(vault, sources[name], options) for name in sorted(waiting & set(sources)))
    )


def _retry(vault: Vault, source: Source, options: Options) -> FileSummary:
    counts = Counts()
    with vault.transaction():
        for waiting in waiting_rows(vault, source.name):
            origin = Origin(waiting.ingest_run_id, waiting.file_sha256)
            intake = make_intake(vault, source, origin, serials=source.format == "xlsx", options=options)
            intake.take_again(waiting.row, waiting.record_key)
            counts.add(intake.counts)
            if intake.counts.quarantined:
                still_waiting(vault, waiting.quarantine_id, next(iter(intake.counts.reasons)))
            else:
                settle_row(vault, waiting.quarantine_id, "retried")
        append_custody(vault, "quarantine retried", now=options.now, detail=counts.text())
    return FileSummary.of(f"quarantine of {source.name}", source, "", counts)
