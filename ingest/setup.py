"""Put together what takes the rows of one source: cell readers, checks, the writer."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from codebook import fold
from vault import Vault

from .cells import Setting
from .changes import Changes
from .checks import CaseChecker
from .gather import SheetGatherer
from .intake import Intake, Tools
from .mapping import Source
from .origin import Origin
from .places import Gazetteer
from .rows import CaseWriter

Progress = Callable[[str, int], None]  # file name, rows read so far


@dataclass(frozen=True)
class Options:
    """How a run is done.

    Attributes:
        keep_identifiers: Store names, phones and the like in the vault instead of their fingerprints only.
    """

    now: datetime.datetime
    keep_identifiers: bool = False
    progress: Progress | None = None


def make_intake(vault: Vault, source: Source, origin: Origin, *, serials: bool, options: Options) -> Intake:
    """Return an intake for rows of one source from one origin."""
    gazetteer = Gazetteer(vault.book)
    setting = Setting(vault.book, gazetteer, frozenset(map(fold, source.blanks)), serials)
    writer = CaseWriter(vault, source, origin, keep_identifiers=options.keep_identifiers)
    today = options.now.date()
    tools = Tools(
        gatherer=SheetGatherer(source.main, setting),
        writer=writer,
        checker=CaseChecker(source, gazetteer, today),
        changes=Changes(vault, writer, run_id=origin.ingest_run_id, today=today),
    )
    return Intake(vault, source, tools, origin)
