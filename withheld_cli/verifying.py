"""`withheld verify`: whether everything private and public is as Withheld left it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .output import print_result, workspace_options
from .progress import progress
from .unfinished import compare_releases
from .workspace import load_workspace

if TYPE_CHECKING:
    from vault import Vault


@click.command()
@workspace_options
def verify(directory: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Check the vault's pages, the custody chain, receipts, trustees' slots, and every published file.

    Example:  withheld verify -w ourgroup
    """
    from vault import swap_state

    workspace = load_workspace(directory)
    with workspace.open_vault(passphrase_file) as vault, progress("checking"):
        private = _private(vault)
        releases = compare_releases(workspace, vault)
    warning = swap_state().warning()
    result = {**private, **releases.as_dict(), "swap_warning": warning}
    lines = [*_lines(private), *releases.lines(), *([f"warning:  {warning}"] if warning else [])]
    failed = ("vault_faults", "custody_broken_at", "receipts_broken", "trustees_file_differs")
    has_faults = releases.has_faults or any(private[name] for name in failed)
    lines.append("verdict:  look at what is told above" if has_faults else "verdict:  all is as it was left")
    print_result(result, lines, as_json=as_json)
    if has_faults:
        raise click.exceptions.Exit(1)


def _private(vault: "Vault") -> dict[str, Any]:
    """Return what is found in the vault."""
    from vault import (  # fmt: skip
        broken_receipts,
        chain_faults,
        integrity_faults,
        runs_without_receipt,
        slots_differ,
        trustee_slots,
    )

    from .clock import entries_set_back

    differ = slots_differ(vault)
    faults = chain_faults(vault)
    return {
        "vault_faults": integrity_faults(vault),
        "custody_entries": vault.count("custody"),
        "custody_broken_at": sorted({fault.seq for fault in faults}),
        "custody_faults": [{"entry": fault.seq, "kind": fault.kind} for fault in faults],
        "custody_clock_set_back_at": entries_set_back(vault),
        "receipts": vault.count("receipt"),
        "receipts_broken": broken_receipts(vault),
        "runs_before_receipts": len(runs_without_receipt(vault)),
        "trustees": len(trustee_slots(vault)),
        "trustees_file_differs": differ,
    }


def _lines(result: dict[str, Any]) -> list[str]:
    faults, broken = result["vault_faults"], result["receipts_broken"]
    links = [f"{one['entry']} ({one['kind']})" for one in result["custody_faults"]]
    earlier = result["runs_before_receipts"]
    without = f"; {earlier} runs are from before there were receipts" if earlier else ""
    differ = "private/vault.keys is not as the vault remembers it: `withheld vault trustee repair`"
    return [
        f"vault:    {'whole' if not faults else f'{faults} faults: restore a backup'}",
        f"custody:  {result['custody_entries']} entries, "
        + (f"broken at {', '.join(links)}" if links else "unbroken"),
        *(
            f"clock:    it was set back before entry {seq}; the order of the entries is right"
            for seq in result["custody_clock_set_back_at"]
        ),
        f"receipts: {result['receipts']}, "
        + (f"broken: {', '.join(broken)}" if broken else "all hold")
        + without,
        f"trustees: {result['trustees']}" + (f"; {differ}" if result["trustees_file_differs"] else ""),
    ]
