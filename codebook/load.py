"""Read the codebook from its files; every fault names the file and the line.

`fields.yml`, `codes/*.csv`, `hierarchies/*.yml`, `settlements.csv`; nothing else is read.
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from .errors import CodebookError
from .ladder_files import load_hierarchies
from .model import TOTAL, Code, Codebook, CodeList, Entity, Field, FieldType, Role, Settlement

PACKAGED = Path(__file__).resolve().parent
_FIELD_KEYS = {
    "label_en", "label_ru", "description", "type", "role", "code_list", "hierarchy", "unit", "references",
    "derived", "identifier", "minimum", "maximum",
}  # fmt: skip
_REQUIRED_FIELD_KEYS = ("label_en", "label_ru", "description", "type", "role")


@cache
def load_codebook(directory: Path = PACKAGED) -> Codebook:
    """Return the codebook under `directory` (the packaged one by default), cross-checked.

    Raises:
        CodebookError: Something is missing, unknown or contradictory; names the file and line.
    """
    code_lists = load_code_lists(directory / "codes")
    hierarchies = load_hierarchies(directory / "hierarchies", code_lists)
    entities = _load_entities(directory / "fields.yml", code_lists, set(hierarchies))
    settlements = _load_settlements(directory / "settlements.csv", code_lists["region"])
    return Codebook(entities, code_lists, hierarchies, settlements)


def load_code_lists(directory: Path) -> Mapping[str, CodeList]:
    """Return every code list of the folder by name, their parents cross-checked."""
    lists = {path.stem: _load_code_list(path) for path in sorted(directory.glob("*.csv"))}
    if not lists:
        raise CodebookError(f"{directory.name}: no code list found", remedy="restore the codebook folder")
    for code_list in lists.values():
        _check_parents(code_list, lists)
    return MappingProxyType(lists)


def _load_code_list(path: Path) -> CodeList:
    codes: dict[str, Code] = {}
    for line, row in _csv_rows(path):
        code = _code_of(path, line, row)
        if code.code in codes:
            raise _fault(path, line, f"code {code.code} stands twice")
        codes[code.code] = code
    if not codes:
        raise _fault(path, 1, "the list has no codes")
    return CodeList(path.stem, MappingProxyType(codes))


def _code_of(path: Path, line: int, row: dict[str, str]) -> Code:
    code, label_en, label_ru = (row.pop(key, "").strip() for key in ("code", "label_en", "label_ru"))
    if not code or code == TOTAL:
        raise _fault(path, line, "a code is empty or reserved")
    if not label_en or not label_ru:
        raise _fault(path, line, f"code {code} lacks a label in English or Russian")
    also_seen = tuple(part.strip() for part in row.pop("also_seen", "").split("|") if part.strip())
    parents = {key.removeprefix("in_"): value for key, value in row.items() if key.startswith("in_")}
    standards = {
        key.removeprefix("std_"): value for key, value in row.items() if key.startswith("std_") and value
    }
    attributes = {key: value for key, value in row.items() if value and not key.startswith(("in_", "std_"))}
    return Code(code, label_en, label_ru, parents, standards, attributes, also_seen, line)


def _check_parents(code_list: CodeList, lists: Mapping[str, CodeList]) -> None:
    for code in code_list.codes.values():
        for parent_list, parent in code.parents.items():
            if parent_list not in lists or parent not in lists[parent_list].codes:
                raise CodebookError(
                    f"codes/{code_list.name}.csv, line {code.line}: column in_{parent_list} of code "
                    f"{code.code} names no code of that list",
                    remedy=f"name a code of codes/{parent_list}.csv",
                )


def _load_entities(
    path: Path, code_lists: Mapping[str, CodeList], hierarchies: set[str]
) -> Mapping[str, Entity]:
    entities: dict[str, Entity] = {}
    for name, (line, body) in _mapping(path, _root(path)).items():
        parts = _mapping(path, body)
        lines_and_fields = _mapping(path, parts["fields"][1]) if "fields" in parts else {}
        if set(parts) != {"label_en", "label_ru", "description", "fields"} or not lines_and_fields:
            raise _fault(path, line, f"entity {name} needs label_en, label_ru, description and fields only")
        fields = {
            field_name: _field_of(path, (name, field_name), node, field_line)
            for field_name, (field_line, node) in lines_and_fields.items()
        }
        for field_name, one in fields.items():
            _check_field(path, lines_and_fields[field_name][0], one, code_lists, hierarchies)
        label_en, label_ru, description = (
            str(parts[key][1].value) for key in ("label_en", "label_ru", "description")
        )
        entities[name] = Entity(name, label_en, label_ru, description, MappingProxyType(fields))
    return MappingProxyType(entities)


def _field_of(path: Path, name: tuple[str, str], node: yaml.Node, line: int) -> Field:
    loaded: dict[str, Any] = yaml.safe_load(yaml.serialize(node))
    standards = {
        key.removeprefix("std_"): str(loaded.pop(key)) for key in list(loaded) if key.startswith("std_")
    }
    where = ".".join(name)
    unknown = set(loaded) - _FIELD_KEYS
    if unknown:
        raise _fault(path, line, f"field {where} has unknown keys: {', '.join(sorted(unknown))}")
    missing = [key for key in _REQUIRED_FIELD_KEYS if not loaded.get(key)]
    if missing:
        raise _fault(path, line, f"field {where} lacks {', '.join(missing)}")
    if loaded["role"] not in {role.value for role in Role}:
        raise _fault(path, line, f"field {where} has an unknown role")
    if loaded["type"] not in {kind.value for kind in FieldType}:
        raise _fault(path, line, f"field {where} has an unknown type")
    loaded["role"], loaded["type"] = Role(loaded["role"]), FieldType(loaded["type"])
    return Field(entity=name[0], name=name[1], standards=MappingProxyType(standards), **loaded)


def _check_field(
    path: Path, line: int, field: Field, code_lists: Mapping[str, CodeList], hierarchies: set[str]
) -> None:
    coded = field.type in (FieldType.CODE, FieldType.CODES)
    if coded != bool(field.code_list):
        raise _fault(path, line, f"field {field.path}: a code list belongs to coded fields, and only to them")
    if coded and field.code_list not in code_lists:
        raise _fault(path, line, f"field {field.path} names a code list that does not exist")
    if field.hierarchy and field.hierarchy not in hierarchies:
        raise _fault(path, line, f"field {field.path} names a hierarchy that does not exist")


def _load_settlements(path: Path, regions: CodeList) -> tuple[Settlement, ...]:
    settlements = []
    for line, row in _csv_rows(path):
        if row["region"] not in regions.codes:
            raise _fault(path, line, "a settlement lies in a region that is not in codes/region.csv")
        also_seen = tuple(part for part in row["also_seen"].split("|") if part)
        settlements.append(
            Settlement(
                int(row["geonameid"]),
                row["name_latin"],
                row["name_cyrillic"],
                row["region"],
                int(row["population"]),
                also_seen,
            )
        )
    return tuple(settlements)


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV file of the codebook; a ragged row is a fault."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restkey="", strict=True)
            for row in reader:
                if "" in row or None in row.values():
                    raise _fault(path, reader.line_num, "a row has more or fewer cells than the header")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _fault(path, 1, f"cannot be read ({type(error).__name__})") from error


def _root(path: Path) -> yaml.Node:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _fault(path, line, "is not valid YAML") from error
    except OSError as error:
        raise _fault(path, 1, "cannot be read") from error
    if node is None:
        raise _fault(path, 1, "is empty")
    return node


def _mapping(path: Path, node: yaml.Node) -> dict[str, tuple[int, yaml.Node]]:
    """Return key -> (line, value node) of a YAML mapping; a key that stands twice is a fault."""
    if not isinstance(node, yaml.MappingNode):
        raise _fault(path, node.start_mark.line + 1, "a mapping is expected here")
    result: dict[str, tuple[int, yaml.Node]] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value in result:
            raise _fault(path, line, f"key {key.value} stands twice")
        result[key.value] = (line, value)
    return result


def _fault(path: Path, line: int, what: str) -> CodebookError:
    where = path.name if path.parent.name == "codebook" else f"{path.parent.name}/{path.name}"
    return CodebookError(f"{where}, line {line}: {what}", remedy="correct that line of the codebook")
