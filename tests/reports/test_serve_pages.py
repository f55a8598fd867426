"""What the Datasette pages tell people: titles, bounds, withheld cells, ready-made questions, SQL."""

import contextlib
import html
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from reports import PublishSummary
from reports.published import Release
from reports.select import select_charts
from reports.site.queries import canned_queries

from .served import Served, serve

DATABASE = "/2026-Q1"
MONEY = f"{DATABASE}/spending_year"


@pytest.fixture(scope="module")
def served(published: PublishSummary) -> Iterator[Served]:
    with serve(published.folder) as server:
        yield server


def _rows(served: Served, target: str) -> list[dict[str, Any]]:
    reply = served.get(target + ("&" if "?" in target else "?") + "_shape=array")
    assert reply.status == 200, reply.text
    rows: list[dict[str, Any]] = json.loads(reply.text)
    return rows


def test_the_findings_stand_in_front_and_the_tables_behind(served: Served) -> None:
    page = served.get("/")
    assert page.status == 200
    assert f'href="{DATABASE}"' in page.text
    run = re.search(rf'href="({DATABASE}[?]sql=[^"]+)"', page.text)
    assert run is not None
    assert served.get(html.unescape(run.group(1))).status == 200


@pytest.mark.parametrize(("suffix", "language"), [("", "en"), ("?_lang=ru", "ru")])
def test_the_database_page_names_every_table_by_its_title(
    served: Served, release: Release, suffix: str, language: str
) -> None:
    page = served.get(DATABASE + suffix).text
    assert f'<html lang="{language}">' in page
    for table in release.tables.values():
        assert html.escape(table.title.text(language)) in page
    for query in canned_queries(release, select_charts(release)).values():
        assert html.escape(query["title" if language == "en" else "title_ru"], quote=False) in html.unescape(
            page
        )


@pytest.mark.parametrize(("suffix", "withheld"), [("", "withheld"), ("?_lang=ru", "скрыто")])
def test_a_table_page_says_withheld_and_leads_to_chart_file_citation_and_sql(
    served: Served, suffix: str, withheld: str
) -> None:
    page = served.get(MONEY + suffix).text
    body = page.partition("<tbody>")[2]
    assert f'<span class="withheld">{withheld}</span>' in body
    assert "None" not in body
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    wanted = ("/pages/spending_year.", "/data/spending_year.csv", "/pages/cite.", f"{DATABASE}?sql=SELECT")
    for part in wanted:
        target = next(link for link in links if part in link)
        assert served.get(target).status == 200, target


def test_the_sql_of_a_table_page_gives_the_numbers_of_the_table(served: Served, release: Release) -> None:
    link = next(link for link in re.findall(r'href="([^"]+)"', served.get(MONEY).text) if "?sql=" in link)
    rows = _rows(served, html.unescape(link).replace("?sql", ".json?sql", 1))
    assert [row["value"] for row in rows] == [cell.value for cell in release.tables["spending_year"].cells]


def test_every_ready_made_question_has_an_answer_in_both_languages(served: Served, release: Release) -> None:
    for name, query in canned_queries(release, select_charts(release)).items():
        assert _rows(served, f"{DATABASE}/{name}.json"), name
        for suffix in ("", "?_lang=ru"):
            page = served.get(f"{DATABASE}/{name}{suffix}")
            assert page.status == 200, name
            assert page.text.count("<select") == len(query.get("params", ())), name


def test_every_choice_of_a_question_has_an_answer(served: Served, release: Release) -> None:
    for name, query in canned_queries(release, select_charts(release)).items():
        for parameter, choices in query.get("choices", {}).items():
            for value, _, _ in choices:
                assert _rows(served, f"{DATABASE}/{name}.json?{parameter}={quote(value)}"), (name, value)


def test_two_years_stand_side_by_side_with_bounds_and_without_a_difference(served: Served) -> None:
    rows = _rows(served, f"{DATABASE}/two_periods.json?table=persons_type_year&first=2022&second=2023")
    connection_rows = {row["codes"]: row for row in rows}
    assert connection_rows["_T"]["first_year"] == "2022"
    assert {"first_lower", "first_upper", "second_lower", "second_upper"} <= set(rows[0])
    assert not [key for key in rows[0] if "diff" in key or "change" in key or "share" in key]


def test_the_question_for_withheld_numbers_finds_them_all(served: Served, release: Release) -> None:
    rows = _rows(served, f"{DATABASE}/withheld_cells.json")
    assert len(rows) == sum(table.withheld for table in release.tables.values()) > 0
    assert {row["value"] for row in rows} == {None}


def test_ready_made_questions_subtract_and_divide_nothing(release: Release) -> None:
    for name, query in canned_queries(release, []).items():
        without_texts = re.sub(r"'[^']*'", "", query["sql"])
        assert not re.search(r"[-/+*%]|\bsum\(|\bavg\(", without_texts.replace("||", "")), name


def test_the_notebook_lines_on_a_table_page_keep_withheld_apart_from_zero(
    served: Served, release: Release
) -> None:
    pytest.importorskip("pandas")
    page = served.get(MONEY).text
    shown = re.search(r'<pre tabindex="0"><code>(import pandas.*?)</code>', page, re.DOTALL)
    assert shown is not None
    code = html.unescape(shown.group(1))
    code = re.sub(r'^site = ".*"', f'site = "{served.address}"', code, flags=re.M)
    found: dict[str, Any] = {}
    exec(code, found)
    cells = release.tables["spending_year"].cells
    assert len(found["table"]) == len(cells)
    assert str(found["table"]["value"].dtype) == "Int64"
    assert int(found["withheld"].sum()) == sum(cell.is_withheld for cell in cells) > 0
    assert found["table"]["value"].isna().equals(found["withheld"])


def test_rows_can_be_chosen_by_the_names_of_codes(served: Served, release: Release) -> None:
    page = served.get(f"{DATABASE}/persons_type_year").text
    label = release.code("persons_type_year", "gbv_type", "rape").label.en
    link = re.search(rf'<a href="([^"]+)"[^>]*>{re.escape(html.escape(label))}</a>', page)
    assert link is not None
    chosen = served.get(html.unescape(link.group(1)))
    assert chosen.status == 200
    assert "gbv_type=rape" in link.group(1)


def test_a_filter_names_columns_and_comparisons_in_the_language_of_the_page(served: Served) -> None:
    page = served.get(f"{MONEY}?_lang=ru&value__isnull=1").text
    assert '<option value="value" selected>Опубликованное число</option>' in page
    assert '<option value="isnull__1" selected>пусто (скрыто)</option>' in page
    assert ">contains<" not in page
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert body.count("скрыто</span>") == 3 * body.count("<tr>")


def test_a_query_result_says_withheld_only_where_a_status_says_so(served: Served) -> None:
    sql = "SELECT value, obs_status FROM spending_year WHERE obs_status = 'Q' LIMIT 1"
    assert "withheld</span></td>" in served.get(f"{DATABASE}?sql={quote(sql)}").text
    body = served.get(f"{DATABASE}?sql={quote('SELECT NULL AS value')}").text.partition("<tbody>")[2]
    assert "withheld" not in body.partition("</tbody>")[0]


def test_json_and_csv_hold_the_same_numbers(served: Served) -> None:
    rows = _rows(served, f"{MONEY}.json?_size=max")
    lines = served.get(f"{MONEY}.csv?_size=max").text.splitlines()
    assert len(lines) == len(rows) + 1
    values = ["" if row["value"] is None else str(row["value"]) for row in rows]
    place = lines[0].split(",").index("value")
    assert [line.split(",")[place] for line in lines[1:]] == values


def test_addresses_in_answers_name_no_host(served: Served) -> None:
    answer = json.loads(served.get(f"{DATABASE}/codes.json?_size=2&_facet=code_list").text)
    assert answer["next_url"].startswith("/")
    for facet in answer["facet_results"].values():
        assert all(result["toggle_url"].startswith("/") for result in facet["results"])


def test_the_metadata_of_the_release_carries_questions_and_facets(published: PublishSummary) -> None:
    import yaml

    metadata = yaml.safe_load((published.folder / "metadata.yml").read_text(encoding="utf-8"))
    database = metadata["databases"]["release"]
    assert {"one_year", "two_periods", "about_a_place", "unmet_need", "withheld_cells"} <= set(
        database["queries"]
    )
    assert database["tables"]["spending_year"]["facets"] == ["need_category", "period"]
    connection = sqlite3.connect(published.folder / "release.db")
    for query in database["queries"].values():
        connection.execute(query["sql"], dict.fromkeys(query.get("params", ()), "")).fetchall()
    connection.close()


def test_several_releases_stand_side_by_side_with_the_newest_in_front(
    published: PublishSummary, tmp_path: Path
) -> None:
    for name, day in (("2025-Q4", "2026-01-15"), ("2026-Q1", "2026-04-15")):
        shutil.copytree(published.folder, tmp_path / name)
        with contextlib.closing(sqlite3.connect(tmp_path / name / "release.db")) as connection, connection:
            connection.execute("UPDATE release SET value = ? WHERE key = 'release_id'", (name,))
            connection.execute("UPDATE release SET value = ? WHERE key = 'built_at'", (day,))
    with serve(tmp_path) as both:
        front = both.get("/").text
        assert "/releases/2025-Q4/index.en.html" in front
        assert "/releases/2026-Q1/pages/methods.en.html" in front
        for name in ("2025-Q4", "2026-Q1"):
            facts = _rows(both, f"/{name}/release.json?key=release_id")
            assert [fact["value"] for fact in facts] == [name]
            assert f"release {name}" in both.get(f"/{name}").text
