"""Rounding and suppression of linked tables, each attacked on every cell."""

import json
import sys
from typing import Any

from benchmarks.bars import judged
from benchmarks.model import Setting, Table
from benchmarks.process import ROOT, required

PLANS = ("coarse", "full", "suppression:coarse", "suppression:full", "big")
COLUMNS = (
    "plan",
    "cells",
    "protecting s",
    "attack s",
    "what it costs the numbers",
    "attack finds",
    "peak MB",
    "bar",
)


def measure(setting: Setting) -> list[Table]:
    """Run `tables.py` on the plans of the reference data."""
    setting.reference()
    rows = []
    for plan in PLANS[:1] if setting.quick else PLANS:
        said = required([sys.executable, ROOT / "benchmarks" / "tables.py", plan]).said
        rows.append(_row(plan, json.loads(said.splitlines()[-1])))
    if setting.rivals:
        command = [
            setting.rivals,
            ROOT / "benchmarks" / "tables_rival.py",
            setting.reference() / "bench" / "tables",
        ]
        rows.append(_rival(json.loads(required(command).said.splitlines()[-1])))
    note = (
        "Processor seconds; `attack finds`: cells that are exact or too narrow. The rival takes each table "
        "of `coarse` by itself: cells that two tables share are not held together; an attack uses that."
    )
    return [Table("2,000 invented cases, eleven linked tables; `big`: 9,000 cases", COLUMNS, rows, note)]


def _row(plan: str, found: dict[str, Any]) -> tuple[str, ...]:
    hidden = found.get("method") == "suppression"
    seconds = found["suppression_processor_seconds" if hidden else "rounding_processor_seconds"]
    attack = found.get("attack_processor_seconds")
    cost = (
        f"{found['hidden_share_of_non_zero']:.1%} withheld"
        if hidden
        else f"mean error {found['mean_error']}, none over {found['max_error']}"
    )
    narrow = found.get("exact_or_too_narrow", found.get("too_narrow", "not attacked"))
    if plan == "big":
        bar = judged("tables memory", found["peak_memory_mb"])
    else:
        name, total = ("suppression with audit", seconds + attack) if hidden else ("rounding", seconds)
        bar = f"{judged(name, total)}; {judged('tables memory', found['peak_memory_mb'])}"
    told = "" if attack is None else f"{attack}"
    return (
        plan,
        f"{found['cells']:,}",
        f"{seconds}",
        told,
        cost,
        f"{narrow}",
        f"{found['peak_memory_mb']}",
        bar,
    )


def _rival(found: dict[str, Any]) -> tuple[str, ...]:
    cost = f"{found['hidden_share_of_non_zero']:.1%} withheld"
    figures = (f"{found['cells']:,}", found["seconds"], "", cost, "not attacked", found["peak_memory_mb"])
    return "tau-ARGUS (pytauargus), suppression:coarse, unlinked", *map(str, figures), "rival"
