"""What the checks are given: the release, the earlier ones, and the attack on it, made once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .cells import PublicUnit, public_units
from .read import PublicRelease


@dataclass(frozen=True)
class Exhibit:
    """A release under audit, with the earlier releases of the same group, oldest first."""

    release: PublicRelease
    earlier: tuple[PublicRelease, ...] = ()

    @cached_property
    def units(self) -> Mapping[str, PublicUnit]:
        """Unit -> its linked cells."""
        return public_units(self.release)
