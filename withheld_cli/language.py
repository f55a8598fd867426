"""The language in which the command line speaks: `--lang`, WITHHELD_LANG, LC_ALL, LC_MESSAGES or LANG says.

English is the source and needs nothing. JSON, exit codes, keys and names are the same in every language.
"""

import functools
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .translation import Translator

VARIABLE = "WITHHELD_LANG"
LANGUAGES = ("en", "ru")  # English, and those of `translation.PLURALS`
_VARIABLES = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")
_COMMENT = re.compile(r"(?P<before>\s*#\s+|.*?\s\s#\s)(?P<comment>.*)")
_SIGNS = "Яё«»"  # what a terminal must be able to show


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return the language; English where none of ours is asked for, or the output could not show it.

    Args:
        environment: Where it is asked for; the first of the variables that says something decides, as for
            other programs. That of the process by default.
    """
    said = environment if environment is not None else os.environ
    asked = next((said[name] for name in _VARIABLES if said.get(name)), "")
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
    from .translation import MESSAGES, PLURALS, Translator, load_messages

    return Translator(load_messages([MESSAGES / chosen]), PLURALS[chosen])


def _can_show() -> bool:
    try:
        for stream in (sys.stdout, sys.stderr):
            _SIGNS.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
