"""Is every number on a page or in a picture one that the release publishes anyway?

A page prints numbers of its tables: values, bounds, and thousands of money. Around them stand years, labels
of codes, how many cells a table has, marks of an axis. Any other number has no source in the release.

Not read: pages in folders, the geometry of a picture, letters and digits grown together, and PNG and PDF.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from codebook import Verdict

from .exhibit import Exhibit
from .findings import Finding
from .prose import Text, texts_of
from .read import PublicRelease, PublicTable, open_database

PLACES_OF_CELLS = frozenset({"td", "th", "text", "tspan", "strong", "desc", "title", "comment"})
SPACE = "[,\u00a0\u2009\u202f]"
NUMBER = re.compile(rf"\d{{1,3}}(?:{SPACE}\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?")
# Numbers that belong to a name: licences, standards, checksums, addresses, dates, hours, names of files.
NAMES = re.compile(
    r"https?://\S+|[\w./-]*[^\W\d_][\w./-]*\d[\w./-]*|\b\d+[\w-]*[^\W\d_][\w-]*"
    r"|\d{4}-\d{2}-\d{2}|GOST R [\d.]+"
    r"|ГОСТ Р [\d.]+|first \d+ months|перв\w+ \d+ месяц\w*|\d+ (?:quarters?|months?)|Q[1-4]|[’']\d\d\b"
    r"|\d{1,3} ?%",
)
YEARS = range(1900, 2101)
LARGEST_TICK = 2  # an axis may end beyond the largest number, not far beyond


@dataclass(frozen=True)
class Allowed:
    """The numbers that may stand around a table."""

    release: PublicRelease

    @cached_property
    def phrases(self) -> re.Pattern[str]:
        """Return the published texts that have a number in them: labels of codes, titles, notes, settings."""
        texts: set[str] = set()
        queries = {
            "codes": "SELECT code, label_en, label_ru FROM codes",
            "catalog": "SELECT title_en, title_ru, note_en, note_ru FROM catalog",
            "units": "SELECT unit_label_en, unit_label_ru FROM catalog",
            "release": "SELECT value FROM release",
            "caveats": "SELECT caveat_en, caveat_ru FROM caveats",
            "corrections": "SELECT date, text_en, text_ru FROM corrections",
            "fields": "SELECT label_en, label_ru, description_en, description_ru FROM fields",
            "charts": "SELECT title_en, title_ru, subtitle_en, subtitle_ru FROM charts",
        }
        with closing(open_database(self.release.folder)) as database:
            for query in queries.values():
                texts |= {str(text) for row in _rows(database, query) for text in row if text}
        # Bare numbers are no names: a code "3" would let every 3 pass.
        named = {text for text in texts if any(c.isdigit() for c in text) and not _is_bare(text)}
        longest_first = sorted(named, key=lambda text: (-len(text), text))
        return re.compile("|".join(re.escape(text) for text in longest_first) or r"(?!)")

    @cached_property
    def days(self) -> frozenset[int]:
        """Return the days and months of the dates of the release, as citations spell them."""
        dates = re.findall(r"\d{4}-(\d{2})-(\d{2})", " ".join(self.release.settings.values()))
        return frozenset(int(part) for date in dates for part in date)

    @cached_property
    def by_table(self) -> Mapping[str, frozenset[int]]:
        """Return table -> the numbers that its cells print."""
        return {name: frozenset(_printed(table)) for name, table in self.release.tables.items()}

    def short_years(self, table: str) -> frozenset[int]:
        """Return the years of a table in two digits, as narrow axes print them."""
        found = self.release.tables.get(table)
        codes = {str(code) for row in found.rows for code in row.codes} if found else set()
        return frozenset(int(code[2:]) for code in codes if code.isdigit() and len(code) == 4)

    def around(self, table: str) -> frozenset[int]:
        """Return the numbers of a table, or of all tables where no single one is meant."""
        return self.by_table.get(table) or frozenset().union(*self.by_table.values())


def _is_bare(text: str) -> bool:
    return re.fullmatch(r"-?\d+(?:[.,]\d+)?", text) is not None


def _rows(database: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    try:
        return database.execute(query).fetchall()
    except sqlite3.Error:
        return []


def _printed(table: PublicTable) -> Iterator[int]:
    money = table.method == "suppression_rounded"
    for row in table.rows:
        for number in (row.value, row.lower, row.upper):
            if isinstance(number, int):
                yield number
                if money and number % 1000 == 0:
                    yield number // 1000


def check_printed_numbers(exhibit: Exhibit) -> Finding:
    """Look for the source of every number in charts/*.svg|json and *.html.

    A number without one fails where cells are printed; in running text it is put to a person.
    """
    allowed = Allowed(exhibit.release)
    counts = {"files": 0, "numbers": 0, "without_source": 0, "without_source_in_prose": 0, "unreadable": 0}
    folder = exhibit.release.folder
    for path in sorted([*folder.glob("charts/*.svg"), *folder.glob("charts/*.json"), *folder.glob("*.html")]):
        counts["files"] += 1
        try:
            texts = texts_of(path)
        except ValueError:
            counts["unreadable"] += 1
            continue
        name = _table_of(path.name)
        for text in texts:
            table = name if name in exhibit.release.tables else _table_of(text.section)
            strange, seen = _strange_numbers(text, table, allowed)
            strict = text.place in PLACES_OF_CELLS or text.place.startswith("@")
            counts["numbers"] += seen
            counts["without_source" if strict else "without_source_in_prose"] += strange
    rule = "rule 26: every number on a page or in a picture is a published one"
    worst = Verdict.REVIEW if counts["without_source_in_prose"] else Verdict.PASS
    worst = Verdict.FAIL if counts["without_source"] + counts["unreadable"] else worst
    return Finding("printed_numbers", worst, rule, counts, "draw the charts and pages again")


def _table_of(chart: str) -> str:
    """Return the table that a picture or a section is named after: `a_year-shares` is of `a_year`."""
    return re.split("[.-]", chart, maxsplit=1)[0]


def _strange_numbers(text: Text, table: str, allowed: Allowed) -> tuple[int, int]:
    """Return how many numbers of a text have no source, and how many it has."""
    if not any(character.isdigit() for character in text.text):
        return 0, 0
    bare = NAMES.sub(" ", allowed.phrases.sub(" ", text.text))
    found = [match.group() for match in NUMBER.finditer(bare)]
    return sum(not _has_source(number, text, table, allowed) for number in found), len(found)


def _has_source(number: str, text: Text, table: str, allowed: Allowed) -> bool:
    digits = re.sub(SPACE, "", number)
    if not digits.isdigit() or (len(digits) < 4 and len(digits) != len(number)):
        return False  # a fraction is printed nowhere
    value, known = int(digits), allowed.around(table)
    if value in known or value in YEARS:
        return True
    if text.place in ("td", "th", "strong"):
        return False
    if text.place == "text" and text.text.strip() == number:
        return _is_mark(value, known) or value in allowed.short_years(table)
    return value in _said(table, allowed)


def _is_mark(value: int, known: frozenset[int]) -> bool:
    """Return whether a number by itself may be the mark of an axis: a round one, not far beyond the data."""
    return value % 5 == 0 and value <= LARGEST_TICK * max(known, default=0)


def _said(table: str, allowed: Allowed) -> frozenset[int]:
    """Return what sentences say of a table beside its numbers: sizes, bases, thresholds, days."""
    tables = allowed.release.tables
    meant = [tables[table]] if table in tables else list(tables.values())
    said = set(allowed.days) | {allowed.release.number(name, 5) for name in ("threshold", "k", "base")}
    for one in meant:
        said |= set(range(len(one.rows) + 1)) if table in tables else {len(one.rows)}
        for name in ("base", "base_sensitive", "threshold", "threshold_sensitive", "withheld_cells", "cells"):
            entry = str(one.catalog.get(name) or "")
            if entry.isdigit():
                said |= {int(entry), int(entry) - 1}
    return frozenset(said)
