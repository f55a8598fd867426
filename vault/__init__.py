"""The private store: one encrypted file, its keys, its custody log and its memory of earlier releases."""

from .backup import Backup, backup_vault, restore_vault
from .consent import Decision, DueConsent, consents_due, record_consent
from .custody import ChainFault, append_custody, broken_links, chain_faults
from .evidence import EvidenceCheck, Registered, add_evidence, check_evidence
from .keys import STANDARD_COST, KeyCost, is_weak, key_file_digest, resolve_passphrase
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
from .migrations import Migration
from .opening import create_vault, integrity_faults, open_vault
from .private_files import require_free, write_private
from .process import Swap, guard_process, swap_state
from .receipts import (
    broken_receipts,
    is_signed,
    parse_receipt,
    receipt_faults,
    receipt_text,
    runs_without_receipt,
    signed_receipts,
    write_receipt,
)
from .store import Vault, codes_text
from .trustees import (
    add_trustee,
    change_passphrase,
    remove_trustee,
    repair_trustees,
    slots_differ,
    trustee_slots,
)
from .upgrading import Upgrade, upgrade_vault
from .withdrawal import PARTLY_WITHDRAWN, Withdrawal, texts_in, withdraw_person, withdraw_source

__all__ = [
    "PARTLY_WITHDRAWN",
    "STANDARD_COST",
    "Amount",
    "Backup",
    "ChainFault",
    "Decision",
    "DueConsent",
    "EvidenceCheck",
    "KeyCost",
    "Migration",
    "Printed",
    "Registered",
    "ReleaseEntry",
    "Remembered",
    "Swap",
    "Upgrade",
    "Vault",
    "Withdrawal",
    "add_evidence",
    "add_trustee",
    "append_custody",
    "backup_vault",
    "broken_links",
    "broken_receipts",
    "chain_faults",
    "change_passphrase",
    "check_evidence",
    "codes_text",
    "consents_due",
    "create_vault",
    "earlier_releases",
    "guard_process",
    "integrity_faults",
    "is_signed",
    "is_weak",
    "key_file_digest",
    "open_vault",
    "parse_receipt",
    "persons_of_last_release",
    "printed_cells",
    "receipt_faults",
    "receipt_text",
    "record_consent",
    "record_release",
    "released_amounts",
    "released_records",
    "releases_that_counted",
    "remove_trustee",
    "repair_trustees",
    "require_free",
    "resolve_passphrase",
    "restore_vault",
    "runs_without_receipt",
    "signed_receipts",
    "slots_differ",
    "swap_state",
    "texts_in",
    "trustee_slots",
    "upgrade_vault",
    "withdraw_person",
    "withdraw_source",
    "write_private",
    "write_receipt",
]
