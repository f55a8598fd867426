"""What must not be readable in a release: every identifying or operational value of the vault.

Also earlier versions of changed rows, rows in quarantine, dates of persons, and the prints of what the vault
keeps only as keyed prints (names, phones, handles, documents).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codebook import Codebook, FieldType, Role, fold
from vault import Vault, texts_in

from .identity import Prints, read_identity

SHORTEST_VALUE = 4  # characters; what is shorter stands in any text by chance
SHORTEST_NUMBER = 7  # digits; a shorter number stands in the coordinates of any picture by chance
_PRIVATE_ROLES = frozenset({Role.DIRECT_IDENTIFIER, Role.OPERATIONAL})
# Words that are not of a case: which reader and declaration took a file in, which language and form it has.
_OWN_FIELDS = frozenset(
    {
        "source.adapter",
        "source.source_name",
        "source.mapping_version",
        "source.source_language",
        "consent.consent_language",
        "consent.form_version",
    }
)
# Events of series that others publish: names of countries and kinds of events, which stand in any report.
_OWN_ENTITIES = frozenset({"context_event"})
_PRIVATE_TYPES = frozenset({FieldType.TEXT, FieldType.UUID, FieldType.SHA256})
_DATE_TYPES = frozenset({FieldType.DATE, FieldType.DATETIME})
# The name of a month of gifts is published; what is no day is no exact date.
_PUBLIC_DATES = frozenset({"funding.month"})
# Books of the vault whose rows hold values of a case as JSON, and from how many characters a cell tells.
_KEPT_ROWS = {"quarantine": ("row_json", SHORTEST_NUMBER), "history": ("before_json", SHORTEST_VALUE)}
_WAITING = "quarantine.row_json"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)  # there are millions of them
class PrivateValue:
    """One text that must not leave, and the field it belongs to."""

    field: str
    text: str


@dataclass(frozen=True)
class PrivateValues:
    """What is searched for.

    Attributes:
        searchable: Distinct texts.
        unsearchable: How many values are too short or too plain to be told from chance.
        dates: Exact days (ISO) -> field.
        fingerprints: Keyed fingerprints of the vault, which may not leave either.
        identity: Keyed prints of names, phones, handles and documents; None where there is no vault.
    """

    searchable: Sequence[PrivateValue]
    unsearchable: int
    dates: Mapping[str, str] = field(default_factory=dict)
    fingerprints: frozenset[str] = frozenset()
    identity: Prints | None = None


def private_values(vault: Vault) -> PrivateValues:
    """Return every distinct identifying or operational text in the vault, its days and its keyed prints.

    A text of labels of the codebook is left out: `Москва` as a provider's city is also a public region, and
    the labels that a cell in quarantine lists stand one below the other in a chart. So is a cell there
    that is some whole words of a label: `evacuation` stands in `Transport and evacuation`.
    """
    public = _public_vocabulary(vault.book)
    labels = "\n".join(sorted(public))
    found: dict[str, PrivateValue] = {}
    dates: dict[str, str] = {}
    unsearchable, of_labels = set[str](), set[str]()
    for path, text in _texts(vault, dates):
        text = text.strip()
        if text in found or text in of_labels:
            continue
        if len(text) < (SHORTEST_NUMBER if text.isdigit() else SHORTEST_VALUE):
            unsearchable.add(text)
        elif _lists_labels(text, public):
            of_labels.add(text)
        elif path != _WAITING or not _is_in_a_label(text, labels):
            found[text] = PrivateValue(path, text)
    identity = read_identity(vault)
    return PrivateValues(
        list(found.values()), len(unsearchable) + identity.unknown, dates, _fingerprints(vault), identity
    )


def _texts(vault: Vault, dates: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield field and text; enter days into `dates`."""
    for name, entity in vault.book.entities.items():
        if name in _OWN_ENTITIES:
            continue
        columns = [one for one in entity.stored_fields if is_private(one)]
        days = [
            one for one in entity.stored_fields if one.type in _DATE_TYPES and one.path not in _PUBLIC_DATES
        ]
        read = {one.name for one in (*columns, *days)}
        for row in vault.rows(name, only=read | {"date_precision"}) if read else ():
            for one in columns:
                if row[one.name]:
                    yield one.path, str(row[one.name])
            for one in days:
                if row[one.name] and (day := _exact_day(row, one.name)):
                    dates.setdefault(day, one.path)
    for table, (column, shortest) in _KEPT_ROWS.items():
        yield from _kept_texts(vault, table, column, shortest)


def is_private(one: Any) -> bool:
    """Return whether a field of the codebook holds text that may not leave."""
    return one.role in _PRIVATE_ROLES and one.type in _PRIVATE_TYPES and one.path not in _OWN_FIELDS


def _exact_day(row: Mapping[str, Any], name: str) -> str:
    """Return the day of a date, empty where only its month or year is known."""
    found = _DAY.match(str(row[name]))
    rough = name.startswith("date_incident") and row.get("date_precision") not in (None, "", "day", "exact")
    return found[0] if found and not rough else ""


def _kept_texts(vault: Vault, table: str, column: str, shortest: int) -> Iterator[tuple[str, str]]:
    """Yield the cells of rows that are kept as JSON: what is long enough to be told from an age."""
    private = {
        (entity.name, one.name): one.path
        for entity in vault.book.entities.values()
        for one in entity.stored_fields
        if is_private(one)
    }
    for row in vault.rows(table):
        kept = json.loads(row[column] or "{}")
        if table == "history":
            for entity, versions in kept.items():
                for version in versions:
                    for name, value in version.items():
                        if value and (entity, name) in private:
                            yield private[entity, name], str(value)
            continue
        for text in texts_in(kept):
            if len(text.strip()) >= shortest:
                yield f"{table}.{column}", text


def _fingerprints(vault: Vault) -> frozenset[str]:
    """Return every keyed fingerprint of the vault, those inside prints of names included."""
    kept = (str(row["fingerprint"]) for row in vault.rows("match_key"))
    return frozenset(one for text in kept for one in re.split("[;,]", text) if len(one) >= 8)


_MARKS_OF_A_LIST = (r"[;|\n]", r"[;|,\n]", r"\s+")
_ANY_MARK = re.compile(r"[;|,\s]")


def _lists_labels(text: str, public: frozenset[str]) -> bool:
    """Return whether a text is a label of the codebook, or a list of some and nothing else."""
    folded = fold(text)
    if not folded or folded in public:
        return True
    if not _ANY_MARK.search(text):
        return False
    # Most texts are settled by their first part: the others are not read.
    cut = (map(fold, re.split(mark, text)) for mark in _MARKS_OF_A_LIST)
    return any(all(part in public or not part for part in parts) for parts in cut)


def _is_in_a_label(text: str, labels: str) -> bool:
    """Return whether a text is some whole words of one label; `labels` are folded, one a line."""
    sought = fold(text)
    return sought in labels and bool(re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", labels))


def _public_vocabulary(book: Codebook) -> frozenset[str]:
    return frozenset(
        fold(text)
        for code_list in book.code_lists.values()
        for code in code_list.codes.values()
        for text in (code.code, code.label_en, code.label_ru, *code.also_seen)
    )
