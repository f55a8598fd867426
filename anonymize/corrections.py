"""What was wrong in an earlier release, in the group's own words; a line of every later release.

A correction says what, not how many: a number in it would leave by another way than the tables. Who reads it
finds the better numbers in the release that carries it.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from codebook.errors import PolicyError

_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f]*")
_YEAR = re.compile(r"(?:19|20)\d\d[.,]*")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True)
class Correction:
    """One correction.

    Attributes:
        date: When it was found.
        release: Id of the release that was wrong.
        text_en: One sentence; without numbers but years and days like 2026-12-01.
        text_ru: The same in Russian; empty = the English text stands there too.
    """

    date: datetime.date
    release: str
    text_en: str
    text_ru: str = ""

    def row(self) -> tuple[str, str, str, str]:
        """Return the row of table `corrections`."""
        return self.date.isoformat(), self.release, self.text_en, self.text_ru or self.text_en


def require_corrections(corrections: Sequence[Correction], *, released: Sequence[str]) -> None:
    """Stop at a correction of a release that is not there, and at one that tells a number.

    Args:
        released: Ids of the earlier releases.

    Raises:
        PolicyError: Names the correction by its place in the list; never its text.
    """
    for place, one in enumerate(corrections, start=1):
        where = f"withheld.yml: corrections, number {place}"
        if one.release not in released:
            raise PolicyError(
                f"{where}: there is no release of that id",
                remedy="name the folder of the release that was wrong, as it stands in public/",
            )
        if not one.text_en.strip():
            raise PolicyError(f"{where}: text_en is empty", remedy="say in one sentence what was wrong")
        known = _DAY.sub("", f"{one.text_en} {one.text_ru}".replace(one.release, ""))
        if any(not _YEAR.fullmatch(number) for number in _NUMBER.findall(known)):
            raise PolicyError(
                f"{where}: there is a number in its text",
                remedy="say what was wrong and not how many: the tables have the numbers, with their bounds",
            )
