"""Files of a folder that are the repeats of another one: form-person.csv beside form.csv is read with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from codebook import SourceError
from ingest.mapping import Source
from ingest.readers.csv_file import repeat_paths
from ingest.readers.joined import every_repeat

from .recognise import recognise


def without_repeat_files(
    files: Sequence[Path], sources: Mapping[str, Source], source_name: str | None = None
) -> list[Path]:
    """Return the files that stand for themselves: a repeat is left out if its main file is among them.

    A main file that no declaration takes leaves its repeats in the list, so that each is refused by name.
    """
    declared = {
        repeat.name for one in sources.values() if one.format == "csv" for repeat in every_repeat(one.main)
    }
    here = set(files)
    repeats: set[Path] = set()
    for path in files:
        if not any(beside in here for name in declared for beside in repeat_paths(path, name)):
            continue
        try:
            source = sources[source_name] if source_name else recognise(path, sources)
        except SourceError:
            continue
        if source.format == "csv":
            names = [repeat.name for repeat in every_repeat(source.main)]
            repeats.update(
                next((one for one in repeat_paths(path, name) if one in here), path) for name in names
            )
            repeats.discard(path)
    return [path for path in files if path not in repeats]
