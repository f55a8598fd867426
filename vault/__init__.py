"""The private store: one encrypted file, its keys, its custody log and its memory of earlier releases."""

from .consent import PARTLY_WITHDRAWN, Withdrawal, record_consent, texts_in, withdraw_person, withdraw_source
from .custody import append_custody, broken_links
from .keys import STANDARD_COST, KeyCost, resolve_passphrase
from .ledger import (
    Amount,
    Printed,
    ReleaseEntry,
    Remembered,
    earlier_releases,
    persons_of_last_release,
    printed_cells,
    record_release,
    released_amounts,
    released_records,
    releases_that_counted,
)
from .store import Vault, create_vault, integrity_faults, open_vault

__all__ = [
    "PARTLY_WITHDRAWN",
    "STANDARD_COST",
    "Amount",
    "KeyCost",
    "Printed",
    "ReleaseEntry",
    "Remembered",
    "Vault",
    "Withdrawal",
    "append_custody",
    "broken_links",
    "create_vault",
    "earlier_releases",
    "integrity_faults",
    "open_vault",
    "persons_of_last_release",
    "printed_cells",
    "record_consent",
    "record_release",
    "released_amounts",
    "released_records",
    "releases_that_counted",
    "resolve_passphrase",
    "texts_in",
    "withdraw_person",
    "withdraw_source",
]
