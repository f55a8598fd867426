"""Answers are kept within bounds, packed once, and not sent to those who have them."""

import asyncio
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.server import cache as cache_module
from reports.server.answer import PIECE, Application, Message, Scope, accepts_gzip, make_answer, send_answer
from reports.server.cache import LARGEST_KEPT, AnswerStore, Cache

HTML = [(b"content-type", b"text/html; charset=utf-8")]
LONG = b"<p>numbers</p>" * 200


def _scope(target: str = "/a", method: str = "GET", **headers: str) -> Scope:
    path, _, query = target.partition("?")
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": named,
    }


async def _receive() -> Message:
    return {"type": "http.disconnect"}


def _ask(application: Any, scope: Scope) -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(application(scope, _receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


class Counting:
    """An application that counts how often it is asked."""

    def __init__(self, body: bytes = LONG, status: int = 200, pieces: int = 1) -> None:
        self.asked: list[Scope] = []
        self.body, self.status, self.pieces = body, status, pieces

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        self.asked.append(scope)
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": self.status, "headers": HTML})
        for _ in range(self.pieces):
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def test_the_same_path_and_query_are_worked_out_once() -> None:
    inner = Counting()
    application = Cache(inner)
    first = _ask(application, _scope("/a?x=1"))
    assert _ask(application, _scope("/a?x=1", cookie="a=b", accept_language="ru")) == first
    assert len(inner.asked) == 1
    _ask(application, _scope("/a?x=2"))
    _ask(application, _scope("/b?x=1"))
    assert len(inner.asked) == 3


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_only_good_answers_are_kept(status: int) -> None:
    inner = Counting(status=status)
    application = Cache(inner)
    for _ in range(2):
        assert _ask(application, _scope())[0] == status
    assert len(inner.asked) == 2


def test_a_reader_who_has_the_answer_is_told_so() -> None:
    application = Cache(Counting())
    _, headers, _ = _ask(application, _scope())
    tag = headers[b"etag"].decode()
    assert tag.startswith('"')
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        status, repeated, body = _ask(application, _scope(if_none_match=known))
        assert (status, body, repeated[b"etag"]) == (304, b"", tag.encode())
        assert b"content-length" not in repeated
    assert _ask(application, _scope(if_none_match='"other"'))[0] == 200


def test_an_answer_is_packed_for_those_who_can_unpack_it() -> None:
    application = Cache(Counting())
    _, plain, body = _ask(application, _scope())
    _, packed, small = _ask(application, _scope(accept_encoding="gzip, br"))
    assert gzip.decompress(small) == body == LONG
    assert len(small) == int(packed[b"content-length"]) < int(plain[b"content-length"]) == len(LONG)
    assert packed[b"content-encoding"] == b"gzip"
    assert packed[b"etag"] != plain[b"etag"]
    assert packed[b"vary"] == plain[b"vary"] == b"accept-encoding"
    tag = packed[b"etag"].decode()
    assert _ask(application, _scope(accept_encoding="gzip", if_none_match=tag))[0] == 304


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (b"gzip", True),
        (b"br, GZIP;q=0.5", True),
        (b"gzip; q=0", False),
        (b"gzip;q=0.000", False),
        (b"identity", False),
        (b"xgzip", False),
        (b"", False),
    ],
)
def test_an_encoding_is_used_only_where_it_is_named(header: bytes, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_head_has_the_headers_of_get_and_no_body() -> None:
    inner = Counting()
    application = Cache(inner)
    status, headers, body = _ask(application, _scope(method="HEAD"))
    assert (status, body) == (200, b"")
    assert headers == _ask(application, _scope())[1]
    assert [scope["method"] for scope in inner.asked] == ["GET"]


def test_a_large_answer_goes_out_in_pieces_that_can_wait_for_the_reader() -> None:
    answer = make_answer(200, HTML, b"x" * (3 * PIECE + 1))
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(send_answer(answer, _scope(), send))
    assert [len(message["body"]) for message in sent[1:]] == [PIECE, PIECE, PIECE, 1]
    assert [message["more_body"] for message in sent[1:]] == [True, True, True, False]


def test_an_answer_too_large_to_keep_is_passed_on_whole() -> None:
    inner = Counting(body=b"x" * 100_000, pieces=LARGEST_KEPT // 100_000 + 2)
    application = Cache(inner)
    for _ in range(2):
        assert _ask(application, _scope())[2] == inner.body * inner.pieces
    assert len(inner.asked) == 2
    assert application.store.held == 0


def test_those_who_ask_the_same_at_once_share_one_answer() -> None:
    inner = Counting()
    application = Cache(inner)
    got: list[Message] = []

    async def send(message: Message) -> None:
        got.append(message)

    async def all_at_once() -> None:
        await asyncio.gather(*(application(_scope(), _receive, send) for _ in range(30)))

    asyncio.run(all_at_once())
    assert sum(message.get("status") == 200 for message in got) == 30
    assert len(inner.asked) <= cache_module.AT_ONCE


def test_with_too_many_waiting_the_rest_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "MOST_WAITING", 3)
    statuses = []

    async def slow(scope: Scope, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.01)
        await send({"type": "http.response.start", "status": 200, "headers": HTML})
        await send({"type": "http.response.body", "body": b"x"})

    async def send(message: Message) -> None:
        statuses.append(message.get("status"))

    async def all_at_once() -> None:
        application = Cache(slow)
        await asyncio.gather(*(application(_scope(f"/{n}"), _receive, send) for n in range(20)))

    asyncio.run(all_at_once())
    assert statuses.count(503) > 0
    assert statuses.count(200) + statuses.count(503) == 20


def test_what_takes_too_long_ends_and_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "LONGEST_WORK", 0.01)

    async def never(scope: Scope, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    application: Application = Cache(never)
    for _ in range(cache_module.AT_ONCE + 1):
        assert _ask(application, _scope())[0] == 503


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3000)), max_size=60))
def test_the_store_never_holds_more_than_it_may_and_what_it_has_is_right(
    puts: list[tuple[int, int]],
) -> None:
    store = AnswerStore(most=20_000)
    last: dict[tuple[bytes, bytes], bytes] = {}
    for name, size in puts:
        key = (b"/%d" % name, b"")
        last[key] = b"y" * size
        store.put(key, make_answer(200, [], last[key]))
        kept = {key: answer for key in last if (answer := store.get(key)) is not None}
        assert store.held == sum(answer.size + len(key[0]) for key, answer in kept.items()) <= 20_000
        assert all(answer.plain[1] == last[key] for key, answer in kept.items())


def test_what_was_used_last_stays() -> None:
    answer = make_answer(200, [], b"x" * 1000)
    store = AnswerStore(most=3 * answer.size + 100)
    for name in (b"/a", b"/b", b"/c"):
        store.put((name, b""), answer)
    assert store.get((b"/a", b"")) is not None
    store.put((b"/d", b""), answer)
    assert store.get((b"/b", b"")) is None
    assert store.get((b"/a", b"")) is not None
