"""The version of this program, as `--version` and every release say it."""

__version__ = "0.1.0"
