"""From a passphrase to the vault's key; SQLCipher's own derivation is not memory-hard, so it is not used.

The salt is the first 16 bytes of the vault file, where SQLCipher keeps it: no second private file exists.
"""

import getpass
import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from codebook import UsageError

SALT_BYTES = 16
PASSPHRASE_VARIABLE = "WITHHELD_PASSPHRASE"  # noqa: S105 (the name of the variable, not a secret)
MINIMUM_PASSPHRASE_LENGTH = 4  # the demo's own; a real group is told to use six words or more


@dataclass(frozen=True)
class KeyCost:
    """What one guess at a passphrase costs: scrypt's parameters.

    Attributes:
        n: Work and memory factor; memory is 128 * r * n bytes.
        r: Block size.
        p: Parallelism.
    """

    n: int = 2**17  # with r = 8: 128 MiB a guess (RFC 7914; OWASP's highest row)
    r: int = 8
    p: int = 1


STANDARD_COST = KeyCost()


def derive_key(passphrase: str, salt: bytes, cost: KeyCost = STANDARD_COST) -> str:
    """Return the raw key for `PRAGMA key` as hexadecimal digits: 32 bytes of key, then the salt.

    Source: RFC 7914 (scrypt); SQLCipher API, "raw key with explicit salt".
    """
    memory = 128 * cost.r * cost.n * 2
    key = hashlib.scrypt(
        passphrase.encode("utf-8"), salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=32
    )
    return key.hex() + salt.hex()


def fingerprint(key: bytes, parts: tuple[str, ...]) -> str:
    """Return a keyed fingerprint of several texts, 32 hexadecimal digits; the texts cannot be found back.

    Source: BLAKE2b with a key (RFC 7693).
    """
    message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(message, digest_size=16, key=key).hexdigest()


def resolve_passphrase(passphrase_file: Path | None, *, fallback: str = "", confirm: bool = False) -> str:
    """Return the passphrase from the file, the environment or a prompt on a terminal, in this order.

    Args:
        fallback: Used where none of them has one; only the demo passes it.
        confirm: Ask twice, for a new vault.

    Raises:
        UsageError: There is none, the file cannot be read, or it is too short.
    """
    passphrase = _read(passphrase_file) if passphrase_file else os.environ.get(PASSPHRASE_VARIABLE, "")
    if not passphrase and fallback:
        passphrase = fallback
    if not passphrase and sys.stdin.isatty():
        passphrase = _ask(confirm=confirm)
    if not passphrase:
        raise UsageError(
            "no passphrase was given",
            remedy=f"use --passphrase-file FILE or set {PASSPHRASE_VARIABLE}, or run it on a terminal",
        )
    if len(passphrase) < MINIMUM_PASSPHRASE_LENGTH:
        raise UsageError("the passphrase is too short", remedy="use six random words or more")
    return passphrase


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the passphrase file cannot be read", remedy="give --passphrase-file a readable text file"
        ) from error


def _ask(*, confirm: bool) -> str:
    passphrase = getpass.getpass("Passphrase: ")
    if confirm and getpass.getpass("The same again: ") != passphrase:
        raise UsageError("the two passphrases differ", remedy="run the command again")
    return passphrase
