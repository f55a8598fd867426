"""The shared vocabulary: fields, code lists, hierarchies, errors, verdicts. Imports nothing of ours."""

from .errors import (
    AuditError,
    CodebookError,
    HierarchyError,
    PlanError,
    PolicyError,
    RecordsError,
    ReleaseRefused,
    ReportError,
    SourceError,
    UsageError,
    VaultDamaged,
    VaultError,
    WithheldError,
    WrongPassphrase,
)
from .folding import fold
from .ladders import ANY, Ladder
from .load import load_codebook
from .model import TOTAL, Code, Codebook, CodeList, Entity, Field, FieldType, Role, Settlement
from .verdict import Verdict, overall_verdict

__all__ = [
    "ANY",
    "TOTAL",
    "AuditError",
    "Code",
    "CodeList",
    "Codebook",
    "CodebookError",
    "Entity",
    "Field",
    "FieldType",
    "HierarchyError",
    "Ladder",
    "PlanError",
    "PolicyError",
    "RecordsError",
    "ReleaseRefused",
    "ReportError",
    "Role",
    "Settlement",
    "SourceError",
    "UsageError",
    "VaultDamaged",
    "VaultError",
    "Verdict",
    "WithheldError",
    "WrongPassphrase",
    "fold",
    "load_codebook",
    "overall_verdict",
]
