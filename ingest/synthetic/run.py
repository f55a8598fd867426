"""Make a whole crisis group from a seed: case files in several formats, funding, the truth beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from codebook import UsageError, load_codebook

from .changes import Changes
from .desk import Desk
from .dice import Dice
from .formats import DEFAULT_FORMATS, FORMATS, SERIES
from .funding import write_funding
from .group import Group, GroupMaker
from .model import Case
from .names import is_denied, make_faker
from .truth import IdentifyingValues, changes_of, counts_of, truth_of, write_truth

DEFAULT_TODAY = date(2025, 12, 31)  # not the clock: the same seed must give the same bytes next year
TRUTH = "truth.json"
_YEARS_BEFORE = 6
_STAFF = 8
_BY_PERSON = frozenset(name for name, form in FORMATS.items() if form.one_row_a_person)


@dataclass(frozen=True)
class SyntheticSummary:
    """What was written: counts and paths, no value of a record."""

    directory: Path
    files: tuple[Path, ...]  # case files and funding
    truth: Path
    incidents: int  # different ones
    records: int  # with duplicates and hopeless ones
    persons: int  # person records that can be stored
    duplicates: int
    hopeless: int
    period: tuple[date, date]


def synthesize(
    directory: Path,
    *,
    incidents: int,
    seed: int,
    formats: Sequence[str] = DEFAULT_FORMATS,
    today: date | None = None,
    start: date | None = None,
    first_case: int = 1,
    changes: Changes | None = None,
) -> SyntheticSummary:
    """Write the files of an invented crisis group into `directory`, and `truth.json` beside them.

    Args:
        directory: Made if missing; files of the same names are replaced.
        incidents: Different ones; duplicates (4 %) and hopeless rows (1 %) come on top.
        seed: The same arguments give the same bytes.
        formats: Names of `FORMATS`, over which the cases are spread, and of `SERIES`.
        today: Last day on record, else `DEFAULT_TODAY`.
        start: First day of an incident, else January six years before `today`.
        first_case: Number of the first case of each channel and year, so that later files add cases.
        changes: A newer export of the group that the other arguments give: what changed since, as shares.

    Raises:
        UsageError: No incidents, no format or an unknown one, or a period that ends before it starts.
    """
    channels = _require_channels(incidents, formats)
    period = _period(start, today or DEFAULT_TODAY)
    dice, book, fake = Dice(seed), load_codebook(), make_faker(seed)
    codes = {name: FORMATS[name].code for name in channels}
    maker = GroupMaker(dice, book, fake, period)
    group = maker.group(incidents, codes, first_case)
    if changes and not changes.is_none:
        group = maker.newer(group, changes, codes, seed=seed)
    group = replace(group, drawn=[FORMATS[case.channel].narrow(case) for case in group.drawn])
    directory.mkdir(parents=True, exist_ok=True)
    values = IdentifyingValues()
    desks = {
        name: Desk(dice, book, FORMATS[name], group.drawn_for(name), _staff(fake), values)
        for name in channels
    }
    files = {name: FORMATS[name].write(directory, desk) for name, desk in desks.items()}
    funding, funding_counts = write_funding(directory, dice, *period)
    truth = _truth(group, {name: path.name for name, path in files.items()}, values)
    truth["counts"]["files"][funding.name] = funding_counts
    series = [SERIES[name](directory, dice, period) for name in SERIES if name in formats]
    truth["counts"]["files"] |= {path.name: found for path, found in series}
    for name, desk in desks.items():
        truth["counts"]["files"][files[name].name]["passed_over"] = desk.passed_over
    write_truth(directory / TRUTH, {"seed": seed, "period": [day.isoformat() for day in period]} | truth)
    written = (*files.values(), funding, *(path for path, _ in series))
    return _summary(directory, written, group, period, len(truth["duplicate_pairs"]))


def _summary(
    directory: Path, files: tuple[Path, ...], group: Group, period: tuple[date, date], duplicates: int
) -> SyntheticSummary:
    counts = counts_of(group.cases, _BY_PERSON)
    different = counts["incidents"] - duplicates
    return SyntheticSummary(
        directory, files, directory / TRUTH, different, counts["records"], counts["persons"],
        duplicates, group.hopeless, period,
    )  # fmt: skip


def _require_channels(incidents: int, formats: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in formats if name not in (*FORMATS, *SERIES)]
    if unknown or not formats:
        raise UsageError(
            f"{len(unknown)} of {len(formats)} formats are unknown",
            remedy=f"choose from: {', '.join((*FORMATS, *SERIES))}",
        )
    if not set(formats) & set(FORMATS):
        raise UsageError(
            "a series of events goes beside case files", remedy="name a format of case files too"
        )
    if incidents < 1:
        raise UsageError("a group needs at least one incident", remedy="give --incidents 1 or more")
    return tuple(name for name in FORMATS if name in formats)


def _period(start: date | None, today: date) -> tuple[date, date]:
    first = start or date(today.year - _YEARS_BEFORE, 1, 1)
    if first > today:
        raise UsageError("the period ends before it starts", remedy="give --from a day before --to")
    return first, today


def _staff(fake: Any) -> list[str]:
    """Return the invented workers, given name and surname."""
    staff: list[str] = []
    while len(staff) < _STAFF:
        name = f"{fake.first_name_female()} {fake.last_name_female()}"
        if name not in staff and not is_denied(name.split()[-1]):
            staff.append(name)
    return staff


def _truth(group: Group, names: dict[str, str], values: IdentifyingValues) -> dict[str, Any]:
    by_file = {name: counts_of(group.cases_of(channel), _BY_PERSON) for channel, name in names.items()}
    special = truth_of(group.cases, _who_withdrew(group), names) | changes_of(group.drawn, names)
    counts: dict[str, Any] = counts_of(group.cases, _BY_PERSON)
    counts["different_incidents"] = counts["incidents"] - len(special["duplicate_pairs"])
    counts["files"] = by_file
    return {"counts": counts, **special, "identifying_values": values.sorted()}


def _who_withdrew(group: Group) -> Case | None:
    """Return the case of the one who withdrew, where its file can say so."""
    for case in group.cases:
        if group.withdrawn and case.code == group.withdrawn.code:
            return case if case.people[0].consent.status == "withdrawn" else None
    return None
