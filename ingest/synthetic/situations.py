"""What happens in the invented cases: the situations of RULES section 6, read from `situations.yml`.

Each situation says who is harmed, by whom, how and why, and how often next to the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("situations.yml")

# RULES section 6, line 25: four sisters of one family. Everything countable about them is the same.
FOUR_SISTERS_ACTS = ("fgm", "assault_minor")
FOUR_SISTERS_RELATIONSHIPS = ("father", "mother")
FOUR_SISTERS_AGE = 19  # years


@dataclass(frozen=True)
class Situation:
    """One kind of case; the keys are explained at the head of the file."""

    weight: float
    core: Mapping[str, float]  # weights
    others: Mapping[str, float]  # shares, 0..1
    relationships: Mapping[str, float]  # weights
    motives: Mapping[str, float]  # shares, 0..1
    ages: list[int]  # youngest, most usual, oldest; years
    male_share: float  # 0..1
    place: str
    in_flight: bool
    more_people: float  # 0..1
    household: str  # sisters | children
    needs: list[str]


@cache
def load_situations() -> Mapping[str, Situation]:
    """Return every situation by name, in the order of the file."""
    loaded = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: Situation(**body) for name, body in loaded.items()}
