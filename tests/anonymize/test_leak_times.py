"""The leak scan and archives: a time of day in a ZIP is told, what only looks like a header is not."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.leaks.making import traces_in_bytes

_MIDNIGHT = (1980, 1, 1, 0, 0, 0)
_HEADER = b"PK\x03\x04" + bytes(6) + b"\x21\x43\x65\x5c" + bytes(20)  # of a member of 8:25 in the morning


def archive(content: bytes, time: tuple[int, int, int, int, int, int] = _MIDNIGHT) -> bytes:
    """Return a ZIP of one member that is not packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as file:
        file.writestr(zipfile.ZipInfo("data.csv", time), content)
    return made.getvalue()


def test_a_member_with_a_time_of_day_is_told():
    assert list(traces_in_bytes(archive(b"a", (2026, 12, 1, 8, 25, 2)))) == ["time of day"]


@pytest.mark.parametrize("place", ["local header", "central directory"])
def test_a_time_in_either_header_is_told(place):
    data = bytearray(archive(b"a"))
    start = 10 if place == "local header" else data.rindex(b"PK\x01\x02") + 12
    data[start : start + 2] = b"\x21\x43"
    assert list(traces_in_bytes(bytes(data))) == ["time of day"]


@given(before=st.binary(max_size=20), after=st.binary(max_size=20))
def test_what_looks_like_a_header_inside_a_member_is_no_time(before, after):
    assert list(traces_in_bytes(archive(before + _HEADER + after))) == []


def test_an_archive_that_cannot_be_read_is_searched_for_headers():
    assert list(traces_in_bytes(_HEADER + b"data.csv")) == ["time of day"]
