"""Names of files and folders as a person types them into a shell, for messages that can be copied."""

import re
import shlex
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+=:,./-]+")  # letters of any script: shlex would put quotes around Cyrillic


def typed(name: str | Path) -> str:
    """Return a name as it is typed: in quotes where it holds a space or a sign that a shell reads.

    >>> typed("ourgroup/журнал.xlsx"), typed("our group")
    ('ourgroup/журнал.xlsx', "'our group'")
    """
    text = str(name)
    return text if _PLAIN.fullmatch(text) else shlex.quote(text)
