"""How much room is left to each cell: by all releases together, and between units."""

from .between import NotMore, RoundedPart, nudges, squeezed_between, wide_between
from .overtime import (
    HOLD_WEIGHT,
    MOST_ROUNDS,
    WITHHELD,
    Room,
    hold_costs,
    is_cell,
    neighbours,
    past_room,
    printed_room,
    proven_room,
    remembered_room,
    squeezed_cells,
    withheld_before,
)

__all__ = [
    "HOLD_WEIGHT",
    "MOST_ROUNDS",
    "WITHHELD",
    "NotMore",
    "Room",
    "RoundedPart",
    "hold_costs",
    "is_cell",
    "neighbours",
    "nudges",
    "past_room",
    "printed_room",
    "proven_room",
    "remembered_room",
    "squeezed_between",
    "squeezed_cells",
    "wide_between",
    "withheld_before",
]
