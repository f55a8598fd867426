"""The leak scan: can anything of the vault, or of the machine that made it, be read in a release?"""

from .scan import scan_release
from .values import PrivateValue, PrivateValues, private_values

__all__ = ["PrivateValue", "PrivateValues", "private_values", "scan_release"]
