"""Read YAML settings into frozen dataclasses: unknown keys, wrong types and odd values are errors.

Nothing is ignored: a misspelt threshold must not become the default.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from .errors import PolicyError
from .small_file import read_small_file

Settings = TypeVar("Settings")


class _KeyTwice(yaml.MarkedYAMLError):
    """A key stands twice in one mapping: one of its two values would be ignored."""


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key may stand once only; YAML itself would take the last value without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping, or raise `_KeyTwice`."""
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise _KeyTwice(problem=name, problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty file is an empty mapping.

    Raises:
        PolicyError: The file cannot be read or is not a mapping.
    """
    try:
        text = read_small_file(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"{path.name} cannot be read", remedy="check the file and its encoding (UTF-8)"
        ) from error
    try:
        loaded = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        twice = isinstance(error, _KeyTwice)
        what = f"key {error.problem} stands twice" if twice else "not valid YAML"
        raise PolicyError(
            f"{path.name}, line {line}: {what}",
            remedy="correct that line, or take it out: what is packaged holds then",
        ) from None
    except (yaml.YAMLError, ValueError):  # a control character, or a date that does not exist
        raise PolicyError(
            f"{path.name}: not valid YAML", remedy="look for odd characters and impossible dates"
        ) from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise PolicyError(
            f"{path.name}: a mapping of keys to values is expected",
            remedy="write it as key: value, one a line",
        )
    return loaded


def overlay(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `changes` on top; mappings are merged key by key.

    >>> overlay({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 4}})
    {'a': 1, 'b': {'c': 4, 'd': 3}}
    """
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = overlay(merged[key], value) if both else value
    return merged


def build_settings(kind: type[Settings], values: Mapping[str, Any], where: str) -> Settings:
    """Return the frozen dataclass `kind` from a mapping, its nested dataclasses included.

    Raises:
        PolicyError: A key is unknown or missing, or a value has the wrong type; names the key.
    """
    _require_mapping(values, where)
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(str(key) for key in values if key not in fields)
    if unknown:
        raise PolicyError(
            f"{where}: unknown keys: {', '.join(unknown)}", remedy=f"known keys: {', '.join(fields)}"
        )
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        if name in values:
            arguments[name] = _typed(hints[name], values[name], f"{where}: {name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise PolicyError(f"{where}: key {name} is missing", remedy=f"add a line {name}: VALUE")
    return kind(**arguments)


def _require_mapping(value: object, where: str) -> None:
    if not isinstance(value, Mapping):
        raise PolicyError(f"{where}: a mapping is expected", remedy="write it as key: value, one a line")


def _typed(hint: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return build_settings(hint, value, where)
    origin = typing.get_origin(hint)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(typing.get_args(hint)[0], item, where) for item in value)
    if (origin in (Mapping, dict) and isinstance(value, dict)) or _is(hint, value):
        return value
    if hint is float and _is(int, value):
        return float(value)
    raise PolicyError(f"{where}: a value of another kind is expected", remedy=f"write {_kind(hint)}")


def _kind(hint: Any) -> str:
    """Return in words what a setting of this type is written as."""
    for kind, words in _KINDS.items():
        if hint is kind or kind in (typing.get_origin(hint), *typing.get_args(hint)):
            return words
    return "a mapping of keys to values"


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple: "a list, such as [a, b]",
}


def _is(hint: Any, value: Any) -> bool:
    if isinstance(hint, types.UnionType):
        return any(_is(one, value) for one in typing.get_args(hint))
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(hint, type) and isinstance(value, hint)
