"""A small vault for tests: real encryption, cheap key derivation."""

from pathlib import Path

from vault import KeyCost, Vault, create_vault, open_vault

CHEAP = KeyCost(n=2**4)
PASSPHRASE = "six words that nobody would guess"


def new_vault(folder: Path) -> Vault:
    """Return an empty vault in a folder."""
    return create_vault(folder / "private" / "vault.db", PASSPHRASE, cost=CHEAP)


def reopened(folder: Path) -> Vault:
    """Return the vault of a folder, opened again."""
    return open_vault(folder / "private" / "vault.db", PASSPHRASE, cost=CHEAP)
