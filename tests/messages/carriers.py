"""Which arguments of which calls a person is told: those of errors, and of functions that make errors."""

import ast
from collections import defaultdict
from collections.abc import Sequence

from .source import Function, Module, open_names, parameters

_ERRORS_FILE = "codebook/errors.py"


class Carriers:
    """Knows the errors, and the functions that put their own arguments into one, through however many."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self._functions: dict[tuple[str, str], Function] = {}
        for module in modules:
            for name, function in module.functions.items():
                self._functions.setdefault((module.stage, name), function)
        errors = next(one.tree for one in modules if one.name == _ERRORS_FILE)
        self._errors = {node.name for node in errors.body if isinstance(node, ast.ClassDef)}
        self._found: dict[tuple[str, str], set[str]] = defaultdict(set)  # (stage, function) -> parameters
        while self._grow(modules):
            pass

    def _grow(self, modules: Sequence[Module]) -> bool:
        before = sum(map(len, self._found.values()))
        for module in modules:
            for name, call in module.calls:
                function = module.enclosing.get(id(call))
                if function is not None:
                    own = parameters(function)
                    told = [one for part in self.told(module, name, call) for one in open_names(part)]
                    if names := {one for one in told if one in own}:
                        self._found[module.stage, function.name] |= names
        return sum(map(len, self._found.values())) > before

    def told(self, module: Module, name: str, call: ast.Call) -> list[ast.expr]:
        """Return the arguments of a call that a person is told."""
        if name in self._errors:
            return [*call.args[:1], *(one.value for one in call.keywords if one.arg in {"reason", "remedy"})]
        if name == "Finding":  # of the audit: name, verdict, rule, counts, remedy
            return [*call.args[2:3], *call.args[4:], *(one.value for one in call.keywords)]
        names = self._found.get((module.stage, name))
        definition = module.functions.get(name) or self._functions.get((module.stage, name))
        if not names or definition is None:
            return []
        own = [one for one in parameters(definition) if one not in {"self", "cls"}]
        positional = [arg for parameter, arg in zip(own, call.args, strict=False) if parameter in names]
        return positional + [one.value for one in call.keywords if one.arg in names]
