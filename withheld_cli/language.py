"""The language in which the command line speaks: `--lang`, WITHHELD_LANG, LC_ALL, LC_MESSAGES or LANG says.

English is the source and needs nothing. JSON, exit codes, keys and names are the same in every language.
"""

import functools
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .translation import Translator


def _russian_form(number: int) -> int:
    """Return 0 for 1, 21 ..., 1 for 2-4, 22-24 ..., 2 for the others (CLDR, cardinal numbers of Russian)."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else 2


# language -> which form of a word goes with a whole number; its texts are in messages/<language>/
PLURALS: dict[str, Callable[[int], int]] = {"ru": _russian_form}
LANGUAGES = ("en", *PLURALS)
VARIABLE = "WITHHELD_LANG"
_VARIABLES = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
_COMMENT = re.compile(r"(?P<before>\s*#\s+|.*?\s\s#\s)(?P<comment>.*)")
_SIGNS = "Яё«»"  # what a terminal must be able to show


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return the language; English where none of ours is asked for, or the output could not show it.

    Args:
        environment: Where it is asked for; the first of the variables that says something decides, as for
            other programs. That of the process by default.
    """
    known = os.environ if environment is None else environment
    asked = next((known[name] for name in _VARIABLES if known.get(name)), "")
    chosen = asked.replace("-", "_").split("_")[0].split(".")[0].lower()
    return chosen if chosen in LANGUAGES and chosen != "en" and _can_show() else "en"


def speak(chosen: str) -> None:
    """Speak a language from now on, and so do the processes that are started."""
    os.environ[VARIABLE] = chosen


def said(text: str) -> str:
    """Return an English text in the language of the command line."""
    chosen = language()
    return text if chosen == "en" else _translator(chosen)(text)


def said_comments(text: str) -> str:
    """Return the text of a YAML file whose comments are in the language; keys and values stay."""
    return "\n".join(map(_said_comment, text.split("\n"))) if language() != "en" else text


def _said_comment(line: str) -> str:
    found = _COMMENT.fullmatch(line)
    return found["before"] + said(found["comment"]) if found else line


@functools.lru_cache(maxsize=1)
def _translator(chosen: str) -> "Translator":
    from .translation import MESSAGES, Translator, load_messages

    return Translator(load_messages([MESSAGES / chosen]), PLURALS[chosen])


def _can_show() -> bool:
    try:
        for stream in (sys.stdout, sys.stderr):
            _SIGNS.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
