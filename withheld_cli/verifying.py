"""`withheld verify`: whether everything private and public is as Withheld left it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codebook import Verdict

from .output import print_result, progress, workspace_options
from .workspace import Workspace, load_workspace

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
        private, remembered = _private(vault)
    public = _public(workspace, remembered)
    result = {**private, **public, "swap_warning": swap_state().warning()}
    print_result(result, _lines(result), as_json=as_json)
    failed = (
        "vault_faults", "custody_broken_at", "receipts_broken", "trustees_file_differs", "releases_changed",
        "releases_unknown_to_vault",
    )  # fmt: skip
    if any(result[name] for name in failed):
        raise click.exceptions.Exit(1)


def _private(vault: "Vault") -> tuple[dict[str, Any], set[str]]:
    """Return what is found in the vault, and the releases that it remembers."""
    from vault import (  # fmt: skip
        broken_receipts,
        chain_faults,
        earlier_releases,
        integrity_faults,
        slots_differ,
        trustee_slots,
    )

    differ = slots_differ(vault)
    faults = chain_faults(vault)
    found = {
        "vault_faults": integrity_faults(vault),
        "custody_entries": vault.count("custody"),
        "custody_broken_at": sorted({fault.seq for fault in faults}),
        "custody_faults": [{"entry": fault.seq, "kind": fault.kind} for fault in faults],
        "receipts": vault.count("receipt"),
        "receipts_broken": broken_receipts(vault),
        "trustees": len(trustee_slots(vault)),
        "trustees_file_differs": differ,
    }
    return found, set(earlier_releases(vault))


def _public(workspace: Workspace, remembered: set[str]) -> dict[str, Any]:
    from anonymize.audit import CHECKS, audit_release

    only_sums = {"checksums": CHECKS["checksums"]}
    present = {
        path.name: audit_release(path, checks=only_sums).verdict for path in workspace.release_folders()
    }
    return {
        "releases": len(present),
        "releases_changed": sorted(name for name, verdict in present.items() if verdict is not Verdict.PASS),
        "releases_unknown_to_vault": sorted(set(present) - remembered),
        "releases_missing": sorted(remembered - set(present)),
    }


def _lines(result: dict[str, Any]) -> list[str]:
    faults, broken = result["vault_faults"], result["receipts_broken"]
    links = [f"{one['entry']} ({one['kind']})" for one in result["custody_faults"]]
    differ = "private/vault.keys is not as the vault remembers it: `withheld vault trustee repair`"
    changed = result["releases_changed"]
    lines = [
        f"vault:    {'whole' if not faults else f'{faults} faults: restore a backup'}",
        f"custody:  {result['custody_entries']} entries, "
        + (f"broken at {', '.join(links)}" if links else "unbroken"),
        f"receipts: {result['receipts']}, " + (f"broken: {', '.join(broken)}" if broken else "all hold"),
        f"trustees: {result['trustees']}" + (f"; {differ}" if result["trustees_file_differs"] else ""),
        f"releases: {result['releases']}, "
        + (f"changed: {', '.join(changed)}" if changed else "as published"),
    ]
    lines += [f"unknown to the vault: {name}" for name in result["releases_unknown_to_vault"]]
    lines += [f"not in public/:       {name}" for name in result["releases_missing"]]
    if result["swap_warning"]:
        lines.append(f"warning:  {result['swap_warning']}")
    return lines
