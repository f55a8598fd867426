"""A release behind a web server: sealed SQL, a guard, a cache, and a patient HTTP protocol around Datasette.

Outermost first: `protocol` (connections), `cache` (answers kept), `guard` (what may be asked), then pages and
files from memory and disk, then Datasette on a sealed connection.
"""

from .application import build_application
from .protocol import PatientProtocol, watch_connections

__all__ = ["PatientProtocol", "build_application", "watch_connections"]
