"""Ordinary rows, column by column: of sources without repeats, column groups and cases of several rows.

Only a new, clean row of one person is taken here. Any other goes row by row through `taking/intake.py`, where
the meaning of every other row has its one place.
"""

from .plan import Plan, plan_of
from .prepare import Preparer
from .prepared import Prepared
from .stream import can_fork, in_second_process
from .take import FlatIntake

__all__ = ["FlatIntake", "Plan", "Prepared", "Preparer", "can_fork", "in_second_process", "plan_of"]
