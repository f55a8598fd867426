"""The proven-least pattern of withheld counts, by cutting planes, for systems of some hundred cells."""

from .least import suppress_at_least_cost

__all__ = ["suppress_at_least_cost"]
