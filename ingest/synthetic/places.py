"""Settlements for the invented cases: only those whose name cannot stand in a public text by necessity.

A leak scan greps every settlement over the release; a village called like a region word would be found in
every label. So a name that is part of any text of the codebook, or an everyday word, is left out.
"""

from collections.abc import Iterator

from codebook import Codebook, fold

from .dice import Dice

_SHORTEST_NAME = 6  # letters: shorter ones are parts of ordinary words
_EVERYDAY = (
    "надежда", "дружба", "свобод", "совет", "солнечн", "пригородн", "первомайск", "комсомол", "октябрь",
    "степн", "дачн", "безопасн", "покойн", "подгорн", "благодарн", "благодатн", "дивное", "незлобн",
    "изобильн", "москов", "иванов", "прохладн", "эльбрус", "тюльпан", "ставроп", "кавказ", "преградн",
    "исправн", "полян", "ударн", "майск", "планов", "солдатск", "каменк", "летн", "татарк", "сторожев",
    "терская", "ведено", "северн",
)  # fmt: skip


def settlements_by_region(book: Codebook) -> dict[str, list[tuple[str, str, int]]]:
    """Return region -> [(Cyrillic name, Latin name, weight)], in the order of the codebook."""
    public = "\n".join(_public_texts(book)).casefold()
    found: dict[str, list[tuple[str, str, int]]] = {}
    for one in book.settlements:
        cyrillic, latin = one.name_cyrillic, one.name_latin.replace("’", "")
        if _is_meaningful(cyrillic, public) and _is_meaningful(latin, public):
            found.setdefault(one.region, []).append((cyrillic, latin, max(one.population, 500)))
    return found


class PlaceMaker:
    """Draws settlements, the large ones more often."""

    def __init__(self, book: Codebook, dice: Dice) -> None:
        """Read the settlements of `book`; draw with `dice`."""
        self._dice = dice
        self._by_region = {
            region: ([(row[0], row[1]) for row in rows], _running([row[2] ** 0.7 for row in rows]))
            for region, rows in settlements_by_region(book).items()
        }

    def settlement(self, region: str) -> tuple[str, str]:
        """Return a settlement in Cyrillic and Latin letters; empty where the region has none to offer."""
        if region not in self._by_region:
            return ("", "")
        names, running = self._by_region[region]
        return self._dice.random.choices(names, cum_weights=running)[0]


def settlements_of_one_region(book: Codebook) -> frozenset[str]:
    """Return the names that are enough to know the region: no other region has a place called so."""
    regions: dict[str, set[str]] = {}
    for one in book.settlements:
        for name in (one.name_latin, one.name_cyrillic, *one.also_seen):
            regions.setdefault(fold(name), set()).add(one.region)
    names = [name for one in book.settlements for name in (one.name_cyrillic, one.name_latin)]
    return frozenset(name for name in names if len(regions[fold(name)]) == 1)


def _running(weights: list[float]) -> list[float]:
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums


def _is_meaningful(name: str, public: str) -> bool:
    folded = name.casefold()
    return len(name) >= _SHORTEST_NAME and folded not in public and not folded.startswith(_EVERYDAY)


def _public_texts(book: Codebook) -> Iterator[str]:
    for code_list in book.code_lists.values():
        for code in code_list.codes.values():
            yield from (code.code, code.label_en, code.label_ru, *code.also_seen)
    for entity in book.entities.values():
        yield from (entity.label_en, entity.label_ru, entity.description)
        for field in entity.fields.values():
            yield from (field.label_en, field.label_ru, field.description)
