"""Numbers in words, 0 to 120, in English and Russian, as ages and counts are written.

Folded words only; the forms are nominative, as people write ages, and genitive where a count stands alone.
"""

_RUSSIAN_ONES = {
    "ноль": 0, "один": 1, "одна": 1, "одно": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9,
}  # fmt: skip
_RUSSIAN = {
    **_RUSSIAN_ONES,
    "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14,
    "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19,
    "двадцать": 20, "тридцать": 30, "сорок": 40,
    "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90,
    "сто": 100, "двое": 2, "трое": 3, "четверо": 4, "пятеро": 5, "шестеро": 6, "семеро": 7,
}  # fmt: skip
_ENGLISH_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9,
}  # fmt: skip
_ENGLISH = {
    **_ENGLISH_ONES,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def read_number_words(folded: str) -> int | None:
    """Return the number that one or two words say, None where they say none.

    >>> read_number_words("двадцать один"), read_number_words("twenty-one"), read_number_words("три двадцать")
    (21, 21, None)
    """
    words = folded.replace("-", " ").split()
    for ones, all_words in ((_RUSSIAN_ONES, _RUSSIAN), (_ENGLISH_ONES, _ENGLISH)):
        if len(words) == 1 and words[0] in all_words:
            return all_words[words[0]]
        if len(words) == 2 and words[0] in all_words and ones.get(words[1], 0):
            tens = all_words[words[0]]
            if tens >= 20 and tens % 10 == 0 and tens < 100:
                return tens + ones[words[1]]
    return None
