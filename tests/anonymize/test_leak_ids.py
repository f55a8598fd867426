"""The leak scan, and what joins releases or tells how one was made: ids that come back, order of rows."""

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from anonymize.leaks.making import traces_in_database
from anonymize.leaks.stable_ids import stable_ids

CODES = ("sexual", "physical", "family", "other")
COUNTS = {"sexual": 5, "physical": 75, "family": 40, "other": 20}
RECORDS = [("18-25", "rape"), ("18-25", "rape"), ("26-40", "forced_marriage"), ("26-40", "physical_assault")]


def release(folder: Path, *, records=RECORDS, order=CODES, name="2026-q1", **files: str) -> Path:
    """Write a release with records, one table in an order of its codes, and files of given texts."""
    folder.mkdir()
    with sqlite3.connect(folder / "release.db") as database:
        database.execute("CREATE TABLE release (key TEXT, value TEXT)")
        days = {"release_id": name, "built_at": "2026-04-01", "period_to": "2025-12-31"}
        database.executemany("INSERT INTO release VALUES (?, ?)", days.items())
        database.execute("CREATE TABLE catalog (name TEXT, dimensions TEXT)")
        database.execute("INSERT INTO catalog VALUES ('acts', 'act_group')")
        database.execute("CREATE TABLE codes (code_list TEXT, code TEXT, position INTEGER)")
        database.executemany(
            "INSERT INTO codes VALUES ('act_group', ?, ?)", [(c, n) for n, c in enumerate(CODES)]
        )
        database.execute("CREATE TABLE acts (act_group TEXT, value INTEGER)")
        database.executemany("INSERT INTO acts VALUES (?, ?)", [(code, COUNTS[code]) for code in order])
        columns = ", ".join(f"c{number} TEXT" for number in range(len(records[0])))
        database.execute(f"CREATE TABLE records ({columns})")
        database.executemany(f"INSERT INTO records VALUES ({','.join('?' * len(records[0]))})", records)
    database.close()
    for file, text in files.items():
        (folder / file.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def traces(folder: Path) -> list[str]:
    """Return what the database says of its making."""
    return list(traces_in_database((folder / "release.db").read_bytes()))


def with_ids(*ids: str) -> list[tuple[str, ...]]:
    """Return the records with an id each, in the order of the ids."""
    return sorted((one, *record) for one, record in zip(ids, RECORDS, strict=True))


IDS = {
    "random digits of the vault": ("7391846000001", "7391846000002", "7391846000003", "7391846000004"),
    "case codes": ("HL-2024-00017", "HL-2024-00018", "HL-2025-00003", "HL-2025-00004"),
    "hashes cut to twelve digits": ("ae1981d67f59", "b01c5a9de233", "c9a8f1204e77", "d4410bb2a6c1"),
    "universal ids": tuple(f"9f1b2c3d-0a1b-4c2d-8e3f-00000000000{n}" for n in range(4)),
    "base64": ("QmFzZTY0VGV4dEhpZA1", "ZW5jb2RlZElkT2ZSb3c2", "cm93TnVtYmVyVHdvQUI3", "bGFzdFJvd09mRmlsZQ8x"),
}


@pytest.mark.parametrize("kind", IDS)
def test_an_id_of_records_that_comes_back_is_told(tmp_path, kind):
    first = release(tmp_path / "a", records=with_ids(*IDS[kind]))
    fresh = [(str(number), *record) for number, record in enumerate(RECORDS)]
    once_more = release(tmp_path / "b", name="2026-q2", records=[(IDS[kind][2], *RECORDS[2]), *fresh[1:]])
    assert stable_ids(once_more, [first]) == {".db"}
    other = release(tmp_path / "c", name="2026-q3", records=fresh)
    assert stable_ids(other, [first, once_more]) == set()


# A bare number of a chart may be its coordinate: numbers are looked at in tables.
IN_FILES = [(kind, file) for kind in IDS for file in ("data.csv", "chart.json") if (kind, file) !=
            ("random digits of the vault", "chart.json")]  # fmt: skip


@pytest.mark.parametrize(("kind", "file"), IN_FILES)
def test_an_id_in_a_file_that_comes_back_is_told(tmp_path, kind, file):
    token = IDS[kind][0]
    text = f"act_group,note,value\nsexual,{token},5\n" if file == "data.csv" else json.dumps({"key": token})
    first = release(tmp_path / "a", **{file.replace(".", "__"): text})
    second = release(tmp_path / "b", name="2026-q2", **{file.replace(".", "__"): text})
    assert stable_ids(second, [first]) == {f".{file.split('.')[1]}"}


def test_what_releases_share_on_purpose_is_no_id(tmp_path):
    table = "period,place,value,lower\n2025-Q4,RU-DA,1250000,1249001\n2024-QX,NCFD-other,1000000,999001\n"
    shared = {
        "data__csv": table,
        "font__json": json.dumps({"made": "2026-04-01T00:00", "name": "withheld-2026-q1"}),
    }
    first, second = release(tmp_path / "a", **shared), release(tmp_path / "b", **shared)
    assert stable_ids(second, [first]) == set()


def test_a_first_release_has_nothing_that_could_come_back(tmp_path):
    assert stable_ids(release(tmp_path / "a", records=with_ids(*IDS["case codes"])), []) == set()


def test_rows_in_the_order_of_their_codes_tell_nothing(tmp_path):
    assert traces(release(tmp_path / "a")) == []
    assert traces(release(tmp_path / "b", order=sorted(CODES))) == []


ORDERS = {
    "of true counts": sorted(CODES, key=COUNTS.__getitem__),
    "of true counts, the largest first": sorted(CODES, key=lambda code: -COUNTS[code]),
    "of the vault": ("family", "sexual", "other", "physical"),
}


@pytest.mark.parametrize("kind", ORDERS)
def test_rows_of_a_table_in_another_order_are_told(tmp_path, kind):
    assert traces(release(tmp_path / "a", order=ORDERS[kind])) == ["order of rows"]


@pytest.mark.parametrize(
    "records",
    [RECORDS[::-1], [RECORDS[2], *RECORDS[:2], RECORDS[3]]],
    ids=["newest first", "in the order of the vault's insertion"],
)
def test_records_in_another_order_than_their_values_are_told(tmp_path, records):
    assert traces(release(tmp_path / "a", records=records)) == ["order of rows"]


def test_records_in_the_order_of_an_id_are_told_by_the_id(tmp_path):
    assert traces(release(tmp_path / "a", records=with_ids("3", "1", "4", "2"))) == ["an id of records"]


def test_cells_are_read_as_a_spreadsheet_reads_them(tmp_path):
    path = tmp_path / "quoted.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["note", "value"], ['said "HL-2024-00017", twice', "5"]])
    first = release(tmp_path / "a", quoted__csv=path.read_text(encoding="utf-8"))
    second = release(tmp_path / "b", name="2026-q2", quoted__csv=path.read_text(encoding="utf-8"))
    assert stable_ids(second, [first]) == {".csv"}
