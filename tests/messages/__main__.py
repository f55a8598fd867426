"""List what the command line can say and a language lacks, with its place in the source.

python -m tests.messages ru
"""

import sys

from withheld_cli.translation import MESSAGES, load_messages

from .collect import collected

if __name__ == "__main__":
    known = load_messages([MESSAGES / sys.argv[1]])
    missing = {text: places for text, places in collected().items() if text not in known}
    for text, places in missing.items():
        print(f"{min(places)}: {text!r}")  # noqa: T201 (a tool for a terminal)
    print(f"{len(missing)} of {len(collected())} are missing")  # noqa: T201
