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
    "reports": (".yml", ".html", ".css", ".js", ".svg", ".bib"),
}
_CITATIONS = ("locales-en-US.xml", "locales-ru-RU.xml")  # the words that citeproc writes around a citation
_PRIVATE = frozenset({"settlements.csv", "given_names.yml"})  # names of places and people: identifying


@cache
def own_texts() -> tuple[str, ...]:
    """Return the packaged texts, those in program text and those of citations, in a fixed order."""
    unprinted = (*sorted((_ROOT / "reports").rglob("*.py")), *_citation_words())
    return (*printed_texts(), *(path.read_text(encoding="utf-8") for path in unprinted))


@cache
def printed_texts() -> tuple[str, ...]:
    """Return those of them that are printed as they are, in a fixed order."""
    return tuple(
        path.read_text(encoding="utf-8")
        for folder, endings in _PACKAGED.items()
        for path in sorted((_ROOT / folder).rglob("*"))
        if path.suffix in endings and path.name not in _PRIVATE
    )


def _citation_words() -> Iterator[Path]:
    citeproc = importlib.util.find_spec("citeproc")
    for place in citeproc.submodule_search_locations or () if citeproc else ():
        for name in _CITATIONS:
            yield Path(place) / "data" / "locales" / name
