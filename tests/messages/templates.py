"""An expression of the source as the texts that it can become: literal text, and holes for values.

A hole is written {0}, {1} ...; holes that touch are one. What is chosen (`a if b else c`, `a or b`) and what
a name stands for is told apart, so that `f"{n} rows" + ("" if whole else ", broken")` is two texts.
"""

import ast
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

HOLE = "\x00"
_MOST = 12  # texts of one expression; beyond that its parts are told one by one
_HOLES = re.compile(f"{HOLE}+")
_FIELD = re.compile(r"\{[^{}]*\}")


@dataclass
class Scope:
    """What the names at one place stand for.

    Attributes:
        names: Name -> the expressions that are assigned to it, of the function, else of the module.
        nested: Called with each expression that is a text of its own inside a hole.
    """

    names: Mapping[str, list[ast.expr]]
    nested: Callable[[ast.expr], None]
    open: set[str] = field(default_factory=set)


def numbered(text: str) -> str:
    """Return a text with its holes as {0}, {1} ..., without the white space around it."""
    count = itertools.count()
    return _HOLES.sub(lambda _: f"{{{next(count)}}}", text.strip(" ")).strip()


def texts_of(node: ast.expr, scope: Scope) -> list[str]:
    """Return the texts that an expression can become, with holes."""
    match node:
        case ast.Constant(value=str(value)):
            return [value.replace("{}", HOLE)]  # to be filled by `format`
        case ast.Constant():
            return [HOLE]
        case ast.JoinedStr(values=values):
            return _joined([_part(one, scope) for one in values])
        case ast.BinOp(op=ast.Add(), left=left, right=right) if not _is_number(right):
            return _joined([texts_of(left, scope), texts_of(right, scope)])
        case ast.IfExp(body=body, orelse=orelse):
            return [*texts_of(body, scope), *texts_of(orelse, scope)]
        case ast.BoolOp(op=ast.Or(), values=values):
            return [text for one in values for text in texts_of(one, scope)]
        case ast.Name(id=name) if name in scope.names and name not in scope.open:
            return _of_name(name, scope)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return [_FIELD.sub(HOLE, text)]
    for inner in inner_texts(node):
        scope.nested(inner)
    return [HOLE]


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _of_name(name: str, scope: Scope) -> list[str]:
    scope.open.add(name)
    try:
        return list(dict.fromkeys(text for one in scope.names[name] for text in texts_of(one, scope)))
    finally:
        scope.open.discard(name)


def _part(node: ast.expr, scope: Scope) -> list[str]:
    if not isinstance(node, ast.FormattedValue):
        return texts_of(node, scope)
    if node.format_spec is None and node.conversion == -1:
        return texts_of(node.value, scope)
    scope.nested(node.value)  # padded or cut: its texts are told one by one
    return [HOLE]


def _joined(parts: list[list[str]]) -> list[str]:
    """Return every way to put the parts together; where there are too many, a hole for each choice."""
    size = 1
    for part in parts:
        size *= len(part)
    if size > _MOST:
        parts = [part if len(part) == 1 else [HOLE] for part in parts]
    return ["".join(chosen) for chosen in itertools.product(*parts)]


def inner_texts(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the outermost texts inside an expression, as in `", ".join(f"{n} rows" for n in found)`.

    Keys, names of columns and what is compared are no texts.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            if not _is_key(node, child):
                yield child
        elif isinstance(child, ast.BinOp | ast.IfExp) and isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.expr | ast.comprehension | ast.keyword):
            yield from inner_texts(child)  # type: ignore[arg-type]


def _is_key(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.Subscript | ast.Compare):
        return True
    if isinstance(parent, ast.Dict):
        return child in parent.keys
    return isinstance(parent, ast.Call) and (
        (isinstance(parent.func, ast.Attribute) and parent.func.attr in {"get", "pop", "strip", "split"})
        or (isinstance(parent.func, ast.Name) and parent.func.id in {"getattr", "cast"})
    )
