"""All checks of a release in one visible dict, and the audit that runs them."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from codebook import Verdict, WithheldError

from .between import check_between_units
from .copies import check_chart_files, check_data_files
from .earlier import check_earlier_releases
from .exhibit import Exhibit
from .findings import AuditReport, Finding
from .numbers import check_additivity, check_prints, check_shared_cells, check_single_withheld
from .parallel import check_intervals
from .printed import check_printed_numbers
from .read import read_release
from .records import check_record_values, check_records_against_tables, check_records_k
from .records_over_time import check_records_over_time
from .schema import check_codes, check_crossings, check_schema
from .shares import check_shares
from .steps import check_closed_periods
from .sums import check_checksums

CHECKS: Mapping[str, Callable[[Exhibit], Finding]] = {
    "schema": check_schema,
    "codes": check_codes,
    "crossings": check_crossings,
    "prints": check_prints,
    "shared_cells": check_shared_cells,
    "additivity": check_additivity,
    "single_withheld": check_single_withheld,
    "intervals": check_intervals,
    "between_units": check_between_units,
    "shares": check_shares,
    "records_k": check_records_k,
    "record_values": check_record_values,
    "records_and_tables": check_records_against_tables,
    "records_over_time": check_records_over_time,
    "earlier_releases": check_earlier_releases,
    "closed_periods": check_closed_periods,
    "data_files": check_data_files,
    "chart_files": check_chart_files,
    "printed_numbers": check_printed_numbers,
    "checksums": check_checksums,
}


def audit_release(
    folder: Path, earlier: Iterable[Path] = (), *, checks: Mapping[str, Callable[[Exhibit], Finding]] = CHECKS
) -> AuditReport:
    """Attack a release, using only what is in its folder and in those of earlier releases.

    Args:
        folder: Folder of the release.
        earlier: Folders of earlier releases of the same group, in any order.
        checks: What to check; leaving one out is a decision to write down.

    Returns:
        A finding for every check; a check that cannot be made has failed.

    Raises:
        AuditError: A folder holds no readable release.
    """
    past = sorted(
        (read_release(Path(one)) for one in earlier), key=lambda one: one.settings.get("built_at", "")
    )
    exhibit = Exhibit(read_release(Path(folder)), tuple(past))
    findings = tuple(_run(name, check, exhibit) for name, check in checks.items())
    return AuditReport(exhibit.release.settings.get("release_id", ""), findings)


def _run(name: str, check: Callable[[Exhibit], Finding], exhibit: Exhibit) -> Finding:
    try:
        return check(exhibit)
    except (WithheldError, ValueError, TypeError, KeyError, IndexError) as error:
        # Whatever a hostile or broken release does to a check, it must not pass it.
        counts = {"error": type(error).__name__}
        return Finding(name, Verdict.FAIL, "the check can be made", counts, "make the release again")
