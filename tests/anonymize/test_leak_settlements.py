"""The leak scan and places: a settlement is told apart from the region that is named after it, and found."""

import csv
import sqlite3
from contextlib import closing

import pytest

from anonymize import PrivateValue, scan_release
from anonymize.leaks import PrivateValues, private_values
from codebook import Verdict, load_codebook
from tests.shared_files import REPOSITORY
from tests.vault_factory import new_vault

from .small_vault import SmallVault

with (REPOSITORY / "codebook" / "settlements.csv").open(encoding="utf-8", newline="") as file:
    SETTLEMENTS = [(row["name_cyrillic"], row["name_latin"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """A release that prints every label of the codebook, in a table and in a database."""
    folder = tmp_path_factory.mktemp("labels")
    shown = [
        (code.code, code.label_en, code.label_ru)
        for code_list in load_codebook().code_lists.values()
        for code in code_list.codes.values()
    ]
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(shown)
    with closing(sqlite3.connect(folder / "release.db")) as database:
        database.execute("CREATE TABLE codes (code, label_en, label_ru)")
        database.executemany("INSERT INTO codes VALUES (?, ?, ?)", shown)
        database.commit()
    return folder


def test_a_case_in_any_settlement_of_the_gazetteer_stops_no_release_by_its_labels(labels, tmp_path):
    with new_vault(tmp_path) as vault:
        small = SmallVault(vault)
        for number, (cyrillic, latin) in enumerate(SETTLEMENTS):
            small.person(small.case(external_id=f"HL-2024-{number:05d}", settlement=cyrillic))
            small.person(small.case(external_id=f"HM-2024-{number:05d}", settlement=latin))
        finding = scan_release(labels, private_values(vault))
    assert finding.counts.get("found") is None
    assert finding.verdict < Verdict.FAIL  # three letters cannot be searched for, and ask for a review


@pytest.mark.parametrize("told", ["Хасавюрт", "в Хасавюрте", "Khasavyurt"])
def test_a_settlement_is_found_beside_the_labels(labels, told):
    values = PrivateValues([PrivateValue("incident.settlement", "Хасавюрт")], 0)
    page = labels / "page.html"
    page.write_text(f"<p>{told}</p>", encoding="utf-8")
    try:
        assert scan_release(labels, values).verdict is Verdict.FAIL
    finally:
        page.unlink()
