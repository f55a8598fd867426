"""What every test of ingest may ask for by name."""

from .workbench import bench

__all__ = ["bench"]
