"""The whole way on invented cases, as a stranger runs it: from case files to a release."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.alone import can_be_alone
from tests.installed import Installed

ROOT = Path(__file__).resolve().parent.parent
INCIDENTS = 600
BOOKS = {"release", "catalog", "fields", "codes", "charts", "caveats", "corrections"}


def withheld(*arguments: str, passphrase: str = "demo", **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a person would."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "WITHHELD_PASSPHRASE"},
        "PYTHONPATH": str(ROOT),
        **({"WITHHELD_PASSPHRASE": passphrase} if passphrase else {}),
    }
    return subprocess.run(
        [sys.executable, "-m", "withheld", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture(scope="session")
def demo(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The demo of the installed wheel, without a network, from a folder that is not its own."""
    folder = tmp_path_factory.mktemp("whole")
    done = installed.run("withheld", "demo", "demo", "--incidents", INCIDENTS, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    assert installed.attempts() == []
    return folder / "demo", json.loads(done.stdout)


@pytest.fixture(scope="session")
def release(demo: tuple[Path, dict[str, Any]]) -> Path:
    (folder,) = (demo[0] / "public").iterdir()
    return folder


@pytest.fixture
def copy(release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(release, tmp_path / release.name))


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(database) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def change(database: Path, statement: str, parameters: tuple[Any, ...] = ()) -> int:
    with sqlite3.connect(database) as connection:
        changed = connection.execute(statement, parameters).rowcount
    connection.close()
    return changed


def test_the_demo_says_what_it_read_and_every_row_is_accounted_for(demo):
    ingest = demo[1]["ingest"]
    assert ingest["read"] == ingest["stored"] + ingest["already_there"] + ingest["quarantined"]
    assert ingest["quarantined"] > 0  # the invented files hold hopeless rows
    truth = json.loads((demo[0] / "truth.json").read_text(encoding="utf-8"))
    assert ingest["quarantined"] == sum(one["quarantined"] for one in truth["counts"]["files"].values())


def test_the_demo_only_uses_its_known_passphrase_aloud(tmp_path):
    done = withheld("demo", str(tmp_path / "d"), "--incidents", "300", "--json", passphrase="")
    assert "using the passphrase demo" in done.stderr


def test_the_demo_needs_a_fresh_folder(tmp_path):
    (tmp_path / "something").write_text("mine")
    done = withheld("demo", str(tmp_path))
    assert done.returncode == 2
    assert "that folder is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


def test_the_release_holds_the_contract_of_the_design(release):
    database = release / "release.db"
    tables = {name for (name,) in rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    catalog = {name for (name,) in rows(database, "SELECT name FROM catalog")}
    assert tables == BOOKS | catalog | {"records"}
    for name in catalog:
        columns = [row[1] for row in rows(database, f"PRAGMA table_info({name})")]
        assert columns[-5:] == ["value", "lower", "upper", "obs_status", "conf_status"]
        assert rows(database, f"SELECT count(*) FROM {name} WHERE obs_status = 'A' AND value IS NULL") == [
            (0,)
        ]
        odd = (
            f"SELECT count(*) FROM {name} WHERE obs_status = 'Q' AND (value IS NOT NULL OR lower IS NOT NULL)"
        )
        assert rows(database, odd) == [(0,)]
    keys = {key for (key,) in rows(database, "SELECT key FROM release")}
    assert {
        "release_id", "built_at", "period_from", "period_to", "data_as_of", "rules_id", "k", "threshold",
        "supersedes", "method", "base", "citation_title",
    } <= keys  # fmt: skip
    assert rows(database, "PRAGMA freelist_count") == [(0,)]


def test_every_number_states_its_bounds_and_none_is_exact(release):
    database = release / "release.db"
    for name, unit in rows(database, "SELECT name, unit FROM catalog WHERE method = 'rounding'"):
        assert unit
        shown = rows(database, f"SELECT value, lower, upper FROM {name} WHERE obs_status = 'A'")
        for value, lower, upper in shown:
            base = upper - value + 1
            assert base in (5, 10)
            assert value % base == 0
            assert lower == max(0, value - base + 1)


def test_no_identifying_value_stands_in_any_byte_of_the_release(demo, release):
    truth = json.loads((demo[0] / "truth.json").read_text(encoding="utf-8"))
    values = truth["identifying_values"]
    assert len(values) > INCIDENTS
    whole = b"\0".join(
        path.read_bytes() + str(path.relative_to(release)).encode()
        for path in sorted(release.rglob("*"))
        if path.is_file()
    )
    assert sum(value.encode("utf-8") in whole for value in values) == 0


def test_nothing_private_lies_outside_the_vault(demo):
    folder = demo[0]
    assert [path.name for path in (folder / "private").iterdir()] == ["vault.db"]
    assert not list(folder.glob(".release-being-built-*"))


def test_the_audit_passes_on_the_published_release(release):
    done = withheld("audit", str(release), "--json", passphrase="")
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert report["verdict"] == "PASS"


@pytest.mark.parametrize(
    "how", ["value only", "value and bounds", "narrower bounds", "data file", "chart file"]
)
def test_the_audit_fails_when_exact_counts_are_put_back(copy, how):
    table = "incidents_year_district"
    query = f"SELECT rowid, value FROM {table} WHERE value >= 10 AND '_T' NOT IN (period, place) LIMIT 5"
    for rowid, value in rows(copy / "release.db", query):
        exact = value + 2
        if how == "value only":
            change(copy / "release.db", f"UPDATE {table} SET value = ? WHERE rowid = ?", (exact, rowid))
        elif how == "value and bounds":
            statement = f"UPDATE {table} SET value = ?, lower = ?, upper = ? WHERE rowid = ?"
            change(copy / "release.db", statement, (exact, exact, exact, rowid))
        elif how == "narrower bounds":
            statement = f"UPDATE {table} SET lower = value, upper = value WHERE rowid = ?"
            change(copy / "release.db", statement, (rowid,))
        else:
            path = copy / ("data" if how == "data file" else "charts") / f"{table}.csv"
            text = path.read_text(encoding="utf-8")
            changed = text.replace(f",{value},", f",{exact},", 1)
            assert changed != text
            path.write_text(changed, encoding="utf-8")
    # The checksums would tell on their own; the attack must not need them.
    lines = (copy / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    refreshed = subprocess.run(
        ["sha256sum", *(line.split(maxsplit=1)[1].lstrip("*") for line in lines)],
        cwd=copy, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (copy / "SHA256SUMS").write_text(refreshed.stdout, encoding="utf-8")
    done = withheld("audit", str(copy), "--json", passphrase="")
    report = json.loads(done.stdout)
    failed = {check["name"] for check in report["checks"] if check["verdict"] == "FAIL"}
    assert done.returncode == 1
    assert report["verdict"] == "FAIL"
    assert failed - {"checksums"}


def test_a_changed_file_breaks_the_checksums(copy):
    with (copy / "index.en.html").open("a", encoding="utf-8") as page:
        page.write("<!-- -->")
    assert withheld("audit", str(copy), passphrase="").returncode == 1


def test_the_release_speaks_two_languages_and_draws_every_table(release):
    names = [name for (name,) in rows(release / "release.db", "SELECT name FROM charts")]
    tables = {name for (name,) in rows(release / "release.db", "SELECT name FROM catalog")}
    drawn = {table for (table,) in rows(release / "release.db", "SELECT table_name FROM charts")}
    assert drawn == tables
    for name in names:
        for language in ("en", "ru"):
            for kind in ("svg", "png"):
                assert (release / "charts" / f"{name}.{language}.{kind}").stat().st_size > 1000
        assert (release / "charts" / f"{name}.csv").exists()
    assert all((release / "data" / f"{name}.csv").exists() for name in tables)


def test_a_second_ingest_of_the_same_files_changes_nothing(demo):
    folder = demo[0]
    done = withheld("ingest", "-w", str(folder), str(folder / "incoming"), "--json")
    again = json.loads(done.stdout)
    assert again["stored"] == 0
    assert again["read"] == again["already_there"] + again["quarantined"]


def test_status_and_verify_count_and_find_everything_whole(demo):
    folder = demo[0]
    status = json.loads(withheld("status", "-w", str(folder), "--json").stdout)
    assert status["rows"]["incident"] >= INCIDENTS
    verified = withheld("verify", "-w", str(folder), "--json")
    assert verified.returncode == 0, verified.stdout
    report = json.loads(verified.stdout)
    assert report["vault_faults"] == 0
    assert report["custody_broken_at"] == []
    assert report["releases_changed"] == []


def test_a_second_release_is_attacked_together_with_the_first(demo, release):
    folder = demo[0]
    done = withheld("release", "-w", str(folder), "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["folder"] is None
    assert result["checks"]["earlier_releases"] in {"PASS", "REVIEW"}
    assert [path.name for path in (folder / "public").iterdir()] == [release.name]


def test_withdrawing_lists_the_release_that_counted_her_and_erases_her(demo, tmp_path):
    folder = tmp_path / "workspace"
    shutil.copytree(demo[0], folder)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    # duplicate_pairs are pairs of case codes; take a case that is on record
    code = truth["duplicate_pairs"][0][0]
    done = withheld("withdraw", "-w", str(folder), "--case", code, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["person_records"] >= 1
    assert code not in done.stdout + done.stderr
    again = withheld("withdraw", "-w", str(folder), "--case", code, "--yes")
    assert again.returncode == 2
    assert code not in again.stderr
    # The source files are still there: reading them again must not bring her back.
    ingest = withheld("ingest", "-w", str(folder), str(folder / "incoming"), "--json")
    assert json.loads(ingest.stdout)["stored"] == 0


_SERVED = """
import subprocess, sys, time, urllib.error, urllib.request
site = subprocess.Popen([sys.argv[1], "serve", sys.argv[2]], stdout=subprocess.DEVNULL)
try:
    for page in ("/", f"/{sys.argv[3]}", f"/{sys.argv[3]}/catalog.json?_shape=array"):
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:8001{page}", timeout=30) as answer:
                    print(answer.status, len(answer.read()) > 500)
                break
            except urllib.error.URLError as error:
                if isinstance(error, urllib.error.HTTPError):
                    raise
                time.sleep(0.1)
finally:
    site.terminate()
    site.wait()
"""


@pytest.mark.skipif(not can_be_alone(), reason="this machine lets nobody make a network namespace")
def test_the_release_is_served_without_a_network(installed, release, tmp_path):
    command = installed.environment / "bin" / "withheld"
    done = installed.run("python", "-c", _SERVED, command, release.parent, release.name, folder=tmp_path)
    assert done.stdout == "200 True\n" * 3, done.stderr
    assert installed.attempts() == []


def test_what_the_demo_leaves_outside_its_folder_is_a_cache_of_fonts(demo):
    left = {
        path.relative_to(demo[0].parent).as_posix() for path in demo[0].parent.rglob("*") if path.is_file()
    }
    assert {name for name in left if not name.startswith(("demo/", ".cache/matplotlib/"))} == set()
