"""A steady world for the commands of the pages: a fixed day, a fixed rounding key, a cheap passphrase.

Everything else is the product as it is, but for the pictures: other tests draw them, and drawing takes longer
than all the rest of a release.
"""

import datetime
import functools
import hashlib
import importlib
import pkgutil
import secrets
import types
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import reports
import vault.keys
import vault.opening
import withheld_cli

FIRST_DAY = datetime.date(2026, 12, 1)


class Clock:
    """The day on which the commands of a page are typed; a page may turn it forward."""

    def __init__(self) -> None:
        """Begin on the first day, at noon."""
        self.moment = datetime.datetime.combine(FIRST_DAY, datetime.time(12), datetime.UTC)

    def turn_to(self, day: str) -> None:
        """Go on to another day, written as 2027-02-15."""
        self.moment = datetime.datetime.combine(
            datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC
        )


def stand_in(module: types.ModuleType, **changed: object) -> types.SimpleNamespace:
    """Return what stands in for a module: all that it has, but for what is changed."""
    return types.SimpleNamespace(**{**vars(module), **changed})


def _cheap_scrypt(password: bytes, *, salt: bytes, dklen: int, **_cost: int) -> bytes:
    return hashlib.scrypt(password, salt=salt, n=2**4, r=8, p=1, dklen=dklen)


@contextmanager
def steady_world(clock: Clock) -> Iterator[None]:
    """Hold the day, the keys of new vaults and the cost of a passphrase still while commands run."""

    class Moment(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
            return clock.moment.astimezone(tz)

    with pytest.MonkeyPatch.context() as patch:
        for found in pkgutil.iter_modules(withheld_cli.__path__):
            module = importlib.import_module(f"withheld_cli.{found.name}")
            if hasattr(module, "datetime"):
                patch.setattr(module, "datetime", stand_in(datetime, datetime=Moment))
        patch.setattr(vault.opening, "secrets", stand_in(secrets, token_hex=lambda size: "5e" * size))
        patch.setattr(vault.keys, "hashlib", stand_in(hashlib, scrypt=_cheap_scrypt))
        patch.setattr(reports, "publish_release", functools.partial(reports.publish_release, kinds=()))
        yield
