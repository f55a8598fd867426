"""How much of each fault is tried: a few moments in `make check`, all of them in `make faults`."""

import os

LONG = os.environ.get("WITHHELD_FAULTS") == "long"


def tries(short: int, long: int) -> int:
    """Return how many cases a test tries now."""
    return long if LONG else short
