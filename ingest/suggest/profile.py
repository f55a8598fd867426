"""What the cells of one column are: counts of what can be read from them, gathered in one pass over a file.

The profile of a column stays in memory; messages tell its counts only.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from codebook import Field, fold
from ingest.dates import DateValue, OrderEvidence, read_date
from ingest.problems import AMBIGUOUS, Problem
from ingest.readers import Cell
from ingest.values import BLANKS, reader_of, tidy

_DISTINCT = 4_000  # distinct cells of one column that are remembered; more of them are no codes
SEPARATORS = (";", "|", "\n", ",", "/", "+", " и ", " and ", " ")
_PHONE = re.compile(r"\+?[78]?[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}|\+\d[\d\s()-]{8,}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_HANDLE = re.compile(r"@\w{3,}|(?:https?://)?(?:t\.me|vk\.com|instagram\.com)/\S+")
_COORDINATE = re.compile(
    r"-?\d{1,3}[.,]\d{3,}(?:[\s,;]+-?\d{1,3}[.,]\d{3,}.*)?"
    r"|-?\d{1,2}(?:\.\d+)? -?\d{1,3}(?:\.\d+)?(?: -?\d+(?:\.\d+)?){2}"  # what form servers write
)
_PERSON_NAME = re.compile(r"[А-ЯЁA-Z][а-яёa-z'-]+(?:\s+[А-ЯЁA-Z]\.?[а-яёa-z'-]*){1,3}")
_FLAGS = frozenset(
    {"1", "0", "x", "х", "+", "да", "нет", "yes", "no", "true", "false", "v", "✓", "-", "1.0", "0.0"}
)


@dataclass
class Column:
    """One column of an unknown file.

    Attributes:
        filled: Cells with something in them (n_cells).
        rows: Rows of the table (n_rows).
        cells: Distinct tidied cell -> how often; at most 4,000 of them.
        order: What its dates show of the order of day and month.
        more: Whether there are more distinct cells than are remembered.
    """

    name: str
    table: str = ""
    rows: int = 0
    filled: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    order: OrderEvidence = field(default_factory=OrderEvidence)
    more: bool = False
    longest: int = 0

    def see(self, cell: Cell) -> None:
        """Count one cell."""
        self.rows += 1
        text = tidy(cell if isinstance(cell, str) else "; ".join(cell))
        if text in BLANKS:
            return
        self.filled += 1
        self.longest = max(self.longest, len(text))
        if any(mark in text for mark in "/-."):
            self.order.see((text,))
        if text in self.cells or len(self.cells) < _DISTINCT:
            self.cells[text] += 1
        else:
            self.more = True

    @property
    def remembered(self) -> int:
        """Cells whose content is remembered (n_cells)."""
        return self.cells.total()

    @property
    def unique(self) -> bool:
        """Whether every row has a cell and no two are alike."""
        return self.filled == self.rows and self.rows > 0 and not self.more and len(self.cells) == self.rows

    def share(self, reads: Callable[[str], object]) -> float:
        """Return the share (0..1) of the cells of which something is true."""
        return sum(n for text, n in self.cells.items() if reads(text)) / max(1, self.remembered)

    def readable(self, known: Field, *, serials: bool) -> float:
        """Return the share of the cells that can be read as values of a field that has no codes."""
        read = reader_of(known, order="", unit="", serials=serials)
        return self.share(lambda text: not isinstance(read(text), Problem))

    def dates(self, *, serials: bool) -> float:
        """Return the share of the cells that are dates, two-faced ones among them; bare numbers are not."""

        def is_date(text: str) -> bool:
            if text.isdecimal() and not (serials and len(text) == 5):
                return False
            found = read_date(text, serials=serials)
            return isinstance(found, DateValue) or found is AMBIGUOUS

        return self.share(is_date)

    @property
    def flags(self) -> bool:
        """Whether the cells are ticks: 0/1, x, yes/no."""
        return bool(self.cells) and not self.more and all(fold(text) in _FLAGS for text in self.cells)

    @property
    def looks_like(self) -> str:
        """The identifier or place that most cells look like, empty where they look like none."""
        for kind, pattern in _LOOKS.items():
            if self.filled and self.share(pattern.fullmatch) >= 0.8:
                return kind
        return ""

    def code_evidence(self, reads: Callable[[str], bool], *, several: bool) -> "CodeEvidence":
        """Return how the cells are best cut into codes, and which parts are none.

        Args:
            reads: Whether a text spells a code.
            several: Whether a cell may hold more than one.
        """
        found = [self._cut(reads, separator) for separator in ("", *(SEPARATORS if several else ()))]
        best = max(one.share for one in found)
        return next(one for one in found if one.share >= best - 0.01)

    def _cut(self, reads: Callable[[str], bool], separator: str) -> "CodeEvidence":
        known = 0
        unknown: Counter[str] = Counter()
        for text, n in self.cells.items():
            parts = [one.strip() for one in text.split(separator)] if separator else [text]
            strange = [part for part in parts if part and not reads(part)]
            known += 0 if strange else n
            for part in strange:
                unknown[part] += n
        return CodeEvidence(separator, known / max(1, self.remembered), unknown, self.remembered - known)


@dataclass(frozen=True)
class CodeEvidence:
    """How the cells of a column are cut into codes.

    Attributes:
        share: Of the cells (0..1), those all of whose parts are codes.
        unknown: Part that is no code -> how often.
        strange: Cells with such a part (n_cells).
    """

    separator: str
    share: float
    unknown: Counter[str]
    strange: int


_LOOKS = {
    "person.email": _MAIL, "person.social_handle": _HANDLE, "coordinates": _COORDINATE,
    "person.phone": _PHONE,
    "person.name": _PERSON_NAME,
}  # fmt: skip
