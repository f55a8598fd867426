"""Read the tables of a declaration: the main one and its repeats, with what each leaves out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from codebook import Codebook, fold
from ingest.mapping import Block, Sheet

from .targets import Fault, nearest, read_block, texts

SHEET_KEYS = frozenset(
    {
        "columns",
        "column_groups",
        "combine",
        "constants",
        "ignore",
        "ignore_pattern",
        "drop_coordinates",
        "repeats",
        "optional_columns",
    }
)
_TEXTS = frozenset(
    {"name", "version", "description", "format", "language", "encoding", "delimiter", "sheet", "path"}
    | {"order", "code_space", "record_space", "person", "header", "form", "short_rows", "draft", "optional"}
    | {"continues"}
    | {"scope", "status", "given_by", "field", "consent_scopes", "separator", "otherwise", "flag", "unit"}
    | {"basis", "joined_labels", "printed_list", "parents", "range"}
)  # fmt: skip
_SETS = frozenset({"columns", "constants", "skip_rows", "headings", "join", "only_if", "values"})
_LISTS = frozenset({"repeats", "column_groups", "combine"})
_REPEAT_KEYS = SHEET_KEYS | {"path", "sheet", "join", "optional", "continues"}
_GROUP_KEYS = frozenset({"numbers", "columns", "combine", "constants", "only_if"})


def read_sheet(document: Mapping[str, Any], book: Codebook, fault: Fault, *, name: str, order: str) -> Sheet:
    inside = fault.within(f"repeat {name}") if "join" in document or name == document.get("path") else fault
    groups: tuple[Block, ...] = ()
    with inside.kept():
        groups = tuple(_column_groups(document, book, inside, order))
    skipped: dict[str, frozenset[str]] = {}
    with inside.kept():
        skipped = _skip_rows(document, inside)
    return Sheet(
        name=name,
        block=read_block(document, book, inside, order=order),
        column_groups=groups,
        ignore=frozenset(kept_texts(document, "ignore", inside)),
        ignore_pattern=_patterns(document, inside),
        drop_coordinates=frozenset(kept_texts(document, "drop_coordinates", inside)),
        join=document.get("join", {}),
        optional=document.get("optional", "") == "true",
        continues=document.get("continues", "") == "true",
        skip_rows=skipped,
        repeats=tuple(_repeats(document, book, inside, order)),
        optional_columns=frozenset(_optional_columns(document, inside)),
    )


def shaped(document: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
    """Return a part of a declaration without the keys whose value is of the wrong kind; those are told."""
    found = {}
    for key, value in document.items():
        wanted, what = _kind_of(key)
        with fault.kept():
            if not isinstance(value, wanted):
                raise fault.error(key, f"must be {what}")
            found[key] = value
    return found


def _kind_of(key: str) -> tuple[type | tuple[type, ...], str]:
    if key in _TEXTS:
        return str, "a text"
    if key in _SETS:
        return dict, "a set of keys"
    if key in _LISTS:
        return list, "a list"
    return (str, list, dict), "what the README says"


def kept_texts(document: Mapping[str, Any], key: str, fault: Fault) -> tuple[str, ...]:
    with fault.kept():
        return texts(document, key, fault)
    return ()


def _optional_columns(document: Mapping[str, Any], fault: Fault) -> tuple[str, ...]:
    return (
        () if document.get("optional_columns") == "all" else kept_texts(document, "optional_columns", fault)
    )


def _patterns(document: Mapping[str, Any], fault: Fault) -> tuple[str, ...]:
    patterns = kept_texts(document, "ignore_pattern", fault)
    for pattern in patterns:
        with fault.kept():
            try:
                re.compile(pattern)
            except re.error as error:
                raise fault.error("ignore_pattern", "is not a regular expression") from error
    return patterns


def _repeats(document: Mapping[str, Any], book: Codebook, fault: Fault, order: str) -> Iterable[Sheet]:
    for one in document.get("repeats", ()):
        with fault.kept():
            yield _repeat(one, book, fault, order)


def _skip_rows(document: Mapping[str, Any], fault: Fault) -> dict[str, frozenset[str]]:
    """Return column -> the folded cells with which a row is counted and passed over."""
    declared = document.get("skip_rows", {})
    if not isinstance(declared, dict):
        raise fault.error("skip_rows", "must be columns, each with the cells whose rows are passed over")
    inside = fault.within("skip_rows")
    return {column: frozenset(map(fold, texts(declared, column, inside))) for column in declared}


def _repeat(document: Any, book: Codebook, fault: Fault, order: str) -> Sheet:
    if not isinstance(document, dict):
        raise fault.error("repeats", "must be a list of sets of keys")
    require_known(document, _REPEAT_KEYS, "repeats", fault)
    document = shaped(document, fault)
    name = document.get("path") or document.get("sheet")
    if not name:
        raise fault.error("repeats", "each needs `path` (json) or `sheet` (xlsx)")
    if "sheet" in document and not isinstance(document.get("join"), dict):
        raise fault.error("repeats", f"sheet {name} needs `join`: its column -> the parent's column")
    inside = fault.within(f"repeat {name}")
    sheet = read_sheet(document, book, inside, name=name, order=order)
    for block in (sheet.block, *sheet.column_groups):
        if (lost := sorted(block.entities & {"incident", "source"})) and not sheet.continues:
            raise inside.error(
                "columns",
                f"{', '.join(lost)}: a record has one of it, so map it on the main table, or say "
                "`continues: true` where this table says more of the same record",
            )
    return sheet


def _column_groups(document: Mapping[str, Any], book: Codebook, fault: Fault, order: str) -> Iterable[Any]:
    for group in document.get("column_groups", ()):
        if not isinstance(group, dict):
            raise fault.error("column_groups", "must be a list of sets of keys")
        require_known(group, _GROUP_KEYS, "column_groups", fault)
        group = shaped(group, fault)
        for number in texts(group, "numbers", fault) or ("",):
            yield read_block(group, book, fault.within("column_groups"), order=order, number=number)


def require_known(document: Mapping[str, Any], known: frozenset[str], place: str, fault: Fault) -> None:
    unknown = sorted(set(document) - known)
    if unknown:
        near = nearest(unknown[0], known)
        raise fault.error(place, f"has keys that mean nothing: {', '.join(unknown)}{near}")
