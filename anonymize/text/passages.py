"""The sentences of a narrative, so that a person can choose which of them are quoted."""

import re

from codebook import UsageError

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\s|$|[»\"”])[»\"”]?|\n|$|[.!?…]+)", re.DOTALL)
_CHOICE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
_NO_END = re.compile(
    r"(?:^|[\s(])(?:[A-ZА-ЯЁ]|г|ул|д|кв|им|т|тел|гг|ст|пос|с|mr|mrs|dr|st|no)\.\s*$", re.IGNORECASE
)


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return where the sentences begin and end; an initial or a short word with a dot ends none.

    >>> [len(one) for one in (sentences_of("Это Х. А. Она здесь. Помогите!"), sentences_of(""))]
    [2, 0]
    """
    found: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        if found and _NO_END.search(text[found[-1][0] : found[-1][1]]) and "\n" not in text[found[-1][1] - 1]:
            found[-1] = (found[-1][0], match.end())
        else:
            found.append(match.span())
    return [(start, end) for start, end in found if text[start:end].strip()]


def passage_of(text: str, choice: str) -> tuple[int, int]:
    """Return where the chosen sentences begin and end: "2", "2-4"; the whole text where nothing is chosen.

    Raises:
        UsageError: There are no such sentences.
    """
    if not choice:
        return 0, len(text)
    sentences = sentences_of(text)
    found = _CHOICE.fullmatch(choice.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= len(sentences):
        raise UsageError(
            f"the narrative has {len(sentences)} sentences",
            remedy="choose them so: --sentences 2, --sentences 2-4",
        )
    start, end = sentences[first - 1][0], sentences[last - 1][1]
    return start + len(text[start:end]) - len(text[start:end].lstrip()), end
