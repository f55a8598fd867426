"""Every text that a person can be told by the command line, read from the source without running it.

Told are: what errors say and advise, also where a function makes the text of one from its arguments; what
`withheld_cli` prints, asks and explains; and what the stages hand it to print, at the places in `told.py`.
"""

import ast
import functools
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator

from .carriers import Carriers
from .source import Function, Module, last_name, modules
from .templates import HOLE, Scope, numbered, texts_of
from .told import ALL, COMMENTS, NOT_TOLD, TOLD

Texts = dict[str, set[str]]  # text with numbered holes -> places
_WORD = re.compile(r"[A-Za-z]{2,}")
_SEVERAL = re.compile(r"[A-Za-z`]{2,}[,;:.?!)]* .*[A-Za-z]{2,}")
_HOLE = re.compile(r"\{\d+\}")
_NO_TEXT = re.compile(
    r"(?:Example:  |Start with:  )?withheld [a-z<{-].*"  # a command to type
    r"|(?:SELECT|PRAGMA|SET|INSERT|UPDATE|DELETE) .*"
    r"|\S*[/_=]\S*|\S*[.-]\S+",  # the name of a file, an option, a key
    re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|\s\s)#\s+(?P<comment>.*)")
_KEY = re.compile(r"[\s\0-]*[\w.\0]+:(?: |$)")
_SETTING = re.compile(r"\s*\w+:(?: [^\s\0]+)?")
_ASKING = {"BadParameter", "UsageError", "prompt", "confirm", "echo", "style", "progress", "step"}
_FIELDS = {"notice", "notices", "remedy", "rule", "advice", "warning", "weakness"}
_SILENT = {"append_custody", "compile", "count", "fingerprint", "fullmatch", "open", "rows", "sub"}


@functools.cache
def collected() -> Texts:
    """Return every text that can be told -> where it stands in the source."""
    collector = _Collector()
    for module in modules():
        collector.read(module)
    return {text: places for text, places in sorted(collector.texts.items()) if text not in NOT_TOLD}


@functools.cache
def words() -> frozenset[str]:
    """Return every text of the source that is without holes: some of them stand in the holes of others."""
    nodes = (node for module in modules() for node in ast.walk(module.tree))
    return frozenset(
        node.value.strip() for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


class _Collector:
    """Goes through the files and keeps what is told."""

    def __init__(self) -> None:
        self.texts: Texts = defaultdict(set)
        self._carriers = Carriers(modules())

    def read(self, module: Module) -> None:
        """Collect the texts of one file."""
        for name, call in module.calls:
            for argument in self._carriers.told(module, name, call):
                self._tell(module, argument)
            self._read_call(module, name, call)
        for value in _field_values(module.tree):
            self._tell_all(module, value)
        places = next((names for path, names in TOLD.items() if module.name.startswith(path)), ())
        for name, function in _functions(module.tree):
            if ALL in places or name in places:
                self._read_body(module, function)
            if any(last_name(one) in {"command", "group"} for one in function.decorator_list):
                self._read_help(module, function)
        if ALL in places:
            self._read_statements(module, module.tree.body)
        for value in (value for name in places for value in module.constants.get(name, ())):
            self._tell(module, value)

    def _read_call(self, module: Module, name: str, call: ast.Call) -> None:
        of_command_line = module.name.startswith("withheld")
        if name == "step" or (name in _ASKING and of_command_line):
            for argument in call.args[:1]:
                self._tell(module, argument, single=True)
        for one in call.keywords:
            if one.arg in _FIELDS or (one.arg == "help" and name == "option" and of_command_line):
                self._tell_all(module, one.value)

    def _read_body(self, module: Module, function: Function) -> None:
        for default in (*function.args.defaults, *function.args.kw_defaults):
            if isinstance(default, ast.Constant):
                self._tell(module, default)
        self._read_statements(module, function.body)

    def _read_statements(self, module: Module, statements: list[ast.stmt]) -> None:
        """Collect what looks like words for a person."""
        for statement in statements:
            if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
                self._tell_all(module, statement, several=True)

    def _read_help(self, module: Module, function: Function) -> None:
        text = inspect.cleandoc(ast.get_docstring(function) or "").split("\f")[0]
        for paragraph in help_paragraphs(text):
            self._add(paragraph, module, function)

    def _tell_all(self, module: Module, node: ast.AST, *, several: bool = False) -> None:
        for text in _outermost(node):
            self._tell(module, text, several=several)

    def _tell(self, module: Module, node: ast.expr, *, several: bool = False, single: bool = False) -> None:
        """Collect the texts of an expression, and the texts inside its holes.

        Args:
            several: Only what has several words.
            single: One word too, as the name of a step; in errors that is the name of a table or a key.
        """
        scope = Scope(module.names_at(node), lambda inner: self._tell(module, inner, several=True))
        for text in texts_of(node, scope):
            is_word, is_part = text.strip().isalpha(), text[:1] in (";", ",")
            if several and (is_part or not _SEVERAL.search(text.replace(HOLE, "xx"))):
                if is_word and text.isupper():
                    self._add(text, module, node)  # a heading
            elif single or not is_word:
                for one in _comments(text) if _is_yaml(module, node, text) else [text]:
                    self._add(numbered(one), module, node)

    def _add(self, text: str, module: Module, node: ast.expr | Function) -> None:
        if _WORD.search(_HOLE.sub(" ", text)) and not _NO_TEXT.fullmatch(text):
            self.texts[text].add(f"{module.name}:{node.lineno}")


def help_paragraphs(text: str) -> Iterator[str]:
    r"""Yield the paragraphs of a help text as they are looked up: one line each, or line by line after \b."""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in paragraph.splitlines()]
        if lines and lines[0] == "\b":
            yield from (line for line in lines[1:] if line)
        elif lines:
            yield " ".join(lines)


def _is_yaml(module: Module, node: ast.expr, text: str) -> bool:
    function = module.enclosing.get(id(node))
    if module.name in COMMENTS and function is not None:
        return function.name not in COMMENTS[module.name]
    return "\n# " in f"\n{text}"


def _comments(text: str) -> Iterator[str]:
    """Yield what is for a person in lines of YAML: the comments, and lines that are no key and value."""
    for line in text.split("\n"):
        if found := _COMMENT.search(line):
            if not _SETTING.fullmatch(found["comment"]):
                yield found["comment"]
        elif "\n" not in text and not _KEY.match(line):
            yield line


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    return ((node.name, node) for node in ast.walk(tree) if isinstance(node, Function))


def _field_values(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what is put into `notices` and the like."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="append" | "extend"), args=[value, *_]):
                target = owner
            case ast.AugAssign(target=target, value=value) | ast.Assign(targets=[target], value=value):
                pass
            case _:
                continue
        if last_name(target) in _FIELDS:
            yield value


def _outermost(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the outermost texts of a statement or expression."""
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp):
        yield node
    elif not isinstance(node, Function | ast.ClassDef) and not (
        isinstance(node, ast.Call) and last_name(node.func) in _SILENT
    ):
        for child in ast.iter_child_nodes(node):
            yield from _outermost(child)
