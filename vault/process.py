"""What this process and this computer may leave of an open vault: core dumps, other readers, swap.

Only Linux tells which swap it has and lets a process refuse to be read; what is not known is said to be so.
"""

import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_DUMPABLE = 4  # prctl(2)


def guard_process() -> None:
    """Keep the memory of this process out of crash files and, on Linux, from other programs of this user."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


@dataclass(frozen=True)
class Swap:
    """What is known of the swap of this computer, in numbers of swap areas.

    Attributes:
        known: Whether the system said which swap there is.
        plain: Areas that are on a disk and not known to be encrypted.
        encrypted: Areas on dm-crypt.
        in_memory: Areas of compressed memory (zram) that never reach a disk.
    """

    known: bool
    plain: int = 0
    encrypted: int = 0
    in_memory: int = 0

    def warning(self) -> str:
        """Return what to tell the data officer; empty where nothing is to be told."""
        if self.plain:
            return (
                f"{self.plain} swap areas of this computer are not known to be encrypted: pages of the open "
                "vault can reach the disk; encrypt the swap, or use zram, or turn it off (swapoff -a)"
            )
        if not self.known:
            return "it is not known whether the swap of this computer is encrypted: encrypt the whole disk"
        return ""


def swap_state(root: Path = Path("/")) -> Swap:
    """Return what the system says of its swap.

    Args:
        root: Folder that holds `proc` and `sys`.

    Source: proc(5), /proc/swaps; the uuid of a device-mapper target begins with CRYPT- where it is dm-crypt.
    """
    if sys.platform == "darwin":
        return Swap(known=True)  # macOS encrypts its swap
    try:
        lines = (root / "proc" / "swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return Swap(known=False)
    kinds = [_kind(line, root) for line in lines if line.strip()]
    return Swap(True, kinds.count("plain"), kinds.count("encrypted"), kinds.count("in_memory"))


def _kind(line: str, root: Path) -> str:
    """Return what one line of /proc/swaps is: plain, encrypted or in_memory."""
    # The name comes first and writes a blank as \\040; type, size, used and priority follow.
    name, kind = line.split()[:2]
    blocks = root / "sys" / "class" / "block"
    if kind == "file":
        return "encrypted" if _is_encrypted(_device_below(name.replace("\\040", " "), root)) else "plain"
    try:
        device = Path(name).resolve().name
    except OSError:
        device = Path(name).name
    if device.startswith("zram"):
        backing = _text(blocks / device / "backing_dev")
        return "in_memory" if backing in {"", "none"} else "plain"
    return "encrypted" if _is_encrypted(blocks / device) else "plain"


def _device_below(name: str, root: Path) -> Path:
    """Return the folder in which the system describes the device that a swap file lies on."""
    import os

    try:
        number = Path(name).stat().st_dev
    except OSError:
        return root / "sys" / "nothing"
    return root / "sys" / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"


def _is_encrypted(device: Path) -> bool:
    """Whether a device is dm-crypt, or lies on such devices only (a logical volume)."""
    if _text(device / "dm" / "uuid").startswith("CRYPT-"):
        return True
    try:
        below = sorted((device / "slaves").iterdir())
    except OSError:
        return False
    return bool(below) and all(_is_encrypted(one) for one in below)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
