"""From a passphrase to the vault's key; SQLCipher's own derivation is not memory-hard, so it is not used.

The salt is the first 16 bytes of the vault file, where SQLCipher keeps it: no second private file exists.
"""

import getpass
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from codebook import UsageError
from codebook.small_file import read_small_file

SALT_BYTES = 16
PASSPHRASE_VARIABLE = "WITHHELD_PASSPHRASE"  # noqa: S105 (the name of the variable, not a secret)
KEY_FILE_VARIABLE = "WITHHELD_KEY_FILE"
NEW_PASSPHRASE_LENGTH = 12  # characters; six random words have 25 and more
LARGEST_PASSPHRASE_FILE = 65_536  # bytes; a device without end is no passphrase
SMALLEST_KEY_FILE = 32  # bytes; fewer could be tried one after another


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


def derive_key(
    passphrase: str, salt: bytes, cost: KeyCost = STANDARD_COST, *, key_file_sha256: bytes = b""
) -> str:
    """Return the raw key for `PRAGMA key` as hexadecimal digits: 32 bytes of key, then the salt.

    Args:
        key_file_sha256: Digest of the key file, the second factor; empty where there is none.

    Source: RFC 7914 (scrypt); SQLCipher API, "raw key with explicit salt".
    """
    secret = passphrase.encode("utf-8", "surrogatepass")
    if key_file_sha256:
        secret = b"withheld key file\x00" + key_file_sha256 + secret
    memory = 128 * cost.r * cost.n * 2
    key = hashlib.scrypt(secret, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=32)
    return key.hex() + salt.hex()


def key_file_digest(path: Path | None) -> bytes:
    """Return the SHA-256 of the key file that is named or that the environment names; empty without one.

    Raises:
        UsageError: The file cannot be read, or is too small to be a secret.
    """
    named = path or (Path(os.environ[KEY_FILE_VARIABLE]) if os.environ.get(KEY_FILE_VARIABLE) else None)
    if named is None:
        return b""
    try:
        if not named.is_file():
            raise OSError  # a device never ends
        with named.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        size = named.stat().st_size
    except OSError as error:
        raise UsageError(
            "the key file cannot be read",
            remedy=f"bring the medium that holds it, or check --key-file and {KEY_FILE_VARIABLE}",
        ) from error
    if size < SMALLEST_KEY_FILE:
        raise UsageError(
            f"the key file is smaller than {SMALLEST_KEY_FILE} bytes",
            remedy="make one with: head -c 64 /dev/urandom > FILE",
        )
    return digest


def is_weak(passphrase: str) -> bool:
    """Return whether a new passphrase may be guessed in spite of what a guess costs."""
    return len(passphrase) < NEW_PASSPHRASE_LENGTH


def fingerprint(key: bytes, parts: tuple[str, ...]) -> str:
    """Return a keyed fingerprint of several texts, 32 hexadecimal digits; the texts cannot be found back.

    Source: BLAKE2b with a key (RFC 7693).
    """
    message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(message, digest_size=16, key=key).hexdigest()


def many_fingerprints(key: bytes, parts: tuple[str, ...]) -> Callable[[Iterable[str]], list[str]]:
    """Return what makes `fingerprint(key, (*parts, text))` of many texts: key and parts are taken in once."""
    begun = hashlib.blake2b("".join(f"{part}\x1f" for part in parts).encode(), digest_size=16, key=key)

    def made(texts: Iterable[str]) -> list[str]:
        found = []
        for text in texts:
            one = begun.copy()
            one.update(text.encode("utf-8", "surrogatepass"))
            found.append(one.hexdigest())
        return found

    return made


def resolve_passphrase(
    passphrase_file: Path | None,
    *,
    fallback: str = "",
    confirm: bool = False,
    variable: str = PASSPHRASE_VARIABLE,
    question: str = "Passphrase: ",
    ask: Callable[[str], str] | None = None,
) -> str:
    """Return the passphrase from the file, the environment or a prompt on a terminal, in this order.

    Args:
        fallback: Used where none of them has one; only the demo passes it.
        confirm: It is a new one: at a prompt, ask twice and refuse a weak one.
        variable: Of the environment; another one for a trustee's or a new passphrase.
        ask: How a question is put, without showing the answer; in English by default.

    Raises:
        UsageError: There is none, the file cannot be read, or it is too short.
    """
    passphrase = _read(passphrase_file) if passphrase_file else os.environ.get(variable, "")
    if not passphrase and fallback:
        passphrase = fallback
    if not passphrase and sys.stdin.isatty():
        passphrase = _ask(ask or getpass.getpass, question, confirm=confirm)
        if confirm and is_weak(passphrase):
            raise UsageError(
                f"the passphrase is shorter than {NEW_PASSPHRASE_LENGTH} characters",
                remedy="take six random words; write them down and keep them apart from this machine",
            )
    if not passphrase:
        raise UsageError(
            "no passphrase was given",
            remedy=f"run it in a terminal, which asks; or set {variable}, or name a file with it",
        )
    return passphrase


def _read(path: Path) -> str:
    try:
        return read_small_file(path, largest=LARGEST_PASSPHRASE_FILE).decode("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the passphrase file cannot be read", remedy="give a readable text file with one line"
        ) from error


def _ask(ask: Callable[[str], str], question: str, *, confirm: bool) -> str:
    passphrase = ask(question)
    if confirm and ask("The same again: ") != passphrase:
        raise UsageError(
            "the two passphrases differ", remedy="run the command again, and type the same twice"
        )
    return passphrase
