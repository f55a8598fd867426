"""Command lines that nobody should type: every command and option, with values of every wrong kind."""

import importlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from withheld import COMMANDS

STRANGE = (
    "", " ", "-", "--", "---", "-1", "0", "1", "3.5", "1e400", "9" * 400, "-" + "9" * 40, "nan", "inf",
    "\\x00", "\u2400", "\u202eabc", "a\nb", "\udcff\udcfe", "канарейка?", "é" * 300, "x" * 5000, "%s%n",
    "{0}", "$(id)", "None",
    "'; DROP TABLE person; --", "../..", "../../etc/passwd", "/proc", ".", "..", "/dev/null", "/dev/full",
    "/proc/self/mem",
    "CON", "*", "?", "~", "--help", "--json", "-w", "=", "a=b", "2026-13-45", "0000-00-00", "2026-01-01",
    "\U0001f426",
)  # fmt: skip
NUMBERS = ("0", "1", "2", "5", "30", "-1", "1.5", "0.2", "65536", "10" * 20, "x")
RARE = {
    "demo": 0.003,
    "synthesize": 0.03,
    "release": 0.02,
    "template": 0.1,
    "duplicates": 0.05,
}  # they cost seconds


@dataclass(frozen=True)
class Line:
    """One command line, and the paths that it names: only there may anything be written."""

    words: list[str]
    paths: list[str]


def leaves() -> list[tuple[tuple[str, ...], click.Command]]:
    """Return every command that does something, with its whole name."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, (module, _) in COMMANDS.items():
        found += _leaves((name,), getattr(importlib.import_module(f"withheld_cli.{module}"), name))
    return found


def _leaves(name: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for part, inner in command.commands.items():
            yield from _leaves((*name, part), inner)
    else:
        yield name, command


def hostile_line(dice: random.Random, files: list[Path], workspace: Path) -> Line:
    """Return one command line.

    Args:
        files: Files and folders of many kinds that are there.
        workspace: Of a group, which most lines name, so that they get far.
    """
    name, command = dice.choice(leaves_of(dice))
    words, paths = list(name), [str(workspace)]
    for parameter in command.params:
        if parameter.name == "directory" and "-w" in parameter.opts:
            if dice.random() < 0.95:
                words += ["-w", str(workspace)]
                continue
        elif isinstance(parameter, click.Option) and dice.random() < (0.2 if parameter.required else 0.7):
            continue
        for _ in range(dice.choice([1, 1, 1, 2]) if parameter.nargs == -1 else 1):
            value = _value(dice, parameter, files)
            paths.append(value)
            words += _written(dice, parameter, value)
    if dice.random() < 0.1:
        words.insert(dice.randrange(len(words) + 1), dice.choice(STRANGE))
    if dice.random() < 0.05:
        words = words[: dice.randrange(len(words) + 1)]
    return Line(words, [*paths, *words])


def leaves_of(dice: random.Random) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return the commands to choose from; those that cost seconds are seldom among them."""
    return [leaf for leaf in _ALL if dice.random() < RARE.get(leaf[0][0], 1.0)] or _ALL


def _value(dice: random.Random, parameter: click.Parameter, files: list[Path]) -> str:
    kind = parameter.type
    if dice.random() < 0.35:
        return dice.choice(STRANGE)
    if isinstance(kind, click.Choice):
        return str(dice.choice(list(kind.choices)))
    if isinstance(kind, click.Path):
        return str(dice.choice(files))
    if isinstance(kind, click.types.IntParamType | click.types.FloatParamType):
        return dice.choice(NUMBERS)
    return dice.choice(
        ["Case", "Age,Region", "desk", "first", "CANARY-1", "statistics", "G", *NUMBERS, *STRANGE]
    )


def _written(dice: random.Random, parameter: click.Parameter, value: str) -> list[str]:
    if not isinstance(parameter, click.Option):
        return [value]
    option = dice.choice([*parameter.opts, *parameter.secondary_opts])
    if parameter.is_flag:
        return [option] if dice.random() < 0.9 else [f"{option}={value}"]
    return [f"{option}={value}"] if option.startswith("--") and dice.random() < 0.5 else [option, value]


_ALL = leaves()
