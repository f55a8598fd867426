"""Systems of transliteration as others write names by them; what a system does not say is as in BASE."""

BASE = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "",
    "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
SYSTEMS: dict[str, dict[str, str]] = {
    "ISO 9": {"ё": "ë", "ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "ъ": "ʺ",
              "ь": "ʹ", "э": "è", "ю": "û", "я": "â"},
    "passport": {"й": "i", "ъ": "ie", "ю": "iu", "я": "ia"},
    "passport of 1997": {"ь": "'"},
    "BGN": {"ё": "yë", "ъ": "”", "ь": "’"},
    "GOST 7.79 B": {"ё": "yo", "й": "j", "х": "x", "ц": "cz", "щ": "shh", "ъ": "``", "ы": "y`",
                    "ь": "`", "э": "e`"},
    "scholarly": {"ё": "ë", "ж": "ž", "й": "j", "х": "x", "ц": "c", "ч": "č", "ш": "š", "щ": "šč", "ъ": "ʺ",
                  "ь": "ʹ", "э": "è", "ю": "ju", "я": "ja"},
    "English habit": {"ё": "yo", "ж": "j", "х": "h", "щ": "sch", "дж": "j"},
    "Caucasus habit": {"й": "i", "х": "x", "ц": "c", "щ": "sh", "ы": "i", "ю": "ju", "я": "ja", "дж": "dj"},
}  # fmt: skip
_AFTER = "аеёиоуыэюяйъь"


def transliterate(word: str, system: str) -> str:
    """Return a Cyrillic word in Latin letters."""
    letters = {**BASE, **SYSTEMS[system]}
    text = word.lower().replace("дж", letters.get("дж", "дж"))
    latin = [letters.get(letter, letter) for letter in text]
    if system == "BGN":
        latin = [
            "ye" if letter == "е" and (not place or text[place - 1] in _AFTER) else latin[place]
            for place, letter in enumerate(text)
        ]
    return "".join(latin).title()
