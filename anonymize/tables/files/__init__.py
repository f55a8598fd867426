"""Tables of any microdata file: `withheld protect` without its command line."""

from .protect import ProtectRequest, protect_file

__all__ = ["ProtectRequest", "protect_file"]
