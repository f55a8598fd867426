"""From the words of a place to its region: one region, or a question for a person; nothing is guessed.

A cell may name a settlement in any case and script, its district and its region ("Чечня, в Грозном").
Settlements: GeoNames, CC BY 4.0, `codebook/settlements.csv`. There is no good source of district names in
Cyrillic: a district only decides between settlements of one name, and only where it is called after a
settlement of one region.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from codebook import Codebook, Settlement, fold
from codebook.inflection import phrase_forms
from ingest.problems import AMBIGUOUS, UNKNOWN_CODE, Problem

from .names import name_key

_LONGEST = 200  # characters of a place; a longer cell is a story
_TOWN = 20_000  # people; a town's name is not shared by accident
_PARTS = re.compile(r"[,;()\n|/]|\s-\s|\.\s+(?=(?:г|с|п|пос|ст|р-н)\.)")
# What stands before or after a settlement's name: city, village, aul, stanitsa, settlement.
_KIND_WORDS = (
    r"(?:г|гор|город[аеу]?|городе|с|сел[оаеу]|сел|село|селени[еяи]|аул[аеу]?|а|ст|станиц[аеыу]|ст-ц[аеыу]|п|пос|"
    r"пос[её]лок|поселк[аеу]|пгт|р\.?п|х|хутор[аеу]?|д|дер|деревн[яеи]|с\.?п|г\.?о|"
    r"city(?: of)?|town(?: of)?|village(?: of)?|aul|selo|stanitsa|stanica|g|s|st|pos)"
)
_KIND = re.compile(_KIND_WORDS)
_BEFORE = re.compile(rf"^{_KIND_WORDS}(?:\.\s*|\s+)(?=\S)")
_AFTER = re.compile(r"\s+(?:г|с|п|город|село|аул|станица|пос[её]лок|city|town|village)\.?$")
_PREPOSITION = re.compile(r"^(?:в|во|из|на|до|с|со|in|from|at|to|in the)\s+")
_NEAR = re.compile(r"^(?:под|около|возле|близ|недалеко от|рядом с|вблизи|окрестности|near|outside|around)\s")
_SKIPPED = re.compile(
    r"(?:россия|рф|российская федерация|russia|russian federation|северный кавказ|скфо|north caucasus|"
    r"(?:ул|улица|пр|пр-т|просп|проспект|пер|переулок|д|дом|кв|квартира|корп|мкр|микрорайон|street)\b.*|\d+\w?)"
)
_DISTRICT = re.compile(r"(?:р-н[аеу]?|район[аеу]?|district|raion|rayon)\b")
_ADJECTIVE = re.compile(r"(?:ск)?(?:ий|ого|ому|им|ом|ый|ым|ое|ая|ой)$")
_ENDING = re.compile(r"(?:ое|ая|ий|ый|ие|ые|[аеиоуыэюяьй])$")
_CONNECTING = ("", "ов", "ев", "ин", "н", "ен", "еев")
_GENERIC = re.compile(r"(?:ое|ая|ый|ий|ка|во|oe|oye|aja|aya|yj|yy|ij|iy|ka|vo)$")
_SHORTEST_KEY = 5  # letters of a Latin name that is compared without its habits of transliteration


@dataclass
class _Named:
    """What the parts of one cell name."""

    regions: set[str] = field(default_factory=set)
    settlements: list[set[str]] = field(default_factory=list)
    districts: list[set[str]] = field(default_factory=list)
    is_town: bool = False
    unknown: bool = False


class Gazetteer:
    """The settlements of the codebook by any spelling."""

    def __init__(self, book: Codebook) -> None:
        self._index = _index(book.settlements)
        spellings = book.code_lists["region"].spellings
        self._region_names = {name: code for name, code in spellings.items() if code.startswith("RU-")}

    def region_of(self, text: str) -> str | Problem:
        """Return the region that a place lies in; a Problem where none is known or several are possible."""
        if len(text) > _LONGEST:
            return UNKNOWN_CODE
        folded = fold(text)
        known = self._index.names.get(folded)
        if known and folded not in self._region_names:
            return _one(known)
        named = self._read(folded)
        return AMBIGUOUS if named is None else _decided(named)

    def _read(self, folded: str) -> _Named | None:
        """Return what the parts of a text name; None where it says that the place is only near."""
        named = _Named()
        for raw in _PARTS.split(folded):
            part = raw.strip(" .")
            if not part or _SKIPPED.fullmatch(part) or _KIND.fullmatch(part):
                continue
            if _NEAR.match(part):
                return None
            for piece in self._pieces(part):
                self._add(named, piece)
        return named

    def _pieces(self, part: str) -> list[str]:
        """Return a part as it is, or cut into a region or district and a settlement, if that is known."""
        if self._kind_of(part):
            return [part]
        words = part.split(" ")
        for cut in range(1, len(words)):
            left, right = " ".join(words[:cut]), " ".join(words[cut:])
            kinds = {self._kind_of(left), self._kind_of(right)}
            if "" not in kinds and kinds != {"settlement"}:
                return [left, right]
        return [part]

    def _kind_of(self, part: str) -> str:
        bare = _PREPOSITION.sub("", part)
        if bare in self._region_names:
            return "region"
        if _DISTRICT.search(bare):
            return "district" if len(bare.split(" ")) == 2 else ""
        return "settlement" if self._settlement(bare) else ""

    def _add(self, named: _Named, part: str) -> None:
        bare = _PREPOSITION.sub("", part)
        kind = self._kind_of(part)
        if kind == "region":
            named.regions.add(self._region_names[bare])
        elif kind == "district":
            named.districts.append(self._district(bare))
        elif kind == "settlement":
            found = self._settlement(bare)
            named.settlements.append(set(found))
            named.is_town = named.is_town or _bare(bare) in self._index.towns
        else:
            named.unknown = True

    def _settlement(self, bare: str) -> frozenset[str]:
        for name in dict.fromkeys((bare, _bare(bare), _bare(bare).replace(" ", "-"))):
            if found := self._index.names.get(name):
                return found
        key = name_key(_bare(bare)) if bare.isascii() and bare[:1].isalpha() else ""
        return self._index.keys.get(key, frozenset()) if len(key) >= _SHORTEST_KEY else frozenset()

    def _district(self, bare: str) -> set[str]:
        """Return the regions of the settlements that a district can be called after."""
        stem = _ADJECTIVE.sub("", _DISTRICT.sub("", bare).strip(" ."))
        return set(self._index.district_stems.get(stem, ()))


@dataclass(frozen=True)
class _Index:
    """The settlements by what they can be called, folded.

    Attributes:
        names: Name or case form -> regions; "" among them where it is a Soviet name, found everywhere.
        keys: Name without its habits of transliteration -> regions.
        towns: Names and case forms of towns.
        district_stems: What a district called after a settlement begins with -> regions.
    """

    names: Mapping[str, frozenset[str]]
    keys: Mapping[str, frozenset[str]]
    towns: frozenset[str]
    district_stems: Mapping[str, frozenset[str]]


@lru_cache(maxsize=2)
def _index(settlements: tuple[Settlement, ...]) -> _Index:
    names, keys, stems = _Regions(), _Regions(), _Regions()
    towns: set[str] = set()
    for one in settlements:
        spellings = list(_spellings(one))
        names.add(spellings, one.region)
        names.add(map(fold, one.also_seen), one.region)
        names.add((name for name in map(fold, one.also_seen) if _is_former(name, one)), "")
        keys.add((name_key(one.name_latin), name_key(one.name_cyrillic)), one.region)
        stem = _ENDING.sub("", fold(one.name_cyrillic))
        stems.add((stem + connecting for connecting in _CONNECTING if len(stem) >= 4), one.region)
        towns.update(spellings if one.population >= _TOWN else ())
    return _Index(names.frozen(), keys.frozen(), frozenset(towns), stems.frozen())


class _Regions(dict[str, set[str]]):
    """Text -> regions, as they are gathered."""

    def add(self, texts: Iterable[str], region: str) -> None:
        """Note a region under each text."""
        for text in texts:
            self.setdefault(text, set()).add(region)

    def frozen(self) -> dict[str, frozenset[str]]:
        """Return what was gathered."""
        return {text: frozenset(regions) for text, regions in self.items()}


def _decided(named: _Named) -> str | Problem:
    possible = set.intersection(*named.settlements) if named.settlements else set()
    if len(named.regions) > 1:
        return AMBIGUOUS
    if named.regions:
        region = next(iter(named.regions))
        # A village of that name may be in any region; a town is where it is.
        contradicted = named.is_town and region not in possible
        return AMBIGUOUS if contradicted else region
    if named.unknown or not named.settlements:
        return UNKNOWN_CODE
    for district in named.districts:
        if named.is_town and not district:
            continue  # a district of the town
        possible &= district
        if len(possible) != 1 or not district:
            return AMBIGUOUS
    return _one(possible)


def _one(regions: Iterable[str]) -> str | Problem:
    found = set(regions)
    return found.pop() if len(found) == 1 and "" not in found else AMBIGUOUS


def _bare(part: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", part)).strip(" .")


def _spellings(settlement: Settlement) -> Iterator[str]:
    """Yield the names of a settlement and the case forms of the Russian one, folded."""
    for name in filter(None, (settlement.name_latin, settlement.name_cyrillic)):
        yield fold(name)
    if settlement.name_cyrillic:
        yield from phrase_forms(fold(settlement.name_cyrillic), whole=True)


def _is_former(name: str, settlement: Settlement) -> bool:
    """Return whether a name is one of those given in Soviet times, which hundreds of places have."""
    bare = _bare(name)
    if not _GENERIC.search(bare):
        return False
    return not any(bare[:3] == fold(own)[:3] for own in (settlement.name_latin, settlement.name_cyrillic))


__all__ = ["Gazetteer"]
