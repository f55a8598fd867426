"""The private store: one encrypted file, its keys, its custody log and its memory of earlier releases."""

from .consent import Decision, DueConsent, consents_due, record_consent
from .custody import ChainFault, append_custody, broken_links, chain_faults
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
from .opening import create_vault, integrity_faults, open_vault
from .store import Vault
from .withdrawal import PARTLY_WITHDRAWN, Withdrawal, texts_in, withdraw_person, withdraw_source

__all__ = [
    "PARTLY_WITHDRAWN",
    "STANDARD_COST",
    "Amount",
    "ChainFault",
    "Decision",
    "DueConsent",
    "KeyCost",
    "Printed",
    "ReleaseEntry",
    "Remembered",
    "Vault",
    "Withdrawal",
    "append_custody",
    "broken_links",
    "chain_faults",
    "consents_due",
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
