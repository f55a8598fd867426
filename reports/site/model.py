"""What the pages of one release show, and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.published import Release
from reports.select import ChartData


@dataclass(frozen=True)
class Place:
    """Where a page stands: what its links begin with."""

    files: str = ""  # absolute address of the release folder, ending in /; empty = links are relative
    query: str = ""  # Datasette's address of the database; empty = no server behind the page
    others: tuple[tuple[str, str], ...] = ()  # other releases served: id, address with {} for the language
    script: str = ""  # address of copy.js, where a server may give one; the pages do without


@dataclass(frozen=True)
class Findings:
    """Everything the pages of one release show."""

    release: Release
    charts: Sequence[ChartData]
    citations: Mapping[str, Mapping[str, Mapping[str, str]]]  # language -> style -> chart or "release"
    kinds: tuple[str, ...]  # picture formats to offer
    dataset: str = ""  # JSON-LD; empty = as it lies in the folder of the release
