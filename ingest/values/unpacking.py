"""Cells that hold more than one text, in the ways in which systems print that: lists, parents, periods."""

import json
from collections.abc import Callable

from codebook import FieldType
from ingest.mapping import Target

Unpack = Callable[[list[str]], list[str]]


def unpacker(target: Target, kind: FieldType) -> Unpack | None:
    """Return what turns the texts of a cell into the texts that are read one by one; None where they are."""
    steps: list[Unpack] = []
    if target.printed_list:
        steps.append(lambda texts: [one for text in texts for one in _printed(text)])
    if target.separator:
        steps.append(lambda texts: [one for text in texts for one in _split(text, target.separator)])
    if target.parents:
        steps.append(lambda texts: [text.rsplit(target.parents, 1)[-1].strip() for text in texts])
    if target.range_mark:
        steps.append(lambda texts: [_period(text, target.range_mark) for text in texts])
    if target.separator and kind is FieldType.TEXT:
        steps.append(lambda texts: ["; ".join(texts)] if texts else [])
    if not steps:
        return None

    def unpack(texts: list[str]) -> list[str]:
        for step in steps:
            texts = step(texts)
        return texts

    return unpack


def _printed(text: str) -> list[str]:
    """Return the texts of a list as Ruby or Python print it; a cell that is none stays what it is.

    >>> _printed('["police", "self_referral"]')
    ['police', 'self_referral']
    """
    if not (text.startswith("[") and text.endswith("]")):
        return [text]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    return [str(one) for one in found if one not in (None, "")]


def _split(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def _period(text: str, mark: str) -> str:
    """Return a period as dates are read; one end alone is all that is known of when it was.

    >>> _period("2020-01-01~2020-02-01", "~")
    '2020-01-01 - 2020-02-01'
    >>> _period("2020-01-01~", "~")
    'about 2020-01-01'
    """
    first, found, last = (part.strip() for part in text.partition(mark))
    if not found or mark in last:
        return text
    return f"{first} - {last}" if first and last else f"about {first or last}"
