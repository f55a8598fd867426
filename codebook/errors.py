"""Every error a user can meet, one tree, each with what went wrong and what to do next.

Messages name a place (file, line, table, column) and count; they never quote a value of a record.
"""

PROGRAM_FAULT = "this is a fault of the program: report it with the command you ran"


class WithheldError(Exception):
    """A run that stopped on purpose; the front door prints `reason` and `remedy` and exits 1.

    The tree::

        WithheldError
        +-- UsageError          the command line or workspace is not usable as given (exit 2)
        +-- CodebookError       a codebook file is wrong; names the file and line
        +-- PolicyError         policy.yml or withheld.yml is wrong; names the key
        +-- VaultError          the vault cannot be used; nothing was written
        |   +-- WrongPassphrase the passphrase does not open it
        |   +-- VaultDamaged    the file is not a whole vault any more
        +-- SourceError         a source file or its mapping cannot be read; nothing of it was stored
        +-- HierarchyError      a generalisation hierarchy is not nested, ragged or lacks a value
        +-- RecordsError        k-anonymity cannot be measured or reached as asked
        +-- PlanError           a table plan is wrong or asks for a forbidden crossing
        +-- ReleaseRefused      the release would say too much; nothing was published
        +-- AuditError          a release cannot be attacked because it cannot be read
        +-- ReportError         a release cannot be drawn or served
    """

    def __init__(self, reason: str, *, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class UsageError(WithheldError):
    """The command line or the workspace is not usable as given."""


class CodebookError(WithheldError):
    """A codebook file contradicts itself or another one."""


class PolicyError(WithheldError):
    """A policy or workspace setting is unknown, of the wrong type or out of range."""


class VaultError(WithheldError):
    """The vault cannot be used as asked; nothing was written."""


class WrongPassphrase(VaultError):
    """The passphrase does not open this vault (nothing more is told)."""


class VaultDamaged(VaultError):
    """The vault file or its key file is not whole."""


class SourceError(WithheldError):
    """A source file or its mapping cannot be read as declared; nothing of it was stored."""


class HierarchyError(WithheldError):
    """A generalisation hierarchy is not nested, is ragged or lacks a value."""


class RecordsError(WithheldError):
    """k-anonymity cannot be measured or reached as asked."""


class PlanError(WithheldError):
    """A table plan is wrong, or asks for a crossing that the rules forbid."""


class ReleaseRefused(WithheldError):
    """The release would say too much; nothing was published."""


class AuditError(WithheldError):
    """A release cannot be attacked because it cannot be read."""


class ReportError(WithheldError):
    """A release cannot be drawn or served."""
