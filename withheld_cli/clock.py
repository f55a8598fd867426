"""A clock that was set back: consents that have ended would count again, and an older period would be built.

The custody log is in the order of its numbers, whatever the clock says; its times tell where that went back.
"""

import datetime
from typing import TYPE_CHECKING

from codebook import ReleaseRefused

if TYPE_CHECKING:
    from vault import Vault

TOLERANCE = datetime.timedelta(hours=1)  # clocks are put right by seconds or minutes now and then


def entries_set_back(vault: "Vault") -> list[int]:
    """Return the numbers of the custody entries whose time is before that of an earlier one."""
    found, latest = [], ""
    for entry in vault.rows("custody"):
        time = str(entry["time_utc"])  # all in UTC and of one length: the texts sort as the times do
        if time < latest:
            found.append(int(entry["seq"]))
        latest = max(latest, time)
    return found


def require_right_clock(vault: "Vault", now: datetime.datetime) -> None:
    """Stop a release where the machine's clock is before the last thing that the vault knows of.

    Raises:
        ReleaseRefused: It is, by more than `TOLERANCE`.
    """
    times = [str(entry["time_utc"]) for entry in vault.rows("custody")]
    if not times:
        return
    latest = datetime.datetime.fromisoformat(max(times))
    if now < latest - TOLERANCE:
        raise ReleaseRefused(
            f"the clock of this machine ({now.date()}) is before the last entry of the custody log "
            f"({latest.date()}): consents that have ended would count again",
            remedy="set the clock; if it is right now and was wrong then, release with --clock-is-right",
        )
