"""Names that nobody told us: natasha's weights for Russian, and the dictionary for what has no capital.

Optional (extra `[ner]`); everything runs on this machine. The recogniser was trained on news with capitals,
so it is asked twice: as the text stands, and with a capital for each word that may be a name. Latin letters
are read back into Cyrillic ones, word by word.
"""

import importlib.util
import itertools
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from codebook.names import cyrillic_readings

from .dictionary import Dictionary, Reading, load_dictionary
from .spans import Certainty, Span
from .words import Word

_NEEDED = ("natasha", "slovnet", "navec")
_WEIGHTS = ("data/emb/navec_news_v1_1B_250K_300d_100q.tar", "data/model/slovnet_ner_news_v1.tar")
_KINDS = {"PER": "name", "LOC": "place", "ORG": "institution"}
_CYRILLIC = re.compile("[а-я]")
_FAMILY = re.compile(
    r"(?:[аяие]?[ое]в|[аяи]ин|[цс]к|[ое]вич|[ое]вн)(?:а|у|ы|е|ой|ою|ым|ых|ыми|ий|ая|ого|ому|им|ую|ем)?$|"
    r"(?:швили|дзе|янц?|енко|ханов\w*)$"
)
# Words after which a word without a capital is a name, if it can be one.
CUE = re.compile(
    r"зовут|звать|имени|имя|муж\w{0,3}|жен[аыуео]й?|брат\w{0,3}|сестр\w{1,2}|мам[аыуе]|пап[аыуе]|от(?:ец|ц[аоуем]+)|"
    r"мать|матери|дяд[яиюе]й?|т[её]т[яиюек]\w?|сын\w{0,3}|доч\w{1,4}|друг\w{0,2}|подруг\w{1,2}|сосед\w{0,3}|"
    r"свекров\w{1,2}|св[её]к\w{2,3}|бабушк\w|бабк\w|дед\w{0,3}|коллег\w|жених\w{0,2}|имам\w{0,2}|хозяйк\w|деверь|"
    r"золовк\w|отчим\w{0,2}|мачех\w|зять|зят\w{1,2}|капитан\w?|майор\w?|лейтенант\w?|хаджи|родители|братья|"
    r"muzh|brat|sestra|mama|papa|tetya|dyadya|zovut|podruge?|iz|husband|brother|sister|uncle|aunt|friend|"
    r"father|mother|cousin|neighbour|son|daughter"
)
_FROM = re.compile(r"из|в|во|под|около|до|from|in|near|iz|v")


class Recogniser:
    """Finds names of people, places and organisations that are in no list of the case."""

    def __init__(self, model: Any, dictionary: Dictionary) -> None:
        self._model = model
        self._dictionary = dictionary

    def find(self, text: str, words: Sequence[Word]) -> Iterator[Span]:
        """Yield what the weights and the dictionary take for a name."""
        readings = [self._reading(word) for word in words]
        for version in dict.fromkeys((text, self._with_capitals(text, words, readings)) if words else ()):
            for found in self._model(version).spans:
                # What has a capital only because we gave it one is less sure.
                sure = Certainty.RECOGNISED if text[found.start].isupper() else Certainty.UNSURE
                yield _without_kin(Span(found.start, found.stop, _KINDS[found.type], sure), words)
        for place, (word, reading) in enumerate(zip(words, readings, strict=True)):
            before = words[place - 1].folded if place else ""
            yield from _by_dictionary(word, reading, before)

    def is_plain(self, word: Word) -> bool:
        """Return whether a word is in the dictionary and is no name there."""
        return self._reading(word) is Reading.PLAIN

    def _reading(self, word: Word) -> Reading:
        if _CYRILLIC.search(word.folded):
            return self._dictionary.reading(word.folded)
        found = Reading.UNKNOWN
        if len(word.folded) > 2 and not any(map(str.isdigit, word.folded)):
            for reading in cyrillic_readings(word.folded):
                found |= self._dictionary.reading(reading) & ~Reading.PLAIN
        return found

    def _with_capitals(self, text: str, words: Sequence[Word], readings: Sequence[Reading]) -> str:
        letters = list(text)
        for word, reading in zip(words, readings, strict=True):
            if reading is not Reading.PLAIN and len(word.text) > 2 and len(word.text[0].upper()) == 1:
                letters[word.start] = word.text[0].upper()
        return "".join(letters)


def _without_kin(span: Span, words: Sequence[Word]) -> Span:
    """Return a span without the words at its beginning that only say who it is: "дядя Салман"."""
    inside = [word for word in words if span.start <= word.start < span.end]
    for word, after in itertools.pairwise(inside):
        if not CUE.fullmatch(word.folded):
            break
        span = Span(after.start, span.end, span.kind, span.certainty)
    return span


def _by_dictionary(word: Word, reading: Reading, before: str) -> Iterator[Span]:
    """Yield a word that the dictionary has as a name or a place, or does not have at all."""
    kind = "place" if reading & Reading.PLACE and not reading & Reading.NAME else "name"
    cued = bool(CUE.fullmatch(before) or (kind == "place" and _FROM.fullmatch(before)))
    latin = not _CYRILLIC.search(word.folded)
    if len(word.folded) < 2 or word.folded.isdigit():
        return
    if reading & (Reading.NAME | Reading.PLACE):
        only = not reading & Reading.PLAIN
        if word.capital:
            sure = only or not word.opens
        else:
            if not cued and (latin or not only or len(word.folded) < 3):
                return
            sure = only
        yield Span(word.start, word.end, kind, Certainty.RECOGNISED if sure else Certainty.UNSURE)
    elif reading is Reading.UNKNOWN and not latin and len(word.folded) > 2:
        likely = word.capital and (cued or _FAMILY.search(word.folded))
        yield Span(word.start, word.end, "name", Certainty.RECOGNISED if likely else Certainty.UNSURE)
    elif reading is Reading.UNKNOWN and latin and cued and not word.capital and before.isascii():
        yield Span(word.start, word.end, "name", Certainty.UNSURE)


@cache
def load_recogniser() -> Recogniser | None:
    """Return the recogniser, None where the extra `[ner]` is not installed.

    The weights lie in natasha's wheel; the package itself is not imported, it needs more than they do.
    """
    dictionary = load_dictionary()
    if dictionary is None or not all(importlib.util.find_spec(name) for name in _NEEDED):
        return None
    home = importlib.util.find_spec("natasha")
    if home is None or home.origin is None:
        return None
    # Matrices are too small to share between threads; works only if numpy is not loaded yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from navec import Navec
    from slovnet import NER

    folder = Path(home.origin).parent
    words, model = (str(folder / one) for one in _WEIGHTS)
    recogniser = NER.load(model)
    recogniser.navec(Navec.load(words))
    return Recogniser(recogniser, dictionary)
