"""The structure of the source, read from its syntax: modules, who imports whom, how long things are."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("codebook", "vault", "ingest", "anonymize", "reports")
Arrows = Mapping[str, frozenset[str]]  # who -> whom it imports


@dataclass(frozen=True)
class Function:
    """A function or method.

    Attributes:
        name: With its class, as in `Intake.take`.
        lines: Without its docstring and decorators.
    """

    name: str
    lines: int


@dataclass(frozen=True)
class Module:
    """One source file.

    Attributes:
        path: From the root of the repository.
        name: As it is imported; a package has the name of its folder.
    """

    path: str
    name: str
    lines: int
    functions: tuple[Function, ...]
    tree: ast.Module

    @property
    def is_window(self) -> bool:
        """Whether it is the front window of a folder."""
        return self.path.endswith("__init__.py")

    @property
    def folder(self) -> str:
        """The package that its relative imports start from."""
        return self.name if self.is_window else self.name.rpartition(".")[0]


@cache
def modules() -> Mapping[str, Module]:
    """Return every module of the program by its name; tests and benchmarks are none."""
    paths = [ROOT / "withheld.py", *(ROOT / "withheld_cli").rglob("*.py")]
    paths += [path for stage in STAGES for path in (ROOT / stage).rglob("*.py")]
    found = [read_module(path) for path in sorted(paths)]
    return {module.name: module for module in found}


@cache
def read_module(path: Path) -> Module:
    """Return one source file, parsed."""
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT).as_posix()
    name = place.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    tree = ast.parse(text)
    return Module(place, name, len(text.splitlines()), tuple(_functions(tree, "")), tree)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements straight below a node; expressions, which are most of a tree, are passed over."""
    for part in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, part, ()):
            if isinstance(child, ast.stmt):
                yield child
            else:
                yield from _statements(child)


def _all_statements(node: ast.AST) -> Iterator[ast.stmt]:
    for child in _statements(node):
        yield child
        yield from _all_statements(child)


def _functions(node: ast.AST, prefix: str) -> Iterator[Function]:
    for child in _statements(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            assert child.end_lineno is not None
            lines = child.end_lineno - child.lineno + 1
            if ast.get_docstring(child) is not None:
                told = child.body[0]
                assert told.end_lineno is not None
                lines -= told.end_lineno - told.lineno + 1
            yield Function(prefix + child.name, lines)
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


@cache
def imports() -> Arrows:
    """Return which modules of the program each of them imports, inside functions too."""
    return {name: frozenset(_imported(module)) - {name} for name, module in modules().items()}


def _imported(module: Module) -> Iterator[str]:
    known = modules()
    for node in _all_statements(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = module.folder.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield from (one for one in (inner if inner in known else base,) if one in known)


def between(rooms: Callable[[str], str | None]) -> Arrows:
    """Return which rooms import which; `rooms` gives the room of a module, None where it is not drawn."""
    found: dict[str, set[str]] = {}
    for name, others in imports().items():
        here = rooms(name)
        if here is not None:
            met = (rooms(other) for other in others)
            found.setdefault(here, set()).update(room for room in met if room is not None)
    return {room: frozenset(others - {room}) for room, others in found.items()}


def reachable(arrows: Arrows, start: str) -> frozenset[str]:
    """Return whatever a room imports, straight or through others."""
    seen: set[str] = set()
    ahead = list(arrows.get(start, ()))
    while ahead:
        room = ahead.pop()
        if room not in seen:
            seen.add(room)
            ahead += arrows.get(room, ())
    return frozenset(seen)


def circles(arrows: Arrows) -> list[str]:
    """Return the rooms that import themselves through others."""
    return sorted(room for room in arrows if room in reachable(arrows, room))


def drawn(arrows: Arrows) -> Arrows:
    """Return the arrows without those that a longer way round says already; there must be no circle."""
    return {
        room: frozenset(
            other for other in others if not any(other in reachable(arrows, mid) for mid in others - {other})
        )
        for room, others in arrows.items()
    }
