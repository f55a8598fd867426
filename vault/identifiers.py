"""Identifiers of the vault's rows: counted on, taken in blocks, never given twice; they mean nothing outside.

The last number taken is a setting of the vault, so that the number of a person who withdrew is never given to
another one.
"""

from collections.abc import Iterator
from typing import Any, Final

# Thirteen digits, an odd beginning: an identifier in a release would be found by the leak scan, and
# no figure or coordinate of a release is taken for one.
FIRST: Final = 7_391_846_000_000
BLOCK: Final = 10_000  # numbers noted as taken at once
SETTING: Final = "last_identifier"


class Identifiers:
    """Gives identifiers; used inside a transaction, and told when one was rolled back."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._left: Iterator[int] = iter(())

    def at_hand(self) -> int | None:
        """Return a number that no row of the vault has or had; None where the block is used up."""
        return next(self._left, None)

    def take(self) -> int:
        """Return such a number of a new block; inside a transaction."""
        self._left = iter(self._block())
        return next(self._left)

    def take_several(self, count: int) -> range:
        """Return as many such numbers, one after the other; inside a transaction."""
        return self._block(count)

    def forget(self) -> None:
        """Give up the numbers in hand: that they were taken was rolled back."""
        self._left = iter(())

    def _block(self, size: int = BLOCK) -> range:
        (last,) = self._connection.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) "
            "DO UPDATE SET value = CAST(value AS INTEGER) + ? RETURNING CAST(value AS INTEGER)",
            [SETTING, str(FIRST + size), size],
        ).fetchone()
        return range(int(last) - size, int(last))
