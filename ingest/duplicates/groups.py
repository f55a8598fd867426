"""Things that turn out to be one: whatever was joined to what, the group has one name."""

from collections.abc import Iterator


class Groups:
    """Names that stand for each other; a name that was never joined stands for itself.

    >>> groups = Groups()
    >>> groups.join("a", "b"), groups.join("b", "c"), groups.of("c")
    (None, None, 'a')
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def of(self, one: str) -> str:
        """Return the name of the group of one."""
        while (parent := self._first.get(one, one)) != one:
            one = parent
        return one

    def join(self, one: str, other: str) -> None:
        """Make the groups of two one; it has the name of the first one's."""
        self._first[self.of(other)] = self.of(one)

    def moved(self) -> Iterator[tuple[str, str]]:
        """Yield what no longer has its own name, and the name that it has now."""
        for one in self._first:
            if (top := self.of(one)) != one:
                yield one, top

    def clear(self) -> None:
        """Forget what was joined."""
        self._first.clear()
