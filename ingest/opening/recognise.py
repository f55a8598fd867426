"""Which declaration is meant for a file: the one whose header names are all there, and says most about it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codebook import SourceError
from codebook.shell_words import typed
from ingest.mapping import Sheet, Source
from ingest.readers import check_columns, names_of_columns, refuse_donor_list
from ingest.readers.registry import ENDINGS

from .headings import container_of, open_source

# Written beside source files by `synthesize`, and never a source.
_NOT_SOURCES = frozenset({"truth.json"})
_HEADER_SHARE = 0.5  # of a declaration's names that must be there before another column's name is told
_REASONS = ("accounts for every column", "knows the file by more columns", "is the group's own")
_NEAR_SHARE = 0.2  # below it no declaration is near


@dataclass(frozen=True)
class Choice:
    """The declaration that was taken for a file, and what a person should know of the choice."""

    source: Source
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fitting:
    """A declaration whose names are all in the header.

    Attributes:
        rank: Whether every column is accounted for, by how many names, and whether it is the group's own.
    """

    source: Source
    rank: tuple[bool, int, bool]


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files to ingest: those named, and those of the folders named that have a known ending.

    Raises:
        SourceError: A path does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                one for one in path.iterdir() if one.is_file() and not one.name.startswith((".", "~"))
            )
            found += [one for one in inside if one.suffix.lower() in ENDINGS and one.name not in _NOT_SOURCES]
        elif path.is_file():
            found.append(path)
        else:
            raise SourceError(f"{path.name}: there is no such file", remedy="check the name and the folder")
    return list(dict.fromkeys(found))


def recognise(path: Path, sources: Mapping[str, Source]) -> Source:
    """Return the declaration that `choose_source` takes for a file."""
    return choose_source(path, sources).source


def choose_source(path: Path, sources: Mapping[str, Source]) -> Choice:
    """Return the declaration whose format and header names fit the file best.

    Of several that fit, the one that accounts for every column goes first, then the one with more names to
    recognise a file by, then the group's own; never the one that happens to be read first.

    Raises:
        SourceError: None fits, or several do equally; or the file cannot be read as any of them.
    """
    container = ENDINGS.get(path.suffix.lower(), "")
    candidates = [
        sources[name] for name in sorted(sources) if container_of(path, sources[name].format) == container
    ]
    if not candidates:
        raise SourceError(
            f"{path.name}: no source declaration is for files of this kind",
            remedy=f"`withheld ingest {typed(path)} --suggest` writes a draft of one",
        )
    looked = _look(path, candidates, _opens_alike)
    # Where the header stands below titles depends on the names that are sought: each looks for itself then.
    looked = looked if looked.fitting else _look(path, candidates, lambda source: source.name)
    if not looked.fitting:
        raise _unknown(path, looked.faults, looked.headers)
    return _best(path, looked.fitting)


@dataclass
class _Looked:
    """What came of holding a file against each declaration."""

    fitting: list[_Fitting] = field(default_factory=list)
    faults: list[SourceError] = field(default_factory=list)
    headers: list[tuple[Source, tuple[str, ...]]] = field(default_factory=list)


def _look(path: Path, candidates: Sequence[Source], alike: Callable[[Source], object]) -> _Looked:
    """Hold a file against each declaration; those that are alike look at it together."""
    looked = _Looked()
    opened: dict[object, tuple[str, ...] | SourceError] = {}
    for source in candidates:
        if alike(source) not in opened:
            opened[alike(source)] = _header(path, source)
        header = opened[alike(source)]
        if isinstance(header, SourceError):
            looked.faults.append(header)
            continue
        looked.headers.append((source, header))
        refuse_donor_list(header, funding=False, counts=frozenset(), place=path.name)
        if source.recognise <= set(header):
            rank = (_accounts_for(source, header), len(source.recognise), not source.packaged)
            looked.fitting.append(_Fitting(source, rank))
    return looked


def _header(path: Path, source: Source) -> tuple[str, ...] | SourceError:
    """Return the header of a file opened as a source declares it, or why it cannot be."""
    try:
        with open_source(path, source) as table:
            return table.header
    except SourceError as error:
        return error


def _opens_alike(source: Source) -> object:
    """Return what decides how a workbook is opened: the many exports of one form need one look at a file."""
    if source.format != "xlsx" or source.positions or source.main.translation:
        return source.name

    def tables(sheet: Sheet) -> object:
        return (sheet.name, sheet.optional, *(tables(repeat) for repeat in sheet.repeats))

    return (tables(source.main), source.ignore_sheets, source.names)


def _accounts_for(source: Source, header: tuple[str, ...]) -> bool:
    """Return whether every column would be taken: decides between two exports of one form."""
    try:
        check_columns(source.main, header, place="", keys_vary=source.format.startswith("json"))
    except SourceError:
        return False
    return True


def _best(path: Path, fitting: Sequence[_Fitting]) -> Choice:
    most = max(one.rank for one in fitting)
    best = [one.source for one in fitting if one.rank == most]
    if len(best) > 1:
        names = ", ".join(one.name for one in best)
        raise SourceError(
            f"{path.name}: {len(best)} source declarations fit equally well: {names}",
            remedy="name the right one: `withheld ingest FILE --source NAME`",
        )
    others = [one for one in fitting if one.source is not best[0]]
    if not others:
        return Choice(best[0])
    second = max(one.rank for one in others)
    why = next(why for why, mine, its in zip(_REASONS, most, second, strict=True) if mine != its)
    names = ", ".join(one.source.name for one in others)
    return Choice(best[0], (f"{best[0].name} was taken, which {why}; {names} would fit too (--source NAME)",))


def _unknown(
    path: Path, faults: Sequence[SourceError], headers: Sequence[tuple[Source, tuple[str, ...]]]
) -> SourceError:
    """Return why no declaration fits: what differs from the nearest one, or why the file cannot be read."""
    reason, times = Counter(error.reason for error in faults).most_common(1)[0] if faults else ("", 0)
    widest = max((len(header) for _, header in headers), default=0)
    if times and (not headers or (widest == 1 and times > 1)):
        # Where the others see one column only, what several stumble over is the file's own fault.
        fault = next(error for error in faults if error.reason == reason)
        if times == len(faults):
            return fault
        if times == 1:
            return _of_none(
                path, f"none of {len(faults)} can read it: other sheets, or other files beside it"
            )
        return _of_none(path, reason, remedy=fault.remedy)
    source, header = max(headers, key=lambda one: (_nearness(*one), not one[0].packaged))
    columns = f"{widest} columns"
    if _nearness(source, header) < _NEAR_SHARE:
        return _of_none(path, columns)
    missing = sorted(source.main.required_columns - set(header))
    added = [name for name in header if name and not source.main.accounts_for(name)]
    shared = len(source.main.required_columns & set(header))
    # A first row that is a record must not be told as if it were a header.
    is_header = shared >= _HEADER_SHARE * len(source.main.required_columns)
    return _of_none(
        path,
        f"{columns}; nearest is {source.name}"
        + _difference("the file lacks", missing, told=True)
        + _difference("the file adds", added, told=is_header),
        near=source.name,
    )


def _difference(what: str, names: Sequence[str], *, told: bool) -> str:
    if not names:
        return ""
    named = f": {names_of_columns(names)}" if told else ""
    return f"; {what} {len(names)} columns{named}"


def _nearness(source: Source, header: tuple[str, ...]) -> float:
    """Return the share of columns that a declaration and a header have in common, 0..1."""
    declared = source.main.mapped_columns
    return len(declared & set(header)) / max(1, len(declared | set(header)))


def _of_none(path: Path, what: str, *, near: str = "", remedy: str = "") -> SourceError:
    correct = (
        f"{remedy}; or " if remedy else f"copy {near}.yml into sources/ and correct it, or " if near else ""
    )
    draft = f"`withheld ingest {typed(path)} --suggest`"
    return SourceError(
        f"{path.name}: it is of no source declaration that is here ({what})",
        remedy=f"{correct}{draft} writes a draft declaration to confirm; or name one with --source NAME",
    )
