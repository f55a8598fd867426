"""The findings site: pages that work from a USB stick, and Datasette over the same release."""

from .findings import findings_page
from .metadata import datasette_metadata

__all__ = ["datasette_metadata", "findings_page"]
