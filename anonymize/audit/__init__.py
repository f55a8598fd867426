"""The attacker: reads only published files and shares no code with the protector."""

from .checks import CHECKS, audit_release
from .cube import audit_cube
from .exhibit import Exhibit
from .findings import AuditReport, Finding
from .interval import IntervalAttack
from .programs import Linked, sum_rows
from .read import PublicRelease, read_release

__all__ = [
    "CHECKS",
    "AuditReport",
    "Exhibit",
    "Finding",
    "IntervalAttack",
    "Linked",
    "PublicRelease",
    "audit_cube",
    "audit_release",
    "read_release",
    "sum_rows",
]
