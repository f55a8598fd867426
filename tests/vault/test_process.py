"""An open vault does not wait for ever, and what the computer may leave of it on a disk is told."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from codebook import VaultError
from tests.vault_factory import CHEAP, PASSPHRASE, new_vault
from vault import Vault, open_vault
from vault.process import Swap, swap_state

HEAD = "Filename Type Size Used Priority\n"


def opened(folder: Path, *, lock_after_seconds: float) -> Vault:
    new_vault(folder).close()
    path = folder / "private" / "vault.db"
    return open_vault(path, PASSPHRASE, cost=CHEAP, lock_after_seconds=lock_after_seconds)


def nobody_answers(vault: Vault) -> None:
    """Ask a person who is not there; ends when the vault is locked."""
    with vault.waiting_for_a_person():
        for _ in range(2000):
            if not vault.access.raw_key:
                return
            time.sleep(0.01)


def test_a_vault_that_waits_too_long_for_a_person_is_locked_and_forgets_its_key(tmp_path):
    with opened(tmp_path, lock_after_seconds=0.01) as vault:
        vault.fingerprint("a text")
        nobody_answers(vault)
        for use in (
            lambda: vault.count("person"),
            lambda: vault.new_id(),
            lambda: vault.fingerprint("a text"),
            lambda: vault.rounding_key,
            lambda: vault.database.conn,
        ):
            with pytest.raises(VaultError, match="the vault was locked"):
                use()
        with pytest.raises(VaultError, match="the vault was locked"), vault.transaction():
            pass
        assert vault.access.raw_key == ""


def test_a_vault_that_is_locked_in_a_transaction_keeps_nothing_of_it(tmp_path):
    vault = opened(tmp_path, lock_after_seconds=0.01)
    with pytest.raises(VaultError, match="the vault was locked"), vault.transaction():
        vault.insert("incident", [{"incident_id": "1"}])
        nobody_answers(vault)
        vault.insert("incident", [{"incident_id": "2"}])
    with open_vault(tmp_path / "private" / "vault.db", PASSPHRASE, cost=CHEAP) as again:
        assert again.count("incident") == 0


def test_an_answer_in_time_leaves_the_vault_open(tmp_path):
    with opened(tmp_path, lock_after_seconds=600) as vault:
        with vault.waiting_for_a_person():
            pass
        assert vault.count("incident") == 0
        assert vault.access.raw_key


def test_work_that_waits_for_nobody_is_never_locked(tmp_path):
    with opened(tmp_path, lock_after_seconds=0.001) as vault:
        time.sleep(0.05)
        assert vault.count("incident") == 0


def test_a_guarded_process_leaves_no_core_and_cannot_be_read_by_others():
    script = (
        "import ctypes, resource, sys\n"
        "from vault.process import guard_process\n"
        "guard_process()\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "if sys.platform == 'linux':\n"
        "    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0\n"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root)


def system(folder: Path, swaps: str, **devices: dict[str, str]) -> Path:
    """Write a made-up /proc/swaps and the devices that it names; values by path below the device."""
    (folder / "proc").mkdir()
    (folder / "proc" / "swaps").write_text(HEAD + swaps, encoding="utf-8")
    for name, files in devices.items():
        for inside, text in files.items():
            path = folder / "sys" / "class" / "block" / name.replace("_", "-") / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("swaps", "devices", "expected"),
    [
        ("", {}, Swap(known=True)),
        ("/dev/nosuch9 partition 9 0 -2\n", {}, Swap(True, plain=1)),
        ("/dev/zram0 partition 9 0 5\n", {"zram0": {"backing_dev": "none"}}, Swap(True, in_memory=1)),
        ("/dev/zram0 partition 9 0 5\n", {"zram0": {"backing_dev": "/dev/sda3"}}, Swap(True, plain=1)),
        ("/dev/dm-1 partition 9 0 5\n", {"dm_1": {"dm/uuid": "CRYPT-PLAIN-swap"}}, Swap(True, encrypted=1)),
        ("/dev/dm-1 partition 9 0 5\n", {"dm_1": {"dm/uuid": "LVM-abc"}}, Swap(True, plain=1)),
        (
            "/dev/dm-2 partition 9 0 5\n",
            {"dm_2": {"dm/uuid": "LVM-abc", "slaves/dm-1/dm/uuid": "CRYPT-LUKS2-abc"}},
            Swap(True, encrypted=1),
        ),
        (
            "/dev/dm-2 partition 9 0 5\n",
            {"dm_2": {"slaves/dm-1/dm/uuid": "CRYPT-LUKS2-abc", "slaves/sda/size": "9"}},
            Swap(True, plain=1),
        ),
        ("/no\\040such\\040file file 9 0 -2\n", {}, Swap(True, plain=1)),
    ],
)  # fmt: skip
def test_memory_encrypted_and_plain_swap_are_told_apart(tmp_path, monkeypatch, swaps, devices, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    found = swap_state(system(tmp_path, swaps, **devices))
    assert found == expected
    assert bool(found.warning()) is (expected.plain > 0)


def test_a_system_that_does_not_tell_its_swap_is_not_taken_for_safe(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert "not known" in swap_state(tmp_path).warning()
    monkeypatch.setattr(sys, "platform", "darwin")  # encrypts its swap by itself
    assert swap_state(tmp_path) == Swap(known=True)
