"""How a vault was opened, and how it is closed when the person who opened it has left the screen.

A key cannot be kept out of the swap file from here: Python copies the objects that hold it, so locking one
buffer into memory would protect nothing. What helps is an encrypted swap (`withheld verify` looks).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from codebook import VaultError

from .keys import STANDARD_COST, KeyCost

DATA_OFFICER: Final = "data officer"
TRUSTEE: Final = "trustee"
LOCK_AFTER_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Access:
    """What the holder of an open vault has.

    Attributes:
        raw_key: 32 bytes of key and 16 of salt as hexadecimal digits; empty once it is forgotten.
        actor_role: As the custody log names who opened it; never a name.
        lock_after_seconds: How long a question may wait for its answer with the vault open.
    """

    raw_key: str = field(repr=False)
    cost: KeyCost = STANDARD_COST
    actor_role: str = DATA_OFFICER
    lock_after_seconds: float = LOCK_AFTER_SECONDS

    @property
    def salt(self) -> bytes:
        """The salt of the vault."""
        return bytes.fromhex(self.raw_key[64:])

    def with_key(self, raw_key: str) -> "Access":
        """Return the same access under another key."""
        return replace(self, raw_key=raw_key)

    def forgotten(self) -> "Access":
        """Return what is left when the key is forgotten."""
        return self.with_key("")


class Locked:
    """Stands where the connection of a locked vault was: closing it is fine, using it is not."""

    in_transaction = False

    def close(self) -> None:
        """Do nothing: it is closed."""

    def __getattr__(self, name: str) -> Any:
        raise VaultError(
            "the vault was locked: nobody answered for too long; nothing unfinished was kept",
            remedy="run the command again (lock_after_minutes in withheld.yml says how long it waits)",
        )


@contextmanager
def idle_timer(seconds: float, lock: Callable[[], None]) -> Iterator[None]:
    """Call `lock` from another thread where the block lasts longer than so many seconds."""
    timer = threading.Timer(seconds, lock)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # a lock that has begun is finished before anybody uses the vault
