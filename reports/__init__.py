"""RELEASE -> FINDINGS: charts, data files, descriptions and a site; never from anything private."""

from .publish import PublishSummary, publish_release, write_checksums
from .serve import serve_release

__all__ = ["PublishSummary", "publish_release", "serve_release", "write_checksums"]
