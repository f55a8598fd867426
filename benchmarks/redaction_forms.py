"""Are names of a case found in every case form that a dictionary knows of them, and transliterated by others?

    python benchmarks/redaction_forms.py

The forms are made by the paradigms of the OpenCorpora dictionary (extra `[ner]`), not by ours; a family name
that it lacks is declined like one that it has with the same ending. Transliteration: text-unidecode.
"""

import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anonymize.text.dictionary import Dictionary, load_dictionary
from anonymize.text.known import KnownIdentifiers, find_known
from anonymize.text.spans import Certainty
from codebook import fold, load_codebook
from ingest.synthetic.names_data import load_names

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("магомедов", "магомедова", "алиев", "алиева", "кузьмин", "кузьмина", "островский", "островская",
          "шевченко", "ковальчук")  # fmt: skip


class Paradigms:
    """The forms of a word by the dictionary's own paradigms."""

    def __init__(self, dictionary: Dictionary) -> None:
        import pymorphy2_dicts_ru

        self._dictionary = dictionary
        path = Path(pymorphy2_dicts_ru.get_path()) / "suffixes.json"
        self._suffixes: list[str] = json.loads(path.read_text("utf-8"))

    def forms(self, word: str, kinds: Iterable[str]) -> set[str]:
        """Return the singular forms of a nominative that is of one of the kinds (Name, Surn, Geox)."""
        found = set()
        for number, form in self._dictionary._words.get(word, []):
            paradigm = self._dictionary._paradigms[number]
            size = len(paradigm) // 3
            tags = [self._dictionary._tags[tag] for tag in paradigm[size : 2 * size]]
            own = tags[form]
            if "nomn" not in own or "plur" in own or not any(kind in own for kind in kinds):
                continue
            stem = word[: len(word) - len(self._suffixes[paradigm[form]])]
            gender = next((one for one in ("masc", "femn") if one in own), "")
            found |= {
                stem + self._suffixes[suffix]
                for suffix, tag in zip(paradigm[:size], tags, strict=True)
                if gender in tag and "plur" not in tag
            }
        return found

    def like_a_model(self, family: str) -> set[str]:
        """Return the forms of a family name that the dictionary lacks, by one with the same ending."""
        for model in MODELS:
            forms = self.forms(model, ["Surn"])
            common = next((n for n in (4, 3, 2) if family[-n:] == model[-n:]), 0)
            if forms and common:
                cut = len(model) - common
                return {
                    family[: len(family) - common] + one[cut:] for one in forms if one[:cut] == model[:cut]
                }
        return set()


def cases(paradigms: Paradigms) -> Iterator[tuple[str, str, set[str]]]:
    """Yield (kind, name, forms) for given names, patronymics, family names and settlements."""
    given = yaml.safe_load((ROOT / "codebook" / "name_prints" / "given_names.yml").read_text("utf-8"))
    for name in sorted({*given["names"], *(one for line in given["one_person"] for one in line)}):
        yield "given", name, paradigms.forms(fold(name), ["Name"])
    names = load_names()
    for family in sorted(_families(names)):
        for one in (family, family + "а" if family.endswith(("ов", "ев", "ин")) else family):
            yield "family", one, paradigms.forms(fold(one), ["Surn"]) or paradigms.like_a_model(fold(one))
    for settlement in load_codebook().settlements:
        yield (
            "settlement",
            settlement.name_cyrillic,
            paradigms.forms(fold(settlement.name_cyrillic), ["Geox"]),
        )


def _families(names: object) -> set[str]:
    found: set[str] = set()
    stack = [names]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            found |= {one} if one.endswith(("ов", "ев", "ин", "ский")) else set()
        elif isinstance(one, dict):
            stack += one.values()
        elif isinstance(one, list | tuple | set | frozenset):
            stack += one
        elif hasattr(one, "__dict__"):
            stack += vars(one).values()
        elif hasattr(one, "__slots__"):
            stack += [getattr(one, name) for name in one.__slots__]
    return found


def is_found(name: str, form: str, kind: str) -> bool:
    """Return whether a form is found surely in a sentence, as an identifier of the case."""
    known = KnownIdentifiers(places=[name]) if kind == "settlement" else KnownIdentifiers([name])
    text = f"потом {form} увезли"
    return any(
        one.certainty is Certainty.KNOWN and one.start <= 6 and one.end >= 6 + len(form.rstrip("'"))
        for one in find_known(text, known)
    )


def main() -> None:
    """Print how many forms of how many names are found, in Cyrillic and in Latin letters."""
    from text_unidecode import unidecode

    dictionary = load_dictionary()
    if dictionary is None:
        raise SystemExit("install withheld[ner] first")
    chance = random.Random(7)
    started = time.process_time()
    for kind in ("given", "family", "settlement"):
        every = [(name, forms) for one, name, forms in cases(Paradigms(dictionary)) if one == kind and forms]
        every = chance.sample(every, min(len(every), 400))
        pairs = [(name, form) for name, forms in every for form in forms]
        cyrillic = [pair for pair in pairs if is_found(*pair, kind)]
        latin = [pair for pair in pairs if is_found(pair[0], unidecode(pair[1]), kind)]
        print(
            f"{kind:11} {len(every):4} names {len(pairs):5} forms  found {len(cyrillic) / len(pairs):.4f}  "
            f"transliterated {len(latin) / len(pairs):.4f}"
        )
        if "--missed" in sys.argv:
            print(sorted(set(pairs) - set(cyrillic))[:40], sorted(set(pairs) - set(latin))[:40])
    print(f"{time.process_time() - started:.1f} s of processor time")


if __name__ == "__main__":
    main()
