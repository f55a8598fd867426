"""The fingerprints of the persons of a batch, kind by kind: the same as `match_keys` makes one by one."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from ingest.duplicates import Comparison
from ingest.values import document_key, handle_key, name_key, phone_key
from vault import Vault

from .columns import Column

JOINING_KINDS = ("person_code", "document", "phone_name", "name_birth")
_REMEMBERED = 30_000  # distinct names


class PersonPrints:
    """Makes the fingerprints of columns of persons under the key of one vault."""

    def __init__(self, vault: Vault, code_space: str) -> None:
        self._code_space = code_space
        kinds = ("document", "handle", "phone", "name", "phone_name", "name_birth")
        self._made = {kind: vault.fingerprints(kind) for kind in kinds}
        self._made["person_code"] = vault.fingerprints("person_code", code_space)
        self._comparison = Comparison(vault)
        self._name_key = lru_cache(maxsize=_REMEMBERED)(name_key)

    def of(self, person: dict[str, Column], rows: int) -> dict[str, Column]:
        """Return kind -> a fingerprint a row, None where a row has none.

        Args:
            person: Field -> its clean values, in the order of the rows.
        """
        blank: Column = [None] * rows
        found: dict[str, Column] = {}

        def add(kind: str, texts: Sequence[str | None], name: str = "") -> None:
            if any(texts):
                found[name or kind] = _where(texts, self._made[kind])

        if "external_id" in person and self._code_space:
            add("person_code", [str(one).strip() if one else None for one in person["external_id"]])
        if "document_number" in person:
            add("document", [document_key(one) if one else None for one in person["document_number"]])
        for field in ("social_handle", "email"):
            if field in person:
                add("handle", [handle_key(one) if one else None for one in person[field]], f"handle {field}")
        phones = [phone_key(one) if one else "" for one in person["phone"]] if "phone" in person else blank
        add("phone", phones)
        patronymics = person.get("patronymic", blank)
        written = person.get("name", blank)
        names = [
            self._name_key(f"{one} {two}" if one and two else one or two) if one or two else ""
            for one, two in zip(written, patronymics, strict=True)
        ]
        full = [one if " " in one else "" for one in names]
        add("name", full)
        add("phone_name", _paired(phones, full))
        born = person.get("date_of_birth", blank)
        exact = [
            day if precision == "day" else None
            for day, precision in zip(born, person.get("date_of_birth_precision", blank), strict=True)
        ]
        add("name_birth", _paired(full, exact))
        found["name_parts"] = [
            self._comparison.of_name(one, two or "") or None if one else None
            for one, two in zip(written, patronymics, strict=True)
        ]
        found["birth"] = [self._comparison.of_birth(day) if day else None for day in exact]
        return {kind: column for kind, column in found.items() if any(column)}


def _paired(left: Column, right: Column) -> list[str]:
    """Return the texts of two columns together, empty where one of them is missing."""
    return [f"{one}\x1f{two}" if one and two else "" for one, two in zip(left, right, strict=True)]


def _where(texts: Sequence[str | None], made: Callable[[Sequence[str]], list[str]]) -> Column:
    """Return the fingerprints of the texts that there are, None for the others."""
    if all(texts):
        return list(made(texts))  # type: ignore[arg-type]
    prints = iter(made([text for text in texts if text]))
    return [next(prints) if text else None for text in texts]
