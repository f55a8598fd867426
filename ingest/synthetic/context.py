"""Write a context series as ACLED exports one: events that others publish, which are never cases."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .dice import Dice

FILE = "acled_context.csv"
COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction",
    "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude",
    "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
_KINDS = {
    ("Violence against civilians", "Abduction/forced disappearance"): 5.0,
    ("Violence against civilians", "Sexual violence"): 1.0,
    ("Violence against civilians", "Attack"): 4.0,
    ("Battles", "Armed clash"): 2.0,
}
_REGIONS = ("Chechnya", "Dagestan", "Ingushetia", "Kabardino-Balkaria")
_EVENTS = 120


def write_acled(directory: Path, dice: Dice, period: tuple[date, date]) -> tuple[Path, dict[str, int]]:
    """Write invented events; return the path and what ingest must find: no case among them."""
    start, today = period
    path = directory / FILE
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for number in range(1, _EVENTS + 1):
            writer.writerow(
                _event(dice, number, start + timedelta(days=dice.between(0, (today - start).days)))
            )
    return path, {"records": _EVENTS, "quarantined": 0, "context_events": _EVENTS}


def _event(dice: Dice, number: int, on: date) -> dict[str, Any]:
    kind, below = dice.weighted(_KINDS)
    return {
        "event_id_cnty": f"RUS{90_000 + number}", "event_date": on.isoformat(), "year": on.year,
        "time_precision": dice.between(1, 3), "disorder_type": "Political violence", "event_type": kind,
        "sub_event_type": below, "actor1": "Unidentified Armed Group (Russia)", "inter1": "3", "iso": 643,
        "region": "Europe", "country": "Russia", "admin1": dice.pick(_REGIONS), "location": "Invented place",
        "latitude": f"{42 + dice.random.random():.4f}", "longitude": f"{45 + dice.random.random():.4f}",
        "geo_precision": dice.between(1, 3), "source": "Invented source", "source_scale": "National",
        "notes": "An invented event, with a comma.", "fatalities": dice.weighted({0: 6.0, 1: 3.0, 2: 1.0}),
        "timestamp": 1_700_000_000 + number,
    }  # fmt: skip
