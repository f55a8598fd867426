"""Bytes to text without guessing: UTF-8, or UTF-16 where a byte order mark says so, or what the caller names.

A detector that guesses wrong mangles names silently, so anything else is refused with the lines to look at.
"""

from pathlib import Path

from codebook.errors import SourceError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SHOWN_LINES = 5


def read_text(path: Path, *, encoding: str | None = None) -> str:
    """Return the text of a file, line ends as they are.

    Args:
        path: The file.
        encoding: Name of the encoding when it is neither UTF-8 nor UTF-16 with a mark.

    Raises:
        SourceError: The file cannot be read, or is not in that encoding; names the lines, quotes nothing.
    """
    if path.is_char_device():
        raise SourceError(f"{path.name}: this is a device, not a file", remedy="name a file")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path.name}: cannot be read ({error.strerror})",
            remedy="check the file, its rights and its disk",
        ) from error
    if encoding is None:
        encoding = "utf-16" if data[:2] in _UTF16_MARKS else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except LookupError:
        raise SourceError(
            f"{path.name}: no such encoding: {encoding}",
            remedy="name one with --encoding, such as utf-8 or cp1251",
        ) from None
    except UnicodeError:
        raise _undecodable(path, data, encoding) from None
    if "\x00" in text:
        raise SourceError(
            f"{path.name}: has zero bytes, so it is not text in {encoding}",
            remedy="save it as UTF-8, or as UTF-16 with a byte order mark",
        )
    return text


def _undecodable(path: Path, data: bytes, encoding: str) -> SourceError:
    bad = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode(encoding)
        except UnicodeError:
            bad.append(number)
    shown = ", ".join(map(str, bad[:_SHOWN_LINES])) + (", ..." if len(bad) > _SHOWN_LINES else "")
    return SourceError(
        f"{path.name}: not {encoding.removesuffix('-sig')} in {len(bad)} lines ({shown})",
        remedy="name it with --encoding (such as cp1251), or repair these lines and save it as UTF-8",
    )
