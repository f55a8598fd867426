"""Read what the columns of a declaration fill: fields, consents, links."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from codebook import Codebook, Field, FieldType, SourceError, fold
from ingest.mapping import Aim, Block, Combination, Target

ORDERS = ("", "day_month", "month_day", "column")
UNITS = ("", "thousand", "million", "months")
LINKS = ("link.person", "link.perpetrator")
# Filled by the run itself: where a row came from is never taken from the row.
PROVENANCE = frozenset(
    {"ingest_run_id", "file_sha256", "file_row", "record_key", "source_name", "mapping_version", "adapter"}
)
_TARGET_KEYS = frozenset(
    {
        "field",
        "consent",
        "consent_scopes",
        "separator",
        "values",
        "otherwise",
        "order",
        "flag",
        "joined_labels",
        "unit",
        "printed_list",
        "parents",
        "range",
    }
)
# Fields of which one record may hold several, though each row of the vault has one.
REPEATABLE = frozenset({"act.act_code", "act.relationship", "request.need"})
_BLANK_WORDS = frozenset({"", "null", "~", "blank"})


_REMEDY = (
    "correct the declaration at that place, then run again; its keys are told in ingest/sources/README.md, "
    "its fields in codebook/fields.yml, its codes in codebook/codes/"
)
_PLACEHOLDER = "CODE"  # in a draft of `withheld ingest --suggest`: for a person to fill in


@dataclass(frozen=True)
class Fault:
    """Where in a declaration something is wrong.

    Attributes:
        found: The errors of the whole file so far; every part of it shares the list.
    """

    file: str
    place: str = ""
    found: list[SourceError] = field(default_factory=list)

    def within(self, place: str) -> "Fault":
        """Return the same for a part of the file."""
        return replace(self, place=place)

    def error(self, key: str, what: str) -> SourceError:
        """Return the error; names file, part and key."""
        where = ": ".join(part for part in (self.file, self.place, key) if part)
        return SourceError(f"{where}: {what}", remedy=_REMEDY)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep an error of the block, so that a person is told all of a file's errors at once."""
        try:
            yield
        except SourceError as error:
            self.found.append(error)

    def require_none(self) -> None:
        """Raise what was found, all of it as one error."""
        if self.found:
            raise all_of(self.found)


def all_of(errors: Iterable[SourceError]) -> SourceError:
    """Return one error that tells every one of several, a line each."""
    reasons = list(dict.fromkeys(error.reason for error in errors))
    if len(reasons) == 1:
        return SourceError(reasons[0], remedy=_REMEDY)
    return SourceError(f"{len(reasons)} faults:\n  " + "\n  ".join(reasons), remedy=_REMEDY)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` for a name that is close to a known one, else nothing."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"; did you mean {close[0]}?" if close else ""


def texts(document: Mapping[str, Any], key: str, fault: Fault) -> tuple[str, ...]:
    """Return a list of texts of a declaration, () where it is absent."""
    found = document.get(key, ())
    if isinstance(found, str) or not all(isinstance(one, str) for one in found):
        raise fault.error(key, "must be a list of texts")
    return tuple(found)


def read_block(
    document: Mapping[str, Any], book: Codebook, fault: Fault, *, order: str, number: str = ""
) -> Block:
    """Return the block that `columns`, `combine` and `constants` of a part declare.

    Args:
        order: How 03/04/2025 is read unless a column says otherwise.
        number: What replaces `{n}` in the names of columns.
    """
    columns: dict[str, tuple[Target, ...]] = {}
    declared = document.get("columns", {})
    if not isinstance(declared, dict):
        with fault.kept():
            raise fault.error("columns", "must be column: target")
        declared = {}
    for name, aim in declared.items():
        column = name.replace("{n}", number) if number else name
        aims = aim if isinstance(aim, list) else [aim]
        columns[column] = ()
        for one in aims:
            with fault.kept():
                columns[column] += (_target(column, one, book, fault, order),)
    combinations: tuple[Combination, ...] = ()
    with fault.kept():
        combinations = tuple(_combinations(document, book, fault, order, number))
    constants = constants_of(document.get("constants", {}), book, fault)
    block = Block(columns, combinations, constants, only_if=_only_if(document, fault))
    with fault.kept():
        _require_single(block, book, fault)
    return block


def _only_if(document: Mapping[str, Any], fault: Fault) -> dict[str, frozenset[str]]:
    """Return column -> the folded cells with which a group of columns is read at all."""
    declared = document.get("only_if", {})
    with fault.kept():
        if not isinstance(declared, dict):
            raise fault.error("only_if", "must be column: [cells]")
        inside = fault.within("only_if")
        return {column: frozenset(map(fold, texts(declared, column, inside))) for column in declared}
    return {}


def constants_of(constants: Mapping[str, Any], book: Codebook, fault: Fault) -> dict[str, str]:
    """Return the constants, each checked against the codebook."""
    if not isinstance(constants, dict):
        with fault.kept():
            raise fault.error("constants", "must be entity.field: value")
        return {}
    for path, value in constants.items():
        with fault.kept():
            known = _field(path, book, fault)
            codes = book.code_lists[known.code_list].codes if known.code_list else ()
            if known.code_list and value not in codes:
                near = nearest(str(value), codes)
                raise fault.error(path, f"the constant is not a code of codes/{known.code_list}.csv{near}")
    return dict(constants)


def _combinations(
    document: Mapping[str, Any], book: Codebook, fault: Fault, order: str, number: str
) -> Iterator[Combination]:
    for entry in document.get("combine", ()):
        if not isinstance(entry, dict) or not isinstance(entry.get("columns"), list):
            raise fault.error("combine", "each needs `field`, `columns` and may have `join`")
        columns = tuple(name.replace("{n}", number) if number else name for name in entry["columns"])
        options = {key: value for key, value in entry.items() if key not in ("columns", "join")}
        target = _target(" + ".join(columns), options, book, fault, order)
        yield Combination(target, columns, entry.get("join", " "))


def _target(column: str, aim: Any, book: Codebook, fault: Fault, order: str) -> Target:
    options: Mapping[str, Any] = {"field": aim} if isinstance(aim, str) else aim
    if not isinstance(options, dict) or (unknown := sorted(set(options) - _TARGET_KEYS)):
        named = (
            f": {', '.join(unknown)}{nearest(unknown[0], _TARGET_KEYS)}" if isinstance(options, dict) else ""
        )
        raise fault.error(column, f"has options that mean nothing{named}")
    if len(set(options) & {"field", "consent", "consent_scopes"}) != 1:
        raise fault.error(column, "needs one of `field`, `consent`, `consent_scopes`")
    target = Target(
        column=column,
        path=options.get("field") or options.get("consent") or "consent.scope",
        aim=_aim(options),
        separator=options.get("separator", "").replace("\\n", "\n"),
        otherwise=_otherwise(options),
        order=options.get("order", order),
        flag=options.get("flag", ""),
        joined_labels=options.get("joined_labels", "") == "true",
        unit=options.get("unit", ""),
        printed_list=options.get("printed_list", "") == "true",
        parents=options.get("parents", ""),
        range_mark=options.get("range", ""),
    )
    if target.order not in ORDERS or target.unit not in UNITS:
        raise fault.error(column, "`order` or `unit` is not one that is known")
    if target.aim is Aim.LINK:
        return target
    known = target_field(target, book, fault)
    if target.aim is Aim.CONSENT and target.path not in book.code_lists["consent_scope"].codes:
        raise fault.error(column, "`consent` names a scope that is not in codes/consent_scope.csv")
    _check_options(target, known, fault, book)
    return replace(target, values=_values(options.get("values", {}), known, fault.within(column), book))


def target_field(target: Target, book: Codebook, fault: Fault) -> Field:
    """Return the codebook field whose values the cells of the target are."""
    if target.aim is Aim.CONSENT:
        return book.field("consent.consent_status")
    return _field(target.path, book, fault)


def _aim(options: Mapping[str, Any]) -> Aim:
    if "consent" in options:
        return Aim.CONSENT
    if "consent_scopes" in options:
        return Aim.CONSENT_SCOPES
    return Aim.LINK if options["field"] in LINKS else Aim.FIELD


def _otherwise(options: Mapping[str, Any]) -> str | None:
    if "otherwise" not in options:
        return None
    return "" if options["otherwise"] in _BLANK_WORDS else str(options["otherwise"])


def _field(path: str, book: Codebook, fault: Fault) -> Field:
    entity, _, name = path.partition(".")
    known = book.entities[entity].fields.get(name) if entity in book.entities else None
    if known is None:
        fields = [one.path for whole in book.entities.values() for one in whole.stored_fields]
        raise fault.error(path, f"is not a field of the codebook{nearest(path, fields)}")
    if known.derived or known.type is FieldType.UUID or name in PROVENANCE or entity == "evidence":
        raise fault.error(path, "is filled by Withheld itself and cannot be mapped")
    return known


def _check_options(target: Target, known: Field, fault: Fault, book: Codebook) -> None:
    codes = book.code_lists[known.code_list].codes if known.code_list else {}
    several = known.type is FieldType.CODES or target.path in REPEATABLE or target.aim is Aim.CONSENT_SCOPES
    split = target.separator and known.type is not FieldType.TEXT
    if (split or target.flag or target.joined_labels) and not several:
        raise fault.error(
            target.column, "takes one value; `separator`, `flag`, `joined_labels` are for several"
        )
    if target.range_mark and known.type is not FieldType.DATE:
        raise fault.error(target.column, "`range` is for dates")
    if target.flag and target.flag not in codes:
        raise fault.error(target.column, f"`flag` is not a code of codes/{known.code_list}.csv")
    counted = (FieldType.INTEGER, FieldType.MONEY, FieldType.DATE, FieldType.DATETIME)
    if target.otherwise is not None and known.type in counted:
        raise fault.error(target.column, "`otherwise` is for codes; an impossible number or date has to wait")
    if target.otherwise and codes and target.otherwise not in codes:
        raise fault.error(target.column, f"`otherwise` is not a code of codes/{known.code_list}.csv")


def _values(values: Any, known: Field, fault: Fault, book: Codebook) -> dict[str, str]:
    if not isinstance(values, dict):
        raise fault.error("values", "must be spelling: code")
    codes = book.code_lists[known.code_list].codes if known.code_list else None
    read = {fold(spelling): "" if code in _BLANK_WORDS else code for spelling, code in values.items()}
    if codes is not None and (unknown := sorted(set(read.values()) - set(codes) - {""})):
        filled_in = "; write a code of that list in its place"
        near = filled_in if unknown == [_PLACEHOLDER] else nearest(unknown[0], codes)
        raise fault.error("values", f"not in codes/{known.code_list}.csv: {', '.join(unknown)}{near}")
    return read


def _require_single(block: Block, book: Codebook, fault: Fault) -> None:
    seen: set[str] = set()
    for target in block.targets():
        if target.aim is not Aim.FIELD:
            continue
        known = book.field(target.path)
        several = known.type in (FieldType.CODES, FieldType.TEXT) or target.path in REPEATABLE
        if target.path in seen and not several:
            raise fault.error(target.path, "is filled by two columns of one block")
        seen.add(target.path)
