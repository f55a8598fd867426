"""How much of each fault is tried: a few of each in `make check`, all in `make faults` but the random inputs.

`make faults-whole` also tries every number of random inputs.
"""

import os

LONG = os.environ.get("WITHHELD_FAULTS") == "long"
LINES = int(os.environ.get("WITHHELD_LINES", "60"))  # random command lines


def tries(short: int, long: int) -> int:
    """Return how many cases a test tries now."""
    return long if LONG else short
