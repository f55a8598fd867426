"""Read and prepare a file in a second process, while this one writes: two cores work at once.

The second process is a fork: it has the keys of the fingerprints from this one's memory, hands over batches
through a pipe, touches no file but the one that it reads, and ends with this one. It says nothing itself: of
a fault only its kind is handed over, since its words may quote what stands in the file.
"""

import contextlib
import marshal
import os
import pickle
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any, BinaryIO

from codebook import SourceError, WithheldError

from .prepared import Prepared

SMALL_FILE = 2 * 2**20  # bytes; below it a second process costs more than it brings
_LENGTH = 8  # bytes before each message


def can_fork(size: int) -> bool:
    """Return whether a file of a size is read in a second process."""
    return size >= SMALL_FILE and sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def in_second_process(
    prepare: Callable[[], Iterator[Prepared]], state: Callable[[], Any], adopt: Callable[[Any], None]
) -> Generator[Prepared, None, None]:
    """Yield batches that a second process prepares.

    Args:
        prepare: Reads and prepares; called in the second process only.
        state: What that process has noted at its end; plain values.
        adopt: Takes that over here.

    Raises:
        SourceError: The file cannot be read.
        OSError: The disk cannot be read.
        WithheldError: The second process ended before its time.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _serve(writing, prepare, state)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            yield from _received(pipe, adopt)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)


def _received(pipe: BinaryIO, adopt: Callable[[Any], None]) -> Iterator[Prepared]:
    while True:
        length = int.from_bytes(pipe.read(_LENGTH), "big")
        message = pipe.read(length)
        if not length or len(message) < length:
            raise _stopped("it was ended")
        kind, content = marshal.loads(message)  # noqa: S302 (from our own fork, through our own pipe)
        if kind == "batch":
            columns, odd = content
            yield Prepared(**columns, odd=pickle.loads(odd))  # noqa: S301 (likewise)
        elif kind == "end":
            adopt(pickle.loads(content))  # noqa: S301 (likewise)
            return
        elif kind == "refused":
            reason, remedy = content
            raise SourceError(reason, remedy=remedy)
        elif kind == "unreadable":
            raise OSError
        else:
            raise _stopped(content)


def _stopped(kind: str) -> WithheldError:
    return WithheldError(
        f"the second process, which reads the file, stopped ({kind})",
        remedy="run again; nothing of the file was stored. If it stays so, report it with your command",
    )


def _serve(writing: int, prepare: Callable[[], Iterator[Prepared]], state: Callable[[], Any]) -> None:
    """Send every batch, then end this process without any clean-up that is the first one's."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is interrupted and ends this one
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            for kind, content in _messages(prepare, state):
                message = marshal.dumps((kind, content))
                rest = memoryview(len(message).to_bytes(_LENGTH, "big") + message)
                while rest:
                    rest = rest[pipe.write(rest) :]
    except BaseException:  # noqa: BLE001, S110 (the reader is gone; a traceback could hold a value)
        pass
    finally:
        os._exit(0)


def _messages(
    prepare: Callable[[], Iterator[Prepared]], state: Callable[[], Any]
) -> Iterator[tuple[str, Any]]:
    try:
        for batch in prepare():
            columns = {name: value for name, value in vars(batch).items() if name != "odd"}
            yield "batch", (columns, pickle.dumps(batch.odd, protocol=5))
        yield "end", pickle.dumps(state(), protocol=5)
    except SourceError as error:
        yield "refused", (error.reason, error.remedy)
    except OSError:
        yield "unreadable", ""
    except BaseException as error:  # noqa: BLE001 (its words may quote a value)
        yield "failed", type(error).__name__


__all__ = ["can_fork", "in_second_process"]
