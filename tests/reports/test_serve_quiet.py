"""Nothing of a visitor is written anywhere; and answers carry what protects readers."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from reports import PublishSummary

from .served import Served, serve

DATABASE = "/2026-Q1"
MARK = "zzmarkzz"


@pytest.fixture(scope="module")
def served(published: PublishSummary) -> Iterator[Served]:
    with serve(published.folder.parent) as server:
        yield server


def test_no_visitor_address_path_query_or_header_is_written(
    served: Served, published: PublishSummary
) -> None:
    before = set(published.folder.parent.rglob("*"))
    for target in (
        f"/{MARK}",
        f"/?{MARK}=1",
        f"{DATABASE}?sql=" + quote(f"SELECT '{MARK}'"),
        f"{DATABASE}.json?sql=" + quote(f"SELECT {MARK} FROM codes"),
        f"{DATABASE}.csv?sql=" + quote(f"SELECT {MARK}"),
        f"{DATABASE}.json?sql=" + quote(f"SELECT json_extract('{MARK}', '$.a')"),
        f"{DATABASE}/{MARK}",
        f"{DATABASE}/codes?{MARK}=1&_sort={MARK}",
        f"{DATABASE}/codes.json?_next={MARK}&_size={MARK}",
        f"{DATABASE}/codes.csv?_stream=1&_where={MARK}",
        f"{DATABASE}/two_periods?table={MARK}",
        f"/{MARK}" * 200,
    ):
        served.get(target, User_Agent=MARK, Referer=f"https://{MARK}.example/", Cookie=f"a={MARK}")
    served.send(f"NONSENSE {MARK}\r\n\r\n".encode())
    served.send(f"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX: {MARK}\r\n\r\n".encode())
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        own_port = connection.getsockname()[1]
        connection.sendall(f"GET /{MARK} HTTP/1.1\r\n\r\n".encode())
        connection.recv(100)
    written = served.written()
    assert MARK not in written
    assert str(own_port) not in written
    assert written.splitlines() == [f"http://127.0.0.1:{served.port}/  (Ctrl-C to stop)"]
    assert set(published.folder.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "target",
    ["/", DATABASE, f"{DATABASE}/codes", f"{DATABASE}/codes.json", f"{DATABASE}/no_such", "/no_such",
     "/releases/2026-Q1/index.ru.html", "/releases/2026-Q1/data/age_acts.csv", "/assets/datasette.css",
     "/releases/2026-Q1/charts/age_acts.en.svg", "/robots.txt", "/favicon.ico"],
)  # fmt: skip
def test_every_answer_protects_its_reader(served: Served, target: str) -> None:
    headers = served.get(target).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy or headers["content-type"] == "image/svg+xml"
    assert "unsafe-eval" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert "public" in headers["cache-control"]
    assert not {"set-cookie", "server", "x-powered-by", "last-modified"} & set(headers)


def test_datasette_pages_run_no_script_and_have_no_inline_style(served: Served) -> None:
    for target in (DATABASE, f"{DATABASE}/codes", f"{DATABASE}/two_periods", f"{DATABASE}?sql=select+1"):
        reply = served.get(target)
        assert "script-src 'none'" in reply.headers["content-security-policy"]
        assert "<script" not in reply.text
        assert "<style" not in reply.text
        assert " style=" not in reply.text


def test_a_browser_of_another_site_may_read_the_data(served: Served) -> None:
    preflight = served.get(f"{DATABASE}/codes.json", "OPTIONS", Origin="https://paper.example")
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-credentials" not in preflight.headers


def test_an_answer_can_be_kept_by_its_entity_tag(served: Served) -> None:
    first = served.get(f"{DATABASE}/codes.json")
    again = served.get(f"{DATABASE}/codes.json", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = served.get(f"{DATABASE}/codes.json", "HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_crawlers_are_asked_to_leave_queries_alone(served: Served) -> None:
    robots = served.get("/robots.txt").text
    assert "Disallow: /*?" in robots
    assert "Sitemap: https://listening-post.example/data/sitemap.xml" in robots
    site_map = served.get("/sitemap.xml").text
    assert "https://listening-post.example/data/releases/2026-Q1/index.ru.html" in site_map
    assert "?" not in site_map.split("?>", 1)[1]


def test_files_come_as_they_are_in_the_release(served: Served, published: PublishSummary) -> None:
    for path in ("data/age_acts.csv", "release.db", "charts/age_acts.en.png", "SHA256SUMS"):
        reply = served.get(f"/releases/2026-Q1/{path}")
        assert reply.body == (published.folder / path).read_bytes()
    assert served.get("/releases/2026-Q1/data/age_acts.csv").headers["content-type"].startswith("text/csv")


def test_hidden_and_linked_files_are_not_served(published: PublishSummary, tmp_path: Path) -> None:
    from reports.server.site_files import files_below

    (tmp_path / "secret").write_text("x")
    release = tmp_path / "release"
    (release / "data").mkdir(parents=True)
    (release / "data" / "a.csv").write_text("a")
    (release / ".hidden").write_text("x")
    (release / "linked").symlink_to(tmp_path / "secret")
    (release / "folder").symlink_to(tmp_path)
    assert list(files_below(release, "/r/")) == ["/r/data/a.csv"]
