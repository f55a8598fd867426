"""No withheld cell alone in a sum: its mark would speak for it, and subtraction would give it back."""

import numpy as np
from numpy.typing import NDArray

from .system import LinkedSystem

Integers = NDArray[np.int64]


def with_companions(
    system: LinkedSystem, counts: Integers, prints: Integers, withheld: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Withhold a second cell in every sum that has one, so that no mark speaks for its cell alone.

    A cell printed above zero loses least: its print said already that it is not empty, as the mark does.
    """
    hidden = withheld.copy()
    lonely = True
    while lonely:
        lonely = False
        for parent, children in system.equations:
            if int(hidden[parent]) + int(hidden[list(children)].sum()) != 1:
                continue
            others = [c for c in (*children, parent) if counts[c] > 0 and not hidden[c]]
            if others:
                best = min(others, key=lambda c: (prints[c] == 0, c == parent, counts[c], system.name(c)))
                hidden[best] = lonely = True
    return hidden
