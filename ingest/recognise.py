"""Which declaration is meant for a file: the one whose header names are all there."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from codebook import SourceError

from .columns import check_columns, refuse_donor_list
from .mapping import Source
from .readers import open_table
from .readers.registry import ENDINGS

# Written beside source files by `synthesize`, and never a source.
_NOT_SOURCES = frozenset({"truth.json"})


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
            raise SourceError(f"{path.name}: there is no such file", remedy="check the name")
    return list(dict.fromkeys(found))


def recognise(path: Path, sources: Mapping[str, Source]) -> Source:
    """Return the one declaration whose format and header names fit the file.

    Raises:
        SourceError: None fits, or several do; or the file cannot be read as any of them.
    """
    container = ENDINGS.get(path.suffix.lower(), "")
    candidates = [one for one in sources.values() if one.format == container]
    if not candidates:
        raise SourceError(
            f"{path.name}: no source declaration is for files of this kind",
            remedy="write one (ingest/sources/README.md), or name one with --source NAME",
        )
    fitting: list[tuple[bool, int, Source]] = []
    faults: list[SourceError] = []
    headers: list[tuple[str, ...]] = []
    for source in candidates:
        try:
            header = _header(path, source)
        except SourceError as error:
            faults.append(error)
            continue
        headers.append(header)
        refuse_donor_list(header, funding=False, counts=frozenset(), place=path.name)
        if source.recognise <= set(header):
            fitting.append((_accounts_for(source, header), len(source.recognise), source))
    return _the_one(path, fitting, faults, headers)


def _header(path: Path, source: Source) -> tuple[str, ...]:
    with open_table(path, source) as table:
        return table.header


def _accounts_for(source: Source, header: tuple[str, ...]) -> bool:
    """Return whether every column would be taken: decides between two exports of one form."""
    try:
        check_columns(source.main, header, place="", keys_vary=source.format.startswith("json"))
    except SourceError:
        return False
    return True


def _the_one(
    path: Path,
    fitting: list[tuple[bool, int, Source]],
    faults: list[SourceError],
    headers: list[tuple[str, ...]],
) -> Source:
    if not fitting:
        # A workbook without the sheets of one declaration may be of another one.
        if faults and not headers and (len(faults) == 1 and path.suffix.lower() != ".xlsx"):
            raise faults[0]
        raise SourceError(
            f"{path.name}: it is of no source declaration that is here"
            + (f" ({max(map(len, headers))} columns)" if headers else f" ({faults[0].reason})"),
            remedy="write a declaration into the workspace's sources/ (see ingest/sources/README.md), or "
            "name one with --source NAME",
        )
    most = max((whole, names) for whole, names, _ in fitting)
    best = [source for whole, names, source in fitting if (whole, names) == most]
    if len(best) > 1:
        names = ", ".join(sorted(one.name for one in best))
        raise SourceError(
            f"{path.name}: {len(best)} source declarations fit: {names}",
            remedy="name one with --source NAME",
        )
    return best[0]
