"""Events that others publish stand beside the cases: counted in the vault, changing no release."""

import csv
from pathlib import Path

import pytest

from anonymize import build_release
from ingest import ingest_files, load_sources
from vault import Vault

from .conftest import GROUP_POLICY, NOW, SETTINGS, Published

EVENTS = 400
ACLED = load_sources()["acled"]
# What the declaration maps, ignores and drops: ACLED's 31 columns.
COLUMNS = sorted({*ACLED.main.mapped_columns, *ACLED.main.ignore, *ACLED.main.drop_coordinates})


class Undone(Exception):
    """Ends a transaction whose writes are not to be kept."""


def acled_file(folder: Path) -> Path:
    """Write invented events in the shape of ACLED's export, in the regions and months of the cases."""
    path = folder / "acled.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for number in range(EVENTS):
            writer.writerow(
                {
                    "event_id_cnty": f"RUS{number}", "event_date": f"2024-{number % 12 + 1:02d}-11",
                    "time_precision": "1", "country": "Russia", "admin1": "Republic of Dagestan",
                    "event_type": "Violence against civilians", "sub_event_type": "Sexual violence",
                    "fatalities": str(number % 3), "latitude": "42.98", "longitude": "47.50",
                    "notes": "An invented account.",
                }
            )  # fmt: skip
    return path


def test_events_that_others_publish_change_no_byte_of_a_release(
    group_vault: Vault, published: Published, tmp_path: Path
) -> None:
    cases = {name: group_vault.count(name) for name in ("incident", "person", "act", "request", "consent")}
    release = tmp_path / "release"
    release.mkdir()
    with pytest.raises(Undone), group_vault.transaction():
        (summary,) = ingest_files(group_vault, [acled_file(tmp_path)], sources=load_sources(), now=NOW).files
        assert (summary.source_name, summary.read, summary.stored) == ("acled", EVENTS, EVENTS)
        assert group_vault.count("context_event") == EVENTS
        assert {name: group_vault.count(name) for name in cases} == cases
        built = build_release(group_vault, GROUP_POLICY, SETTINGS, release)
        assert built.public == published.built.public
        raise Undone
    assert group_vault.count("context_event") == 0
    again, first = (folder / "release.db" for folder in (release, published.folder))
    assert again.read_bytes() == first.read_bytes()
