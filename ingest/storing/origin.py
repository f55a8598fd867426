"""Where rows come from: the run and the file; stored with every row (RULES 1.8)."""

from dataclasses import dataclass

from ingest.mapping import Source


@dataclass(frozen=True, slots=True)
class Origin:
    """One run over one file.

    Attributes:
        file_sha256: Hash of the file as it was received.
        is_older: Whether the same file was taken before, and another one of its source since.
    """

    ingest_run_id: str
    file_sha256: str
    is_older: bool = False

    def stamp(self, source: Source) -> dict[str, str]:
        """Return the columns that say where a row comes from."""
        return {
            "ingest_run_id": self.ingest_run_id,
            "file_sha256": self.file_sha256,
            "source_name": source.name,
            "mapping_version": source.version,
            "adapter": source.format,
        }
