"""Read source declarations (YAML) into `mapping.Source`; faults name file and key.

Every scalar is read as the text that stands there: `no`, `NA` and `2021` mean what the person typed.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from codebook import Codebook, SourceError, fold, load_codebook

from .mapping import ConsentConstant, Sheet, Source
from .targets import Fault, constants_of, read_block, texts

PACKAGED = Path(__file__).resolve().parent / "sources"
FORMATS = ("csv", "tsv", "xlsx", "xls", "ods", "json", "jsonl", "parquet", "sqlite", "zip")
_SHEET_KEYS = frozenset(
    {
        "columns",
        "column_groups",
        "combine",
        "constants",
        "ignore",
        "ignore_pattern",
        "drop_coordinates",
        "repeats",
    }
)
_REPEAT_KEYS = _SHEET_KEYS | {"path", "sheet", "join", "optional"}
_GROUP_KEYS = frozenset({"numbers", "columns", "combine", "constants"})
_SOURCE_KEYS = _SHEET_KEYS | {
    "name", "version", "description", "format", "language", "encoding", "delimiter", "sheet", "ignore_sheets",
    "path", "recognise", "key", "incident_by", "order", "blanks", "required", "code_space", "consent",
    "person", "form_repeats", "skip_rows", "header", "names",
}  # fmt: skip
_CONSENT_KEYS = frozenset({"scope", "status", "given_by", "basis"})


def load_sources(*folders: Path, book: Codebook | None = None) -> dict[str, Source]:
    """Return the declarations of the folders (the packaged one first) by name; a later folder wins.

    Raises:
        SourceError: A declaration is not understood; names the file and the key.
    """
    book = book or load_codebook()
    sources: dict[str, Source] = {}
    for folder in (PACKAGED, *folders):
        for path in sorted(folder.glob("*.yml")):
            source = load_source(path, book)
            sources[source.name] = source
    return sources


def load_source(path: Path, book: Codebook) -> Source:
    """Return one declaration, checked against the codebook.

    Raises:
        SourceError: An unknown key, field or code; names the file and the key.
    """
    fault = Fault(path.name)
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 (texts only)
    except (OSError, UnicodeDecodeError) as error:
        raise fault.error("", "cannot be read as UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        raise fault.error(line, "is not the YAML that a declaration needs") from error
    if not isinstance(document, dict):
        raise fault.error("", "is empty or not a set of keys")
    return _source(document, book, fault, stem=path.stem)


class _TextLoader(yaml.BaseLoader):
    """Texts, lists and mappings only; a key that stands twice is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _source(document: dict[str, Any], book: Codebook, fault: Fault, *, stem: str) -> Source:
    _require_known(document, _SOURCE_KEYS, "", fault)
    for key in ("name", "version", "format"):
        if not isinstance(document.get(key), str) or not document[key]:
            raise fault.error(key, "is required")
    if document["name"] != stem:
        raise fault.error("name", "must be the file's own name")
    if document["format"] not in FORMATS:
        raise fault.error("format", f"must be one of {', '.join(FORMATS)}")
    order = document.get("order", "")
    main = _sheet(document, book, fault, name=document.get("sheet", ""), order=order)
    if document.get("person", "implied") != "implied":
        raise fault.error("person", "can only be `implied`")
    source = Source(
        name=document["name"],
        version=document["version"],
        format=document["format"],
        main=main,
        description=document.get("description", ""),
        language=document.get("language", ""),
        encoding=document.get("encoding", ""),
        delimiter=document.get("delimiter", "").replace("\\t", "\t"),
        ignore_sheets=frozenset(texts(document, "ignore_sheets", fault)),
        path=document.get("path", ""),
        recognise=frozenset(texts(document, "recognise", fault)) or main.mapped_columns,
        key=texts(document, "key", fault),
        incident_by=texts(document, "incident_by", fault),
        blanks=frozenset(texts(document, "blanks", fault)),
        required=texts(document, "required", fault),
        code_space=document.get("code_space", document["name"]),
        consent=_consents(document, book, fault),
        implied_person="person" in document,
        form_repeats=texts(document, "form_repeats", fault) if "form_repeats" in document else None,
        names=_names(document, fault),
    )
    _check_source(source, book, fault)
    return source


def _sheet(document: Mapping[str, Any], book: Codebook, fault: Fault, *, name: str, order: str) -> Sheet:
    inside = fault.within(f"repeat {name}") if "join" in document or name == document.get("path") else fault
    patterns = texts(document, "ignore_pattern", inside)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise inside.error("ignore_pattern", "is not a regular expression") from error
    return Sheet(
        name=name,
        block=read_block(document, book, inside, order=order),
        column_groups=tuple(_column_groups(document, book, inside, order)),
        ignore=frozenset(texts(document, "ignore", inside)),
        ignore_pattern=patterns,
        drop_coordinates=frozenset(texts(document, "drop_coordinates", inside)),
        join=document.get("join", {}),
        optional=document.get("optional", "") == "true",
        skip_rows=_skip_rows(document, inside),
        repeats=tuple(_repeat(one, book, inside, order) for one in document.get("repeats", ())),
    )


def _skip_rows(document: Mapping[str, Any], fault: Fault) -> dict[str, frozenset[str]]:
    """Return column -> the folded cells with which a row is counted and passed over."""
    declared = document.get("skip_rows", {})
    if not isinstance(declared, dict):
        raise fault.error("skip_rows", "must be columns, each with the cells whose rows are passed over")
    inside = fault.within("skip_rows")
    return {column: frozenset(map(fold, texts(declared, column, inside))) for column in declared}


def _names(document: Mapping[str, Any], fault: Fault) -> tuple[str, ...]:
    """Return the column names of a file without a header; none where the file has one."""
    names = texts(document, "names", fault)
    if document.get("header", "none") != "none":
        raise fault.error("header", "can only be `none`; leave it out where the file has a header")
    if ("header" in document) != bool(names) or len(set(names)) != len(names):
        raise fault.error("header", "`header: none` and `names`, each name once, belong together")
    return names


def _repeat(document: Any, book: Codebook, fault: Fault, order: str) -> Sheet:
    if not isinstance(document, dict):
        raise fault.error("repeats", "must be a list of sets of keys")
    _require_known(document, _REPEAT_KEYS, "repeats", fault)
    name = document.get("path") or document.get("sheet")
    if not name:
        raise fault.error("repeats", "each needs `path` (json) or `sheet` (xlsx)")
    if "sheet" in document and not isinstance(document.get("join"), dict):
        raise fault.error("repeats", f"sheet {name} needs `join`: its column -> the parent's column")
    return _sheet(document, book, fault.within(f"repeat {name}"), name=name, order=order)


def _column_groups(document: Mapping[str, Any], book: Codebook, fault: Fault, order: str) -> Iterable[Any]:
    for group in document.get("column_groups", ()):
        if not isinstance(group, dict):
            raise fault.error("column_groups", "must be a list of sets of keys")
        _require_known(group, _GROUP_KEYS, "column_groups", fault)
        for number in texts(group, "numbers", fault) or ("",):
            yield read_block(group, book, fault.within("column_groups"), order=order, number=number)


def _consents(document: Mapping[str, Any], book: Codebook, fault: Fault) -> tuple[ConsentConstant, ...]:
    found = []
    for entry in document.get("consent", ()):
        if not isinstance(entry, dict):
            raise fault.error("consent", "must be a list of sets of keys")
        _require_known(entry, _CONSENT_KEYS, "consent", fault)
        if len(entry.get("basis", "")) < 10:
            raise fault.error("consent", "needs `basis`: why every record of this source may be counted")
        named = {"consent.scope": entry.get("scope", ""), "consent.consent_status": entry.get("status", "")}
        if "given_by" in entry:
            named["consent.given_by"] = entry["given_by"]
        constants_of(named, book, fault)
        found.append(
            ConsentConstant(entry["scope"], entry["status"], entry.get("given_by", ""), entry["basis"])
        )
    return tuple(found)


def _check_source(source: Source, book: Codebook, fault: Fault) -> None:
    for path in source.required:
        book.field(path)
    known = source.main.mapped_columns
    for key, names in (("key", source.key), ("incident_by", source.incident_by)):
        if missing := sorted(set(names) - known):
            raise fault.error(key, f"names columns that are not mapped: {', '.join(missing)}")
    if source.incident_by and "incident.external_id" not in {one.path for one in source.main.block.targets()}:
        raise fault.error("incident_by", "needs a column that is mapped to incident.external_id")
    entities = set(source.main.block.entities).union(*(group.entities for group in source.main.column_groups))
    entities = entities.union(*(repeat.block.entities for repeat in source.main.repeats))
    if "funding" in entities and len(entities) > 1:
        raise fault.error("columns", "funding and incidents cannot be in one file")
    if not entities & {"person", "funding"} and not (source.implied_person or source.form_repeats):
        raise fault.error("columns", "no column speaks of a person; say `person: implied` if that is so")


def _require_known(document: Mapping[str, Any], known: frozenset[str], place: str, fault: Fault) -> None:
    unknown = sorted(set(document) - known)
    if unknown:
        raise fault.error(place, f"has keys that mean nothing: {', '.join(unknown)}")


__all__ = ["FORMATS", "PACKAGED", "SourceError", "load_source", "load_sources"]
