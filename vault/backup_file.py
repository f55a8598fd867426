"""The file of a backup: the pages of a vault, and behind them the slots of its trustees."""

import hashlib
import struct
from pathlib import Path
from typing import Any, Final

from codebook import UsageError, VaultDamaged

from .encrypted import PAGE_BYTES
from .private_files import create_private
from .slots import parse_slots, read_slots, slots_path

_MARK: Final = b"withheld slots 1"
_FOOT: Final = struct.Struct(f">Q{len(_MARK)}s")  # bytes of text, mark; at the very end of the file
_PIECE = 2**20


def append_slots(part: Path, text: bytes) -> None:
    """Put the slots behind the pages, filled up to a whole page, so that the file still opens as a vault."""
    room = -(len(text) + _FOOT.size) % PAGE_BYTES
    with part.open("ab") as file:
        file.write(text + bytes(room) + _FOOT.pack(len(text), _MARK))


def unpack_backup(file: Path, part: Path) -> Any:
    """Copy the pages of a backup beside the vault and return the slots that followed them."""
    if not file.is_file():
        raise UsageError("there is no backup of that name", remedy="name the file of `withheld vault backup`")
    size = file.stat().st_size
    if size < PAGE_BYTES or size % PAGE_BYTES:
        raise cut_backup()
    create_private(part)
    with file.open("rb") as source, part.open("wb") as target:
        source.seek(size - _FOOT.size)
        length, mark = _FOOT.unpack(source.read(_FOOT.size))
        text = ""
        if mark == _MARK:
            size -= length + _FOOT.size + -(length + _FOOT.size) % PAGE_BYTES
            if size < PAGE_BYTES:
                raise cut_backup()
            source.seek(size)
            text = source.read(length).decode("ascii", "replace")
            if source.read()[: -_FOOT.size].strip(b"\x00"):
                raise cut_backup()
        source.seek(0)
        while size:
            piece = source.read(min(_PIECE, size))
            size -= len(piece)
            target.write(piece)
    # A vault that was moved aside is a backup too; its slots lie beside it.
    return parse_slots(text) if text else read_slots(slots_path(file))


def cut_backup() -> VaultDamaged:
    """Return the error of a backup that is not whole."""
    return VaultDamaged("the backup is not whole", remedy="use another backup")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
