"""Read source declarations (YAML) into `mapping.Source`; faults name file and key.

Every scalar is read as the text that stands there: `no`, `NA` and `2021` mean what the person typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from codebook import Codebook, SourceError, load_codebook
from codebook.small_file import read_small_file
from ingest.forms import form_documents, packaged_questionnaire, read_form, translator_of, workbook_documents
from ingest.mapping import ConsentConstant, Sheet, Source, Target
from ingest.readers import READERS

from .positions import read_positions
from .sheets import SHEET_KEYS, kept_texts, read_sheet, require_known, shaped
from .targets import Fault, all_of, constants_of, target_field

PACKAGED = Path(__file__).resolve().parents[1] / "sources"
FORMATS = ("csv", "tsv", *(name for name in READERS if name != "csv"))
_SOURCE_KEYS = SHEET_KEYS | {
    "name", "version", "description", "format", "language", "encoding", "delimiter", "sheet", "ignore_sheets",
    "path", "recognise", "key", "incident_by", "order", "blanks", "required", "code_space", "record_space",
    "consent", "person", "form_repeats", "skip_rows", "header", "names",
    "positions", "headings", "draft", "notes", "short_rows", "form",
}  # fmt: skip
_ALONE = frozenset({"funding", "context_event"})  # entities whose files hold nothing else
_CONSENT_KEYS = frozenset({"scope", "status", "given_by", "basis"})


def load_sources(*folders: Path, book: Codebook | None = None) -> dict[str, Source]:
    """Return the declarations of the folders (the packaged one first) by name; a later folder wins.

    Those of the packaged case form are made from its questionnaire and come before all others.

    Raises:
        SourceError: A declaration is not understood; names the file and the key.
    """
    book = book or load_codebook()
    sources = _sources_of_forms(book)
    faults: list[SourceError] = []
    for folder in (PACKAGED, *folders):
        for path in sorted(folder.glob("*.yml")):
            try:
                source = load_source(path, book)
            except SourceError as error:
                faults.append(error)
            else:
                sources[source.name] = source
    if faults:
        raise all_of(faults)
    return sources


def _sources_of_forms(book: Codebook) -> dict[str, Source]:
    made = {}
    form = packaged_questionnaire()
    for document in (*form_documents(form), *workbook_documents(form)):
        name = document["name"]
        made[name] = _source(document, book, Fault(name), stem=name, folder=PACKAGED)
    return made


def load_source(path: Path, book: Codebook) -> Source:
    """Return one declaration, checked against the codebook.

    Raises:
        SourceError: Unknown keys, fields or codes: all of them at once, each with the file and the key.
    """
    fault = Fault(path.name)
    try:
        document = yaml.load(read_small_file(path).decode("utf-8"), Loader=_TextLoader)  # noqa: S506 (texts only)
    except (OSError, UnicodeDecodeError) as error:
        raise fault.error("", "cannot be read as UTF-8 text") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        raise fault.error(line, "is not the YAML that a declaration needs") from error
    if not isinstance(document, dict):
        raise fault.error("", "is empty or not a set of keys")
    return _source(document, book, fault, stem=path.stem, folder=path.parent)


class _TextLoader(yaml.BaseLoader):
    """Texts, lists and mappings only; a key that stands twice is an error."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _source(document: dict[str, Any], book: Codebook, fault: Fault, *, stem: str, folder: Path) -> Source:
    document = shaped(document, fault)
    _check_head(document, fault, stem)
    order = document.get("order", "")
    tabs = document.get("format") == "tsv"
    main = read_sheet(document, book, fault, name=document.get("sheet", ""), order=order)
    if "form" in document:
        main = _with_form(main, folder / str(document["form"]), fault)
    positions, headings = read_positions(document, main, fault)
    recognise = frozenset(kept_texts(document, "recognise", fault)) or main.required_columns
    key = kept_texts(document, "key", fault)
    if document.get("optional_columns") == "all":
        needed = {*recognise, *key, *main.join, *main.skip_rows}
        main = replace(main, optional_columns=main.mapped_columns - needed)
    source = Source(
        name=document.get("name", stem),
        version=document.get("version", ""),
        format="csv" if tabs else document.get("format", FORMATS[0]),
        main=main,
        positions=positions,
        headings=headings,
        description=document.get("description", ""),
        language=document.get("language", ""),
        encoding=document.get("encoding", ""),
        delimiter=document.get("delimiter", "\t" if tabs else "").replace("\\t", "\t"),
        ignore_sheets=frozenset(kept_texts(document, "ignore_sheets", fault)),
        path=document.get("path", ""),
        recognise=recognise,
        key=key,
        incident_by=kept_texts(document, "incident_by", fault),
        blanks=frozenset(kept_texts(document, "blanks", fault)),
        required=kept_texts(document, "required", fault),
        code_space=document.get("code_space", stem),
        record_space=document.get("record_space", stem),
        consent=tuple(_consents(document, book, fault)),
        implied_person="person" in document,
        form_repeats=kept_texts(document, "form_repeats", fault) if "form_repeats" in document else None,
        names=_names(document, fault),
        packaged=folder == PACKAGED,
        draft="draft" in document,
        short_rows=document.get("short_rows", "") == "true",
        notes=kept_texts(document, "notes", fault),
    )
    if not fault.found:
        # What one part says of another is worth telling only where each is understood by itself.
        with fault.kept():
            _check_source(source, book, fault)
    fault.require_none()
    return source


def _with_form(main: Sheet, path: Path, fault: Fault) -> Sheet:
    """Return the tables of a declaration with what translates each of them from the exports of a form."""
    form = read_form(path)
    if form is None:
        with fault.kept():
            raise fault.error("form", "names no form definition (XLSForm or JSON) beside the declaration")
        return main

    def translated(sheet: Sheet, repeat: str) -> Sheet:
        inner = tuple(translated(one, one.name.rsplit("/", 1)[-1]) for one in sheet.repeats)
        return replace(sheet, translation=translator_of(form, repeat), repeats=inner)

    return translated(main, "")


def _check_head(document: Mapping[str, Any], fault: Fault, stem: str) -> None:
    with fault.kept():
        require_known(document, _SOURCE_KEYS, "", fault)
    for key in ("name", "version", "format"):
        with fault.kept():
            if not isinstance(document.get(key), str) or not document[key]:
                raise fault.error(key, "is required")
    with fault.kept():
        if document.get("name", stem) != stem:
            raise fault.error("name", "must be the file's own name")
    with fault.kept():
        if document.get("format", FORMATS[0]) not in FORMATS:
            raise fault.error("format", f"must be one of {', '.join(FORMATS)}")
    with fault.kept():
        if document.get("person", "implied") != "implied":
            raise fault.error("person", "can only be `implied`")


def _names(document: Mapping[str, Any], fault: Fault) -> tuple[str, ...]:
    """Return the column names of a file without a header; none where the file has one."""
    names = kept_texts(document, "names", fault)
    with fault.kept():
        if document.get("header", "none") != "none":
            raise fault.error("header", "can only be `none`; leave it out where the file has a header")
        if ("header" in document) != bool(names) or len(set(names)) != len(names):
            raise fault.error("header", "`header: none` and `names`, each name once, belong together")
    return names


def _consents(document: Mapping[str, Any], book: Codebook, fault: Fault) -> Iterable[ConsentConstant]:
    entries = document.get("consent", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        with fault.kept():
            yield _consent(entry, book, fault)


def _consent(entry: Any, book: Codebook, fault: Fault) -> ConsentConstant:
    if not isinstance(entry, dict):
        raise fault.error("consent", "must be a list of sets of keys")
    require_known(entry, _CONSENT_KEYS, "consent", fault)
    entry = shaped(entry, fault)
    if len(entry.get("basis", "")) < 10:
        raise fault.error("consent", "needs `basis`: why every record of this source may be counted")
    named = {"consent.scope": entry.get("scope", ""), "consent.consent_status": entry.get("status", "")}
    if "given_by" in entry:
        named["consent.given_by"] = entry["given_by"]
    constants_of(named, book, fault)
    return ConsentConstant(
        entry.get("scope", ""), entry.get("status", ""), entry.get("given_by", ""), entry["basis"]
    )


def _check_source(source: Source, book: Codebook, fault: Fault) -> None:
    for path in source.required:
        target_field(Target("required", path), book, fault)
    known = source.main.mapped_columns
    for key, names in (("key", source.key), ("incident_by", source.incident_by)):
        if missing := sorted(set(names) - known):
            raise fault.error(key, f"names columns that are not mapped: {', '.join(missing)}")
    if source.incident_by and "incident.external_id" not in {one.path for one in source.main.block.targets()}:
        raise fault.error("incident_by", "needs a column that is mapped to incident.external_id")
    entities = set(source.main.block.entities).union(*(group.entities for group in source.main.column_groups))
    entities = entities.union(*(repeat.block.entities for repeat in source.main.repeats))
    if entities & _ALONE and len(entities) > 1:
        raise fault.error("columns", "funding, events of other series and cases cannot be in one file")
    if not entities & {"person", *_ALONE} and not (source.implied_person or source.form_repeats):
        raise fault.error("columns", "no column speaks of a person; say `person: implied` if that is so")


__all__ = ["FORMATS", "PACKAGED", "SourceError", "load_source", "load_sources"]
