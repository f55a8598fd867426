"""Letters that stand for one another in names: Cyrillic as most write it in Latin, and Latin with marks.

Prints of names lie in vaults: another letter here makes the prints of old rows unlike those of new ones.
"""

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "ӏ": "", "і": "i", "ї": "yi", "ґ": "g", "є": "e",
}  # fmt: skip
# Letters with marks that stand for a sound of their own; every other mark is taken off.
MARKED = str.maketrans(
    {
        "ž": "zh", "č": "ch", "š": "sh", "ŝ": "shch", "ç": "ch", "ş": "sh", "ğ": "g", "ı": "i", "â": "ya",
        "û": "yu", "ə": "a", "ß": "s", "ł": "l", "ĵ": "j",
    }
)  # fmt: skip
