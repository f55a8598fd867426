"""The only door out: vault to release, or ReleaseRefused."""

from .leaks import PrivateValue, PrivateValues, private_values, scan_release
from .policy import Policy, load_policy
from .population import closed_window, consent_verdict, load_population
from .release import BuiltRelease, ReleaseSettings, build_release

__all__ = [
    "BuiltRelease",
    "Policy",
    "PrivateValue",
    "PrivateValues",
    "ReleaseSettings",
    "build_release",
    "closed_window",
    "consent_verdict",
    "load_policy",
    "load_population",
    "private_values",
    "scan_release",
]
