"""Sums of money: which may be shown, at what precision, and which must be withheld beside them."""

from .complementary import complementary_cells
from .sums import (
    MoneyRows,
    MoneyRules,
    is_one_payment,
    money_room,
    printed_leaves,
    round_money,
    sum_cells,
    tell_tale_changes,
)

__all__ = [
    "MoneyRows",
    "MoneyRules",
    "complementary_cells",
    "is_one_payment",
    "money_room",
    "printed_leaves",
    "round_money",
    "sum_cells",
    "tell_tale_changes",
]
