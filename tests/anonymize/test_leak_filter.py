"""The filter before the search for values as written: it misses nothing, and leaves out what cannot stand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize import PrivateValue
from anonymize.leaks.bytes_search import ByteFilter, haystacks_of

_TEXTS = st.text("abcЖж01 ", min_size=1, max_size=14)


def fours_of(needle: bytes) -> set[bytes]:
    """Return every four bytes of a needle."""
    return {needle[at : at + 4] for at in range(len(needle) - 3)}


@settings(max_examples=30, deadline=None)
@given(parts=st.lists(_TEXTS, min_size=1, max_size=4), values=st.lists(_TEXTS, min_size=1, max_size=20))
def test_the_filter_keeps_every_value_that_stands_and_none_with_four_bytes_that_stand_nowhere(parts, values):
    found = ByteFilter()
    pairs = [haystacks_of(part.encode(), [part]) for part in parts]
    for pair in pairs:
        found.add(pair)
    kept = {value.text for value, _ in found.suspects([PrivateValue("person.name", one) for one in values])}
    assert kept >= {one for one in values if any(one.encode() in as_written for as_written, _ in pairs)}
    for one in kept:
        needles = one.encode(), one.casefold().encode()
        assert any(
            fours_of(needle) <= set[bytes]().union(*(fours_of(pair[place]) for pair in pairs))
            for place, needle in enumerate(needles)
        )
