"""Digests in a release: of a value that somebody can guess, of the vault, or that nobody can explain.

A hash of a short or known text without a key is that text: whoever guesses it can check the guess. So every
whole digest (32 hexadecimal digits or more) must be that of a file of the release, and what is shorter or cut
off is compared with the digests of all values, in the spellings in which they are usually hashed.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from .numbers import phone_keys

_HEXADECIMAL = re.compile(r"(?<![0-9A-Fa-f])(?<![0-9]\.)[0-9a-fA-F]{8,128}(?!\.?[0-9A-Fa-f])")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{22,86}={0,2}(?![A-Za-z0-9+/_=-])")
_ALGORITHMS: tuple[Callable[..., Any], ...] = (
    hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b, hashlib.blake2s,
)  # fmt: skip
_DIGEST_BYTES = frozenset({16, 20, 28, 32, 48, 64})
_BEGINNING = 8  # hexadecimal digits: the shortest beginning of a digest that is compared
UNEXPLAINED = (
    20  # digits: a longer one is a digest, a shorter one may be a name that a drawing gives its parts
)
_FEWEST_LETTERS = (
    5  # of 32 hexadecimal digits; fewer stand there once in 500 digests, and in numbers grown together
)
_LARGEST_ID = 20_000  # numbers below are hashed as ids of rows
_LONGEST_HASHED = 100  # characters: a name or code is hashed, not a narrative
_OWN_ALGORITHMS = ("md5", "sha1", "sha256", "sha512", "blake2b")


def digests_of(text: str) -> Iterator[str]:
    """Yield what may be a digest, in small hexadecimal digits."""
    for run in set(_HEXADECIMAL.findall(text)):
        letters = len(run) - sum(map(str.isdigit, run))
        if 0 < letters < len(run):
            whole = len(run) // 2 in _DIGEST_BYTES and not len(run) % 2 and letters >= _FEWEST_LETTERS
            yield run.lower() if whole else run.lower()[: UNEXPLAINED - 1]
    for run in set(_BASE64.findall(text)):
        bare = run.rstrip("=").replace("-", "+").replace("_", "/")
        raw = base64.b64decode(bare + "==") if len(bare) % 4 != 1 else b""
        if len(raw) in _DIGEST_BYTES and _looks_random(run):
            # Without its padding it may be the beginning of anything: only compared with what is known.
            yield raw.hex() if run.endswith("=") else raw.hex()[: UNEXPLAINED - 1]


def _looks_random(run: str) -> bool:
    """Return whether a run has capitals, small letters and digits: most paths and names have not."""
    return bool(re.search("[A-Z]", run) and re.search("[a-z]", run) and re.search("[0-9]", run))


def digests_of_file(content: bytes) -> Iterator[str]:
    """Yield the digests by which a release may name one of its own files."""
    yield from (hashlib.new(name, content, usedforsecurity=False).hexdigest() for name in _OWN_ALGORITHMS)


def hashed_values(digests: Iterable[str], texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield a digest, or the beginning of one, and the text that it is of.

    Args:
        digests: What may be one, 8 hexadecimal digits or more; nothing is computed where there is none.
        texts: Identifying values as they are recorded; small numbers are tried too.
    """
    wanted: dict[bytes, set[str]] = {}
    for digest in digests:
        wanted.setdefault(bytes.fromhex(digest[:_BEGINNING]), set()).add(digest)
    if not wanted:
        return
    for text in chain(texts, map(str, range(_LARGEST_ID))):
        for spelling in _spellings(text):
            for made in _digests(spelling):
                for one in wanted.get(made[: _BEGINNING // 2], ()):
                    if made.hex().startswith(one):
                        yield one, text


def _spellings(text: str) -> Iterable[bytes]:
    """Return a value as people hash it: as written, in small letters, and its letters or digits only."""
    if len(text) > _LONGEST_HASHED:
        return ()
    if text.isdigit() and len(text) < 10:
        return (text.encode(),)
    folded = text.casefold()
    bare = re.sub(r"[\W_]", "", folded)
    digits = re.sub(r"\D", "", text)
    spellings = [text, folded, text.upper(), bare, folded.lstrip("@")]
    if len(digits) >= 6:
        spellings += [digits, "+" + digits, *phone_keys(digits)]
    return dict.fromkeys(one.encode("utf-8", "surrogatepass") for one in spellings)


def _digests(data: bytes) -> Iterator[bytes]:
    for algorithm in _ALGORITHMS:
        yield algorithm(data, usedforsecurity=False).digest()
    yield zlib.crc32(data).to_bytes(4, "big")
    yield zlib.adler32(data).to_bytes(4, "big")
