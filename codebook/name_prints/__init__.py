"""Keyed prints of names: how two names are compared, and a name is looked for, without storing either."""

from .given_names import groups_of, is_given_name
from .name_parts import NameParts, family_stem, split_name
from .prints import NamePrinter, NamePrints, read_prints, slips_of
from .spelling import is_cyrillic, neutral, same_script

__all__ = [
    "NameParts",
    "NamePrinter",
    "NamePrints",
    "family_stem",
    "groups_of",
    "is_cyrillic",
    "is_given_name",
    "neutral",
    "read_prints",
    "same_script",
    "slips_of",
    "split_name",
]
