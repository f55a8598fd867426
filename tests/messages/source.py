"""The source files of the product, parsed once: their calls and functions, and what each name stands for."""

import ast
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.shared_files import REPOSITORY

STAGES = ("codebook", "vault", "ingest", "anonymize", "reports", "withheld_cli")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Names = dict[str, list[ast.expr]]  # name -> what is assigned to it


@dataclass
class Module:
    """One source file, and what its names stand for."""

    path: Path
    tree: ast.Module
    constants: Names
    enclosing: dict[int, Function] = field(default_factory=dict)  # id of a node -> the function around it
    functions: dict[str, Function] = field(default_factory=dict)
    calls: list[tuple[str, ast.Call]] = field(default_factory=list)
    _inside: dict[int, Names] = field(default_factory=dict)

    @functools.cached_property
    def name(self) -> str:
        """Path from the root of the repository, with slashes."""
        return self.path.relative_to(REPOSITORY).as_posix()

    @functools.cached_property
    def stage(self) -> str:
        """The top package."""
        return self.name.split("/")[0]

    def names_at(self, node: ast.AST) -> Names:
        """Return what the names at a place stand for."""
        function = self.enclosing.get(id(node))
        if function is None:
            return self.constants
        if id(function) not in self._inside:
            hidden = {*parameters(function), *_bound(function)}
            outer = {name: value for name, value in self.constants.items() if name not in hidden}
            self._inside[id(function)] = {**outer, **_assigned(function.body)}
        return self._inside[id(function)]


@functools.cache
def modules() -> tuple[Module, ...]:
    """Return all source files of the product."""
    found = [path for stage in STAGES for path in (REPOSITORY / stage).rglob("*.py")]
    return tuple(_read(path) for path in sorted([REPOSITORY / "withheld.py", *found]))


def _read(path: Path) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    module = Module(path, tree, _assigned(tree.body))
    for node in ast.walk(tree):
        if isinstance(node, Function):
            module.functions.setdefault(node.name, node)
            for inner in ast.walk(node):
                module.enclosing[id(inner)] = node  # the inner function is walked later and wins
        elif isinstance(node, ast.Call):
            module.calls.append((last_name(node.func), node))
    return module


def last_name(node: ast.expr) -> str:
    """Return the name that is called or assigned to, without what stands before its last dot."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript | ast.Call):
        return last_name(node.value if isinstance(node, ast.Subscript) else node.func)
    return node.id if isinstance(node, ast.Name) else ""


def parameters(function: Function) -> list[str]:
    """Return the names of the parameters of a function, in order."""
    told = function.args
    return [one.arg for one in (*told.posonlyargs, *told.args, *told.kwonlyargs)]


def open_names(node: ast.expr) -> Iterator[str]:
    """Yield the names whose text becomes part of an expression as it is."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.JoinedStr(values=values):
            inner: Iterable[ast.expr] = [one.value for one in values if isinstance(one, ast.FormattedValue)]
        case ast.BinOp(left=left, right=right):
            inner = [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            inner = [body, orelse]
        case ast.BoolOp(values=values):
            inner = values
        case _:
            inner = []
    if not isinstance(node, ast.Name):
        for one in inner:
            yield from open_names(one)


def _assigned(body: list[ast.stmt]) -> Names:
    """Return name -> what is assigned to it in a body, not in functions inside it."""
    found: Names = defaultdict(list)
    for statement in body:
        for node in ast.walk(statement) if not isinstance(statement, Function | ast.ClassDef) else ():
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    _assign(target, node.value, found)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                name = ast.Name(node.target.id, ast.Load())
                found[name.id].append(ast.BinOp(name, node.op, node.value))
    return dict(found)


def _assign(target: ast.expr, value: ast.expr, found: Names) -> None:
    if isinstance(target, ast.Name):
        found[target.id].append(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            _assign(one, part, found)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
        _assign(target, value.body, found)
        _assign(target, value.orelse, found)


def _bound(function: Function) -> set[str]:
    """Return the names that loops and comprehensions of a function give to values."""
    loops = [node.target for node in ast.walk(function) if isinstance(node, ast.For | ast.comprehension)]
    return {one.id for target in loops for one in ast.walk(target) if isinstance(one, ast.Name)}
