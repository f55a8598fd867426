"""A release is filled once, the same everywhere, and says what it holds."""

import csv
import getpass
import hashlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from codebook.errors import ReportError
from reports import PublishSummary, publish_release
from reports.citations import STYLES
from reports.declarations import load_declarations
from reports.draw import MARKS
from reports.published import LANGUAGES, Release, load_release
from reports.select import select_charts

from .conftest import files_of
from .fixture_release import build_release

REPOSITORY = Path(__file__).resolve().parents[2]
PUBLISH_AGAIN = """
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from reports import publish_release, write_checksums
from tests.reports.fixture_release import build_release
folder = build_release(Path(sys.argv[1]) / "elsewhere" / "2026-Q1")
publish_release(folder)
write_checksums(folder)
"""


def test_every_default_table_has_a_chart_in_both_languages(published: PublishSummary) -> None:
    drawn = {declaration.table for declaration in load_declarations() if declaration.name in published.charts}
    assert len(drawn) == published.tables == 18
    assert published.not_drawn == ()
    assert {declaration.mark for declaration in load_declarations()} == set(MARKS)
    for name in published.charts:
        for language in LANGUAGES:
            for ending in ("svg", "png", "pdf", "narrow.svg", "social.png", "print.png"):
                assert (published.folder / "charts" / f"{name}.{language}.{ending}").is_file()


def test_another_process_at_another_place_writes_the_same_bytes(
    published: PublishSummary, tmp_path: Path
) -> None:
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "TZ": "Asia/Vladivostok",
        "PYTHONPATH": str(REPOSITORY),
    }
    subprocess.run(
        [sys.executable, "-c", PUBLISH_AGAIN, str(tmp_path)], check=True, env=surroundings, cwd=tmp_path
    )
    again = files_of(tmp_path / "elsewhere" / "2026-Q1")
    assert again == files_of(published.folder)


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    folder = build_release(tmp_path / "R")
    publish_release(folder, kinds=())
    first = files_of(folder)
    told: list[str] = []
    charts = publish_release(folder, kinds=(), step=told.append).charts
    assert files_of(folder) == first
    assert told[0] == f"drawing chart 1 of {len(charts)}"
    assert told[-1] == "writing citations, descriptions and pages"


def test_no_file_names_this_machine_its_user_or_a_moment(published: PublishSummary) -> None:
    told = [getpass.getuser(), socket.gethostname(), str(published.folder.parent), "matplotlib", "T00:00:00+"]
    for name, content in files_of(published.folder).items():
        for word in told:
            if len(word) > 4:
                assert word.encode() not in content, f"{name} tells {word!r}"


def test_the_database_has_its_charts_and_no_free_page(published: PublishSummary) -> None:
    connection = sqlite3.connect(published.folder / "release.db")
    assert [row[0] for row in connection.execute("SELECT name FROM charts")] == list(published.charts)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_the_sql_of_a_chart_gives_the_cells_of_its_csv(published: PublishSummary) -> None:
    connection = sqlite3.connect(published.folder / "release.db")
    for name, sql in connection.execute("SELECT name, sql FROM charts").fetchall():
        rows = _csv(published.folder / "charts" / f"{name}.csv")
        dimensions = [column for column in rows[0] if "_label_" not in column][:-5]
        wanted = [*dimensions, "value", "lower", "upper", "obs_status"]
        shown = sorted(
            (*(row[c] for c in wanted), *(row[f"{c}_label_{lang}"] for c in dimensions for lang in LANGUAGES))
            for row in rows
        )
        reading = connection.execute(sql)
        names = [column[0] for column in reading.description]
        found = sorted(
            tuple(
                "" if row[name] is None else str(row[name])
                for name in (*wanted, *(f"{c}_{lang}" for c in dimensions for lang in LANGUAGES))
            )
            for row in (dict(zip(names, line, strict=True)) for line in reading)
        )
        assert found == shown, name
    connection.close()


def test_every_csv_copy_equals_its_table(published: PublishSummary, release: Release) -> None:
    for name, table in release.tables.items():
        rows = _csv(published.folder / "data" / f"{name}.csv")
        copied = [
            (tuple(row[c] for c in table.columns), row["value"], row["lower"], row["upper"]) for row in rows
        ]
        expected = [
            (c.codes, *("" if v is None else str(v) for v in (c.value, c.lower, c.upper)))
            for c in table.cells
        ]
        assert copied == expected
        assert all(
            row[f"{column}_label_{lang}"] for row in rows for column in table.columns for lang in LANGUAGES
        )


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_citation_names_group_period_date_release_and_rules(published: PublishSummary) -> None:
    for name in published.charts:
        words = json.loads((published.folder / "charts" / f"{name}.json").read_text(encoding="utf-8"))[
            "words"
        ]
        for language in LANGUAGES:
            citations = words[language]["citation"]
            assert set(citations) == set(STYLES)
            for text in citations.values():
                for needed in (
                    "Listening Post",
                    "2019–2025",
                    "2026-03-31",
                    "2026-Q1",
                    "withheld-0.1-k5-t5-b5",
                    f"/2026-Q1/pages/{name}.{language}.html",
                ):
                    assert needed in text


def test_the_citation_of_a_whole_release_names_its_years_once(published: PublishSummary) -> None:
    citations = json.loads((published.folder / "citations.json").read_text(encoding="utf-8"))
    told = [texts["release"] for language in LANGUAGES for texts in citations[language].values()]
    assert told
    assert all(text.count("2019–2025") == 1 for text in told)


def test_without_an_address_a_citation_carries_the_hash_of_the_file(tmp_path: Path) -> None:
    folder = build_release(tmp_path / "R")
    with sqlite3.connect(folder / "release.db") as connection:
        connection.execute("UPDATE release SET value = '' WHERE key IN ('base_url', 'citation_url')")
    connection.close()
    publish_release(folder, kinds=())
    digest = hashlib.sha256((folder / "data" / "age_acts.csv").read_bytes()).hexdigest()
    told = f"SHA-256 (data/age_acts.csv): {digest}"
    for text in json.loads((folder / "charts" / "age_acts.json").read_text())["words"]["en"][
        "citation"
    ].values():
        assert told in text


def test_gost_names_the_address_and_the_day_of_the_visit(published: PublishSummary) -> None:
    citations = json.loads((published.folder / "citations.json").read_text(encoding="utf-8"))
    told = r"\[Электронный ресурс\]\. URL: https://\S+/2026-Q1/\S* \(дата обращения: 15\.04\.2026\)"
    for text in citations["ru"]["GOST R 7.0.5"].values():
        assert re.search(told, text)


def test_an_address_without_the_release_gets_it(release: Release) -> None:
    shared = replace(release, facts={**release.facts, "citation_url": "https://group.example/data/"})
    assert shared.address == "https://group.example/data/releases/2026-Q1/"
    assert release.address == "https://listening-post.example/data/2026-Q1/"
    assert replace(release, facts={"release_id": "R"}).address == ""


def test_a_group_is_named_in_the_language_of_the_page_where_it_has_two_names(tmp_path: Path) -> None:
    folder = build_release(tmp_path / "R")
    with sqlite3.connect(folder / "release.db") as connection:
        connection.execute("INSERT INTO release VALUES ('group_name_ru', 'Слушающие')")
    connection.close()
    publish_release(folder, kinds=())
    citations = json.loads((folder / "citations.json").read_text(encoding="utf-8"))
    assert citations["ru"]["APA"]["age_acts"].startswith("Слушающие. (2026)")
    assert citations["en"]["APA"]["age_acts"].startswith("Listening Post")
    assert "Слушающие" in (folder / "pages" / "age_acts.ru.html").read_text(encoding="utf-8")


def test_the_hxl_copy_has_tags_in_its_second_row_and_the_same_numbers(published: PublishSummary) -> None:
    for plain in sorted((published.folder / "data").glob("*.hxl.csv")):
        header, tags, *rows = plain.read_text(encoding="utf-8").splitlines()
        whole = (plain.parent / plain.name.replace(".hxl.csv", ".csv")).read_text(encoding="utf-8")
        assert [header, *rows] == whole.splitlines()
        # A tag with its attributes: https://hxlstandard.org/standard/1-1final/tagging/
        assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag) for tag in tags.split(","))
        assert len(set(tags.split(","))) == len(header.split(","))


def test_a_zip_holds_pictures_numbers_and_a_readme_in_both_languages(published: PublishSummary) -> None:
    with zipfile.ZipFile(published.folder / "charts" / "spending_year.zip") as archive:
        assert archive.testzip() is None
        names = {name.removeprefix("spending_year/") for name in archive.namelist()}
        readme = archive.read("spending_year/README.en.txt").decode()
        csv_copy = archive.read("spending_year/spending_year.csv")
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
    kinds = ("svg", "png", "pdf", "narrow.svg", "social.png", "bib", "ris")
    pictures = {f"spending_year.{lang}.{kind}" for lang in LANGUAGES for kind in kinds}
    readmes = {"README.en.txt", "README.ru.txt"}
    assert names == {*pictures, *readmes, "spending_year.csv", "spending_year.json", "data/spending_year.csv"}
    assert csv_copy == (published.folder / "charts" / "spending_year.csv").read_bytes()
    assert "It is not zero" in readme
    assert "not prevalence" in readme


def test_the_checksums_hold(published: PublishSummary) -> None:
    lines = (published.folder / "SHA256SUMS").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    files = files_of(published.folder)
    files.pop("SHA256SUMS")
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_a_table_that_is_not_in_the_release_is_named_as_not_drawn(tmp_path: Path) -> None:
    folder = build_release(tmp_path / "R")
    with sqlite3.connect(folder / "release.db") as connection:
        connection.execute("DELETE FROM catalog WHERE name = 'data_quality'")
        connection.execute("DROP TABLE data_quality")
    connection.close()
    assert publish_release(folder, kinds=()).not_drawn == ("data_quality",)


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"no release\.db"):
        publish_release(tmp_path)


def test_a_database_of_another_shape_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "release.db").execute("CREATE TABLE t (a)").connection.close()
    with pytest.raises(ReportError, match="does not keep to the contract"):
        load_release(tmp_path)


def test_a_chart_shows_only_numbers_of_the_release(release: Release) -> None:
    for data in select_charts(release):
        assert set(data.cells.values()) <= set(data.table.cells)
