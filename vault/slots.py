"""Key slots of trustees: a second passphrase opens the vault, and the main one can change without its owner.

A slot holds an X25519 public key, whose private half is encrypted under the trustee's own passphrase, and
the vault's raw key sealed to that public key. The slots lie in `vault.keys` beside the vault, a copy in it.
The scrypt salt is that of the vault, so that one derivation tries the main passphrase and every slot: a wrong
one costs the same whether there are slots or not.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from codebook import VaultDamaged

from .private_files import write_private

FORMAT = "withheld key slots 1"
SLOTS_FILE = "vault.keys"
REPAIR = "open the vault with the main passphrase and run `withheld vault trustee repair`"
_NONCE_BYTES = 12  # NIST SP 800-38D, 8.2
_NOBODY = "00" * 31 + "09"  # a slot that no passphrase opens; tried where there is none


@dataclass(frozen=True)
class Slot:
    """One trustee's way in; everything is hexadecimal, and nothing says who the trustee is.

    Attributes:
        number: What the group calls the slot by.
        private_key: Nonce and AES-GCM box of the X25519 private key, under the trustee's passphrase.
        sealed_keys: Boxes of the vault's raw key: two while the main passphrase changes, else one.
    """

    number: int
    added: str
    public_key: str
    private_key: str
    sealed_keys: tuple[str, ...]


def slots_path(vault_path: Path) -> Path:
    """Return where the slots of a vault lie."""
    return vault_path.with_name(SLOTS_FILE if vault_path.name == "vault.db" else f"{vault_path.name}.keys")


def slots_text(slots: tuple[Slot, ...]) -> str:
    """Return the slots as the text of their file; the same slots give the same text."""
    body = {"format": FORMAT, "slots": [asdict(slot) for slot in slots]}
    return _rendered({**body, "sha256": _digest(body)})


def parse_slots(text: str) -> tuple[Slot, ...]:
    """Return the slots of a text.

    Raises:
        VaultDamaged: A single bit of it is not as it was written.
    """
    try:
        read = json.loads(text)
        slots = tuple(Slot(**{**one, "sealed_keys": tuple(one["sealed_keys"])}) for one in read["slots"])
        whole = slots_text(slots) == text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise VaultDamaged(f"the file {SLOTS_FILE} is damaged; no trustee can open the vault", remedy=REPAIR)
    return slots


def read_slots(path: Path) -> tuple[Slot, ...]:
    """Return the slots in a file; none where there is no file.

    Raises:
        VaultDamaged: The file is not as it was written.
    """
    try:
        return parse_slots(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise VaultDamaged(f"the file {SLOTS_FILE} cannot be read", remedy=REPAIR) from None


def write_slots(path: Path, slots: tuple[Slot, ...]) -> None:
    """Write the slots beside the vault in one step, or remove the file where there are none."""
    if slots:
        write_private(path, slots_text(slots).encode("utf-8"))
    else:
        path.unlink(missing_ok=True)


def new_slot(number: int, added: str, derived: str, raw_key: str) -> Slot:
    """Return a slot that a trustee's derived key opens.

    Args:
        derived: What `derive_key` makes of the trustee's passphrase and the salt of the vault.
        raw_key: The key of the vault.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    box = _locked(_slot_key(derived, public), private.private_bytes_raw(), public)
    return Slot(number, added, public.hex(), box, (_sealed(public, raw_key),))


def resealed(slots: tuple[Slot, ...], *raw_keys: str) -> tuple[Slot, ...]:
    """Return the slots with these keys of the vault sealed to them; no trustee needs to be there."""
    return tuple(
        replace(slot, sealed_keys=tuple(_sealed(bytes.fromhex(slot.public_key), key) for key in raw_keys))
        for slot in slots
    )


def keys_within_reach(slots: tuple[Slot, ...], derived: str) -> list[str]:
    """Return the raw keys that a derived key unseals; a slot of nobody is tried where there is none."""
    nobody = Slot(0, "", _NOBODY, "00" * 60, ())
    return [key for slot in slots or (nobody,) for key in _unsealed(slot, derived)]


def _unsealed(slot: Slot, derived: str) -> list[str]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    public = bytes.fromhex(slot.public_key)
    found = []
    try:
        private = X25519PrivateKey.from_private_bytes(
            _unlocked(_slot_key(derived, public), slot.private_key, public)
        )
        for sealed in slot.sealed_keys:
            ephemeral, box = sealed[:64], sealed[64:]
            shared = private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(ephemeral)))
            found.append(_unlocked(_seal_key(shared, ephemeral, public), box, public).decode("ascii"))
    except (InvalidTag, ValueError):
        pass  # not this trustee's passphrase
    return found


def _sealed(public: bytes, raw_key: str) -> str:
    """Return the raw key sealed to a public key: ephemeral public key, nonce and box.

    Source: ECIES as in HPKE (RFC 9180), with X25519, HKDF-SHA256 and AES-256-GCM.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    private = X25519PrivateKey.generate()
    ephemeral = private.public_key().public_bytes_raw().hex()
    shared = private.exchange(X25519PublicKey.from_public_bytes(public))
    return ephemeral + _locked(_seal_key(shared, ephemeral, public), raw_key.encode("ascii"), public)


def _slot_key(derived: str, public: bytes) -> bytes:
    return _expanded(bytes.fromhex(derived[:64]), b"withheld slot 1" + public)


def _seal_key(shared: bytes, ephemeral: str, public: bytes) -> bytes:
    return _expanded(shared, b"withheld seal 1" + bytes.fromhex(ephemeral) + public)


def _expanded(secret: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret)


def _locked(key: bytes, message: bytes, bound_to: bytes) -> str:
    import secrets

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return (nonce + AESGCM(key).encrypt(nonce, message, bound_to)).hex()


def _unlocked(key: bytes, box: str, bound_to: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = bytes.fromhex(box)
    return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound_to)


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(_rendered(body).encode("utf-8")).hexdigest()


def _rendered(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=True, indent=1, sort_keys=True) + "\n"
