"""How many rows are taken at once changes nothing of what is stored."""

import random

import pytest

from ingest.cases import batches
from vault import Vault

from .workbench import Workbench, row

PEOPLE = (("Хадижат Неизвестная", "+79000000001"), ("Асият Выдуманная", "+79000000002"), ("Седа", ""))


def content(vault: Vault) -> dict[str, list[str]]:
    """Return what is stored, without the numbers of rows and runs, in no order."""
    left_out = ("_id", "file_row", "record_key", "last_run_id", "fingerprint", "row_json")
    return {
        table: sorted(
            str({name: value for name, value in one.items() if not name.endswith(left_out)})
            for one in vault.rows(table)
        )
        for table in ("incident", "person", "act", "consent", "request", "source", "quarantine", "match_key")
    }


def joined(vault: Vault) -> list[int]:
    """Return how many records each person and each household has."""
    rows = list(vault.rows("person"))
    groups = [[one[name] for one in rows] for name in ("same_person_id", "household_id")]
    return [count for ids in groups for count in sorted(ids.count(one) for one in set(ids))]


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_taken_one_by_one_and_all_at_once_give_the_same_vault(tmp_path, monkeypatch, seed):
    dice = random.Random(seed)
    rows = []
    for number in range(40):
        name, phone = dice.choice(PEOPLE)
        said = {"Case": f"A-{dice.randrange(30)}", "Name": name, "Phone": phone}
        rows.append(row(**said, Age=str(20 + number), Region=dice.choice(("Dagestan", "nowhere at all"))))
    found = []
    for size in (1, 7, 5_000):
        monkeypatch.setattr(batches, "BATCH", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        bench = Workbench(folder)
        bench.ingest_rows(*rows)
        found.append((content(bench.vault), joined(bench.vault)))
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]["person"]) > 10
    assert len(found[0][0]["quarantine"]) > 5
    assert max(found[0][1]) > 2
