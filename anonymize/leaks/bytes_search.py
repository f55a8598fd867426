"""Texts as written, in any case, anywhere in any bytes: a filter over all files first, then the suspects.

One filter over all files: the memory is that of the filter and of the largest part. It misses nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .values import PrivateValue

_BITS = 26  # 64 MiB: sparse enough for a release of some 10 MB, and without false negatives for any
_BLOCK = 1 << 20  # bytes that are hashed at once
_GRAM = 4  # bytes

Suspect = tuple[PrivateValue, tuple[bytes, bytes]]


class ByteFilter:
    """Which four bytes stand anywhere in a release, as they are and in one case."""

    def __init__(self) -> None:
        self._present = tuple(np.zeros(1 << _BITS, np.bool_) for _ in range(2))

    def add(self, haystacks: tuple[bytes, bytes]) -> None:
        """Enter the bytes of one part: as written, and its texts in small letters."""
        for present, haystack in zip(self._present, haystacks, strict=True):
            for start in range(0, len(haystack), _BLOCK):
                present[_hashed(haystack[start : start + _BLOCK + 2 * _GRAM - 1])] = True

    def suspects(self, values: Sequence[PrivateValue]) -> list[Suspect]:
        """Return the values, with their needles, of which all four and eight bytes stand somewhere."""
        found: list[Suspect] = []
        for block in _blocks(values):
            stands = np.zeros(len(block), np.bool_)
            for place, one in enumerate(self._present):
                stands |= _all_stand(one, [needles[place] for _, needles in block])
            found += [block[index] for index in np.flatnonzero(stands)]
        return found


def _blocks(values: Sequence[PrivateValue]) -> Iterator[list[Suspect]]:
    """Yield the values with their needles, so many at once that the arrays for them stay small."""
    block: list[Suspect] = []
    size = 0
    for value in values:
        needles = needles_of(value)
        block.append((value, needles))
        size += len(needles[0]) + len(needles[1])
        if size > _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _all_stand(present: NDArray[np.bool_], needles: Sequence[bytes]) -> NDArray[np.bool_]:
    """Return whether all fours and eights of each needle are present; a needle may be too short for any."""
    lengths = np.fromiter(map(len, needles), np.int64, len(needles))
    ends = np.cumsum(lengths)
    starts = ends - lengths
    stands = np.ones(len(needles), np.bool_)
    for hashed, width in zip(_fours_and_eights(b"".join(needles)), (_GRAM, 2 * _GRAM), strict=True):
        absent = np.zeros(int(ends[-1]) + 1, np.int32)
        absent[1 : len(hashed) + 1] = ~present[hashed]
        for back in range(1, width):  # what begins here reaches into the next needle
            last = ends - back
            absent[last[last >= starts] + 1] = 0
        before = np.cumsum(absent, dtype=np.int32)
        stands &= before[ends] == before[starts]
    return stands


def needles_of(value: PrivateValue) -> tuple[bytes, bytes]:
    """Return a value as it is looked for: as written, and in small letters."""
    return value.text.encode("utf-8"), value.text.casefold().encode("utf-8")


def haystacks_of(data: bytes, texts: Iterable[str]) -> tuple[bytes, bytes]:
    """Return a part as written, and what a reader makes of it in small letters."""
    return data, "\n".join(texts).casefold().encode("utf-8", "ignore")


def present(suspects: Iterable[Suspect], haystacks: Iterable[tuple[bytes, bytes]]) -> Iterator[PrivateValue]:
    """Yield the suspects that stand in the parts of one file, each once."""
    left = dict(enumerate(suspects))
    for pair in haystacks:
        here = [
            index
            for index, (_, needles) in left.items()
            if any(needle in haystack for needle, haystack in zip(needles, pair, strict=True))
        ]
        yield from (left.pop(index)[0] for index in here)


def _hashed(data: bytes) -> NDArray[np.uint32]:
    return np.concatenate(_fours_and_eights(data))


def _fours_and_eights(data: bytes) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the places of every four bytes and of every eight, by where they begin."""
    array = np.frombuffer(data, np.uint8).astype(np.uint32)
    if len(array) < _GRAM:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint32)
    grams: NDArray[np.uint32] = (array[:-3] | array[1:-2] << 8 | array[2:-1] << 16 | array[3:] << 24).astype(
        np.uint32
    )
    fours = _places(grams)
    # Eight bytes too: every four digits stand somewhere in a release, so four cannot tell numbers apart.
    eights = (fours[:-4] * np.uint32(2246822519)) ^ (fours[4:] * np.uint32(3266489917))
    return fours, eights >> np.uint32(32 - _BITS)


def _places(grams: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return np.asarray((grams * np.uint32(2654435761)) >> np.uint32(32 - _BITS), np.uint32)
