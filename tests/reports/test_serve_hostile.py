"""Requests of somebody who wants the server down, or another file: it stays small and tells nothing."""

import concurrent.futures
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from reports import PublishSummary

from .hostile_requests import DATABASE, HARMLESS, HEAVY, LONG, RAW, STATEMENTS, TARGETS
from .served import Reply, Served, read_reply, serve

MOST_MEGABYTES = 300
SECRET = "the-secret-of-another-file"


@pytest.fixture(scope="module")
def served(published: PublishSummary) -> Iterator[Served]:
    (published.folder.parent / "secret.txt").write_text(SECRET)
    with serve(published.folder) as server:
        yield server


def _ask(served: Served, sql: str, kind: str = ".json") -> Reply:
    return served.get(f"{DATABASE}{kind}?sql={quote(sql)}")


def _tells_nothing(reply: Reply, folder: Path) -> None:
    assert SECRET not in reply.text
    assert "root:x:0" not in reply.text
    assert str(folder) not in reply.text
    assert "site-packages" not in reply.text
    assert "set-cookie" not in reply.headers
    assert "evil.example" not in reply.headers.get("location", "")
    assert "\\" not in reply.headers.get("location", "")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_hostile_statement_is_refused_or_cut_short(
    served: Served, published: PublishSummary, name: str
) -> None:
    reply = _ask(served, STATEMENTS[name])
    assert reply.status == 400, reply.text[:300]
    _tells_nothing(reply, published.folder)
    assert not Path("/tmp/withheld-evil").exists()
    assert not Path("/tmp/withheld-evil.db").exists()


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_statement_holds_nobody_up(served: Served, name: str) -> None:
    reply = _ask(served, HEAVY[name])
    assert reply.status in (200, 400), reply.text[:300]
    assert served.get(f"{DATABASE}/caveats.json").status == 200


@pytest.mark.parametrize("name", TARGETS)
def test_a_hostile_address_is_refused(served: Served, published: PublishSummary, name: str) -> None:
    reply = served.get(TARGETS[name])
    assert reply.status in (400, 404, 414, 431), reply.text[:300]
    _tells_nothing(reply, published.folder)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_tricky_parameter_does_no_harm(served: Served, published: PublishSummary, name: str) -> None:
    reply = served.get(HARMLESS[name])
    assert reply.status in (200, 302, 400), reply.text[:300]
    _tells_nothing(reply, published.folder)
    assert "<script" not in reply.text
    assert "<img src=x" not in reply.text
    assert not reply.text.startswith("alert")


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_proper_request_do_no_harm(
    served: Served, published: PublishSummary, name: str
) -> None:
    reply = served.send(RAW[name])
    assert reply.status in (0, 200, 400, 405, 431)
    assert "upgrade" not in reply.headers
    assert "thread" not in reply.text
    _tells_nothing(reply, published.folder)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_only_reading_is_answered(served: Served, method: str) -> None:
    assert served.get(f"{DATABASE}/codes", method).status == 405


def test_a_method_cannot_be_changed_by_a_header(served: Served) -> None:
    reply = served.get(f"{DATABASE}/codes", X_HTTP_Method_Override="DELETE", X_Original_URL="/-/threads")
    assert reply.status == 200
    assert "Code lists" in reply.text


def test_the_host_header_and_cookies_change_nothing(served: Served) -> None:
    plain = served.get(f"{DATABASE}/codes.json?_size=5")
    forged = served.get(
        f"{DATABASE}/codes.json?_size=5", Host="evil.example", X_Forwarded_Host="evil.example", Cookie="a=b"
    )
    assert forged.body == plain.body
    assert "evil.example" not in served.get(f"{DATABASE}/codes?_size=5").text


def test_slow_and_silent_visitors_are_let_go_and_hold_nobody_up(served: Served) -> None:
    silent = [served.connect() for _ in range(60)]
    dripping = [served.connect() for _ in range(20)]
    greedy = [served.connect() for _ in range(20)]
    for connection in dripping:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ")
    for connection in greedy:  # asks for much and reads nothing
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.sendall(f"GET {DATABASE}/codes HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 20)
    left = {*silent, *dripping}
    end = time.monotonic() + 40
    while left and time.monotonic() < end:
        assert served.get("/").status == 200
        left = {connection for connection in left if _is_open(connection, drips=connection in dripping)}
        time.sleep(0.5)
    assert not left
    for connection in (*silent, *dripping, *greedy):
        connection.close()


def _is_open(connection: socket.socket, *, drips: bool) -> bool:
    connection.setblocking(False)
    try:
        if drips:
            connection.sendall(b"a")
        return connection.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def test_after_many_hostile_requests_at_once_the_server_is_small_and_answers(served: Served) -> None:
    kinds = (".json", "", ".csv")
    jobs = [(sql, kind) for sql in [*STATEMENTS.values(), *HEAVY.values()] for kind in kinds]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda job: _ask(served, *job).status, jobs))
    assert set(statuses) <= {200, 400, 503}, served.written()
    assert statuses.count(400) > len(jobs) / 2
    assert served.peak_megabytes() < MOST_MEGABYTES
    assert served.get("/").status == 200
    assert served.get(f"{DATABASE}/codes.json").status == 200
    assert _ask(served, "SELECT count(*) AS n FROM codes").status == 200


def test_more_connections_than_allowed_are_closed_and_the_rest_served(served: Served) -> None:
    connections = []
    for _ in range(230):
        connection = served.connect()
        connection.settimeout(5)
        connections.append(connection)
    first = connections[0]
    first.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n")
    assert read_reply(first).status == 200
    for connection in connections:
        connection.close()
    end = time.monotonic() + 20
    while served.get("/").status != 200:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_answers_of_a_large_cache_do_not_outgrow_the_memory(served: Served) -> None:
    for number in range(150):
        columns = ", ".join(f"long || {n} AS c{n}" for n in range(15))
        assert (
            _ask(served, f"WITH l AS (SELECT {LONG} AS long) SELECT {number}, {columns} FROM l").status == 200
        )
    assert served.peak_megabytes() < MOST_MEGABYTES
    assert served.get("/").status == 200
