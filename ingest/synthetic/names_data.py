"""Given names and surname parts of the peoples that call the invented group, read from `names.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("names.yml")


@dataclass(frozen=True)
class People:
    """What names of one people are made of; an end is the male form."""

    female: list[str]
    male: list[str]
    stems: list[str]
    ends: list[str]


@dataclass(frozen=True)
class NameParts:
    """All peoples, and which of them live where (weights)."""

    peoples: Mapping[str, People]
    peoples_of_region: Mapping[str, Mapping[str, float]]
    peoples_elsewhere: Mapping[str, float]


@cache
def load_names() -> NameParts:
    """Return what `names.yml` says."""
    loaded = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    peoples = {name: People(**parts) for name, parts in loaded.pop("peoples").items()}
    return NameParts(peoples=peoples, **loaded)
