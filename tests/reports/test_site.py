"""The pages: no script, no third party, nothing missing; and Datasette over them."""

import asyncio
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from codebook.errors import ReportError
from reports import PublishSummary
from reports.published import LANGUAGES, Release
from reports.serve import find_releases

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _page(published: PublishSummary, language: str) -> _Page:
    return _Page((published.folder / f"index.{language}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_calls_nobody_and_runs_nothing(published: PublishSummary, language: str) -> None:
    page = _page(published, language)
    assert not {"script", "iframe", "object", "embed", "form"} & {tag for tag, _ in page.found}
    for _, attributes in page.found:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "srcset", "action"):
            assert not re.match(r"(?i)\s*([a-z]+:|//)", attributes.get(name) or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_page_leads_to_a_file_of_the_release(
    published: PublishSummary, language: str
) -> None:
    page = _page(published, language)
    names = {attributes["id"] for _, attributes in page.found if attributes.get("id")}
    for _, attributes in page.found:
        for name in ("src", "href", "srcset"):
            target = attributes.get(name)
            if not target or target == "evidence.json":  # written by the auditor, not here
                continue
            assert target[1:] in names if target.startswith("#") else (published.folder / target).is_file(), (
                target
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_language_main_and_an_alternative_text_a_picture(
    published: PublishSummary, language: str
) -> None:
    page = _page(published, language)
    assert ("html", {"lang": language}) in page.found
    assert [tag for tag, _ in page.found].count("main") == 1
    pictures = [attributes for tag, attributes in page.found if tag == "img"]
    assert len(pictures) == len(published.charts)
    assert all(len(picture["alt"] or "") > 80 for picture in pictures)


def test_release_metadata_describes_every_table_and_column(
    published: PublishSummary, release: Release
) -> None:
    metadata = yaml.safe_load((published.folder / "metadata.yml").read_text(encoding="utf-8"))
    tables = metadata["databases"]["release"]["tables"]
    for name, table in release.tables.items():
        assert tables[name]["title"] == table.title.en
        assert set(tables[name]["columns"]) == {
            *table.columns,
            "value",
            "lower",
            "upper",
            "obs_status",
            "conf_status",
        }
    assert metadata["license"] == "CC-BY-4.0"


def test_releases_are_found_in_a_folder_of_releases(published: PublishSummary, tmp_path: Path) -> None:
    assert find_releases([published.folder]) == find_releases([published.folder.parent])
    with pytest.raises(ReportError, match="no release in this folder"):
        find_releases([tmp_path])


def test_a_connection_neither_writes_nor_reaches_other_files_nor_takes_the_memory(
    published: PublishSummary,
) -> None:
    from reports.site.datasette_app import seal_connection

    connection = sqlite3.connect(published.folder / "release.db")
    seal_connection(connection)
    assert connection.execute("SELECT count(*) FROM charts").fetchone() == (17,)
    for statement in (
        "DELETE FROM charts",
        "ATTACH 'other.db' AS other",
        "SELECT load_extension('x')",
        "SELECT zeroblob(900000000)",
        "SELECT " + "(" * 200 + "1" + ")" * 200,
    ):
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(statement).fetchall()
    connection.close()


@pytest.fixture(scope="module")
def address(published: PublishSummary) -> Iterator[str]:
    """Serve the release on a free port of this machine."""
    import uvicorn

    from reports.site.datasette_app import build_application

    application: Any = build_application([published.folder])
    server = uvicorn.Server(
        uvicorn.Config(application, port=0, log_level="error", access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    for _ in range(1200):  # a machine under load takes its time
        if server.started:
            break
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def _get(url: str) -> tuple[int, str, dict[str, str]]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", dict(error.headers)


def test_the_findings_stand_in_front_and_the_tables_behind(address: str) -> None:
    status, page, headers = _get(f"{address}/")
    assert status == 200
    assert "/releases/2026-Q1/charts/age_acts.en.svg" in page
    assert "script-src 'none'" in headers["content-security-policy"]
    assert _get(f"{address}/releases/2026-Q1/charts/age_acts.en.svg")[0] == 200
    assert _get(f"{address}/2026-Q1/age_acts.json?_shape=objects")[0] == 200
    run = re.search(r'href="(/2026-Q1[?]sql=[^"]+)"', page)
    assert run is not None
    assert _get(f"{address}{run.group(1).replace('&amp;', '&')}")[0] == 200


@pytest.mark.parametrize(
    "path", ["/-/threads", "/-/versions", "/-/metadata", "/-/settings", "/%5Chost/", "//host/"]
)
def test_what_is_not_meant_to_be_shown_is_closed(address: str, path: str) -> None:
    assert _get(f"{address}{path}")[0] == 404


def test_serving_ends_with_ctrl_c(published: PublishSummary) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        "import sys, pathlib, reports; reports.serve_release([pathlib.Path(sys.argv[1])], int(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(published.folder), str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.browser
@pytest.mark.parametrize("width", [1200, 360])
def test_a_browser_shows_titles_and_column_descriptions_without_sideways_scroll(
    address: str, width: int
) -> None:
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not on this machine (/usr/bin/chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": 900})
        called: list[str] = []
        page.on("request", lambda request: called.append(request.url))
        page.goto(f"{address}/2026-Q1/persons_type_year")
        assert page.inner_text("h1") == "Affected persons by type of violence and year"
        assert "The true count is not below it." in page.inner_text("dl.column-descriptions")
        for path in (
            "/2026-Q1/persons_type_year",
            "/2026-Q1",
            "/2026-Q1/chart_age_acts",
            "/",
            "/releases/2026-Q1/index.ru.html",
        ):
            page.goto(f"{address}{path}")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.evaluate("[...document.images].filter(i => i.complete).every(i => i.naturalWidth > 0)")
        browser.close()
    assert all(url.startswith((address, "data:")) for url in called)
