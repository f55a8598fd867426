"""The prints of a person that are kept for the comparison: parts of the name, date of birth."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from codebook.name_prints import NamePrinter
from vault import Vault

NAME_PARTS = "name_parts"
BIRTH = "birth"


class Comparison:
    """Makes the prints by which persons are compared, under the key of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._printer = _printer(vault.fingerprint("prints of names"))

    def of_name(self, name: str, patronymic: str) -> str:
        """Return the prints of a name, empty where nothing of it can be compared."""
        return self._printer.print_name(name, patronymic)

    def of_birth(self, day: str) -> str:
        """Return the prints of a date of birth (ISO)."""
        return birth_prints(self._printer, day)


def comparison_prints(vault: Vault, person: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the (kind, prints) pairs by which a person is compared with others."""
    made = Comparison(vault)
    found = []
    if person.get("name") and (
        parts := made.of_name(str(person["name"]), str(person.get("patronymic") or ""))
    ):
        found.append((NAME_PARTS, parts))
    if person.get("date_of_birth") and person.get("date_of_birth_precision") == "day":
        found.append((BIRTH, made.of_birth(str(person["date_of_birth"]))))
    return found


@lru_cache(maxsize=4)
def _printer(key: str) -> NamePrinter:
    return NamePrinter(key.encode("ascii"))


def birth_prints(printer: NamePrinter, day: str) -> str:
    """Return the print of a date of birth (ISO) and those of its slips; day and month may change places."""
    year, month, of_month = day.split("-")
    exact, slips = printer.print_text("birth", year + month + of_month)
    swapped = printer.print_slip("birth", year + of_month + month)
    return ";".join((exact, ",".join(sorted({*slips, swapped}))))
