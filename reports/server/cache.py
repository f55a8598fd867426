"""Answers kept in memory: the database never changes, so the answer to a path and query does not either.

The key is the raw path and the raw query, nothing else: what a visitor sends besides never reaches the
application (see `guard`). Only answers with status 200 are kept. Oldest unused answers go first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from .answer import Answer, Application, Message, Receive, Scope, Send, make_answer, send_answer

MOST_KEPT = 48 * 1024 * 1024  # bytes of all answers together
LARGEST_KEPT = 2 * 1024 * 1024  # bytes of one body; a larger one is passed on piece by piece
AT_ONCE = 4  # answers worked out at the same time
MOST_WAITING = 64  # requests waiting for their turn
LONGEST_WORK = 20.0  # seconds for one answer that was not kept
Key = tuple[bytes, bytes]


class AnswerStore:
    """The answers used last, within a number of bytes."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._most = most
        self.held = 0  # bytes

    def get(self, key: Key) -> Answer | None:
        """Return a kept answer and mark it as used."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; the ones not used for longest make room."""
        size = answer.size + len(key[0]) + len(key[1])
        if answer.status != 200 or size > self._most:
            return
        self.drop(key)
        self._answers[key] = answer
        self.held += size
        while self.held > self._most:
            self.drop(next(iter(self._answers)))

    def drop(self, key: Key) -> None:
        """Forget an answer."""
        answer = self._answers.pop(key, None)
        if answer is not None:
            self.held -= answer.size + len(key[0]) + len(key[1])


class _Collector:
    """Takes an answer from the application; passes it on unkept as soon as it is too large."""

    def __init__(self, send: Send, overflow: Callable[[], None]) -> None:
        self._send = send
        self._overflow = overflow
        self._start: Message = {}
        self._pieces: list[bytes] = []
        self._held = 0
        self.passed_on = False

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if not self.passed_on:
            self._pieces.append(message.get("body", b""))
            self._held += len(self._pieces[-1])
            if self._held <= LARGEST_KEPT:
                return
            self.passed_on = True
            self._overflow()
            await self._send(self._start)
            message = {**message, "body": b"".join(self._pieces)}
            self._pieces = []
        await self._send(message)

    def answer(self) -> Answer:
        return make_answer(self._start["status"], self._start["headers"], b"".join(self._pieces))


class Cache:
    """An application that asks another one only once for the same thing."""

    def __init__(
        self, application: Application, store: AnswerStore | None = None, *, first: Sequence[str] = ()
    ) -> None:
        self._application = application
        self._first = first  # addresses worked out by `warm_up`
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self.store = store if store is not None else AnswerStore()

    async def warm_up(self) -> None:
        """Ask for the first pages before any visitor does; Datasette finishes its own start meanwhile."""

        async def nobody() -> Message:
            return {"type": "http.disconnect"}

        async def nowhere(message: Message) -> None:
            return None

        for address in self._first:
            scope = {"type": "http", "asgi": {"version": "3.0"}, "method": "GET", "headers": []}
            where = {"path": address, "raw_path": address.encode(), "query_string": b""}
            await self({**scope, **where}, nobody, nowhere)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP is left alone."""
        if scope["type"] != "http":
            return
        if scope["method"] in ("GET", "HEAD"):
            key = (scope["raw_path"], scope["query_string"])
            answer = self.store.get(key)
            if answer is None:
                await self._work_out(key, scope, receive, send)
                return
            await send_answer(answer, scope, send)
            return
        await self._application(scope, receive, send)

    async def _work_out(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting >= MOST_WAITING:
            await send_answer(busy(), scope, send)
            return
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        held = [self._turns]

        def end_turn() -> None:
            if held:
                held.pop().release()

        try:
            # Whoever waited may find that another has asked the same meanwhile.
            answer = self.store.get(key) or await self._ask(scope, receive, send, end_turn)
        finally:
            end_turn()
        if answer is not None:
            self.store.put(key, answer)
            await send_answer(answer, scope, send)

    async def _ask(
        self, scope: Scope, receive: Receive, send: Send, end_turn: Callable[[], None]
    ) -> Answer | None:
        """Return the application's answer, or None if it was too large and has been passed on."""
        clock = asyncio.timeout(LONGEST_WORK)

        def pass_on() -> None:
            # From here on a slow reader sets the pace; it must not hold up the others.
            clock.reschedule(None)
            end_turn()

        collector = _Collector(send, pass_on)
        try:
            async with clock:
                await self._application({**scope, "method": "GET"}, receive, collector.take)
        except TimeoutError:
            return busy()
        return None if collector.passed_on else collector.answer()


def busy() -> Answer:
    """Return the answer for a server that has too much to do."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"retry-after", b"5"),
        (b"cache-control", b"no-store"),
    ]
    return make_answer(503, headers, b"Busy. Please try again in a few seconds.\n")
