"""The program's own words: what stands in every release on purpose, whatever is in the vault.

The labels of the codebook, the packaged texts of pages, charts and caveats, and the words of citations (names
of months among them: `January` may be somebody's name, and every release made in January has it). A phrase
that stands in them cannot be told from the program's own and is not searched for by its forms. Settlements
are not among them.
"""

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
# Folders of packaged texts, and the endings of the files that a release is made of.
_PACKAGED = {
    "codebook": (".yml", ".csv"),
    "anonymize": (".yml",),
    "reports": (".yml", ".html", ".css", ".js", ".svg", ".bib", ".py"),
}
_CITATIONS = ("locales-en-US.xml", "locales-ru-RU.xml")  # the words that citeproc writes around a citation
_PRIVATE = frozenset({"settlements.csv", "given_names.yml"})  # names of places and people: identifying


@cache
def own_texts() -> tuple[str, ...]:
    """Return the packaged texts, in a fixed order."""
    return tuple(_read())


@cache
def printed_texts() -> tuple[str, ...]:
    """Return those of them that are printed as they are: all but program text."""
    return tuple(_packaged(without=".py"))


def _packaged(without: str = "") -> Iterator[str]:
    for folder, endings in _PACKAGED.items():
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in endings and path.suffix != without and path.name not in _PRIVATE:
                yield path.read_text(encoding="utf-8")


def _read() -> Iterator[str]:
    yield from _packaged()
    for path in _citation_words():
        yield path.read_text(encoding="utf-8")


def _citation_words() -> Iterator[Path]:
    citeproc = importlib.util.find_spec("citeproc")
    for place in citeproc.submodule_search_locations or () if citeproc else ():
        for name in _CITATIONS:
            yield Path(place) / "data" / "locales" / name
