"""`withheld ingest --suggest`: is the file of a known kind, and if not, how would it be declared?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codebook import Codebook, SourceError, UsageError
from ingest.mapping import Source
from ingest.opening import choose_source
from ingest.readers import refuse_donor_list

from .arrange import arrange
from .draft import Draft, write_draft
from .look import look
from .words import FieldWords


@dataclass(frozen=True)
class Known:
    """The declaration that a file has already."""

    source_name: str
    draft: bool


def suggest_declaration(
    path: Path, name: str, *, sources: Mapping[str, Source], book: Codebook
) -> Draft | Known:
    """Return the draft of a declaration for a file, or the declaration that knows it.

    Args:
        name: Name of the new declaration.

    Raises:
        SourceError: The file cannot be read, or it is a list of donors.
        UsageError: The name cannot be one of a declaration.
    """
    if not re.fullmatch(r"[\w-]{1,60}", name):
        raise UsageError(
            "that cannot be the name of a declaration", remedy="use letters, figures, `_` and `-` only"
        )
    try:
        source = choose_source(path, sources).source
    except SourceError:
        pass  # unknown, or read by no declaration: that is what a draft is for
    else:
        return Known(source.name, source.draft)
    words = FieldWords(book)
    file = look(path, words)
    for table in file.tables:
        refuse_donor_list(tuple(table.columns), funding=False, counts=frozenset(), place=path.name)
    if not any(table.columns for table in file.tables):
        raise SourceError(
            f"{path.name}: there is no table with a header and rows in it",
            remedy="give the table a row of column names, and at least one row below it",
        )
    return write_draft(arrange(file, book, words), name, book)
