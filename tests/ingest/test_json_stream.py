"""JSON cut into records gives what the whole document gives, wherever a window of it ends."""

import json
import tracemalloc

import pytest

from codebook import SourceError
from ingest.readers import json_stream
from ingest.readers.json_stream import NoList, decoded, records_at

RECORDS = [
    {"case": "A-1", "age": 1.50, "more": {"deep": [1, [2, {"x": None}]], "ok": True}},
    {"case": 'quoted "канарейка" \\ \n', "big": 10**30, "small": -1e-7},
    12, "text", None, [], {}, [[]], {"": ""}, {"bird": "\U0001f426" * 9},
]  # fmt: skip
DOCUMENTS = {
    "list": (json.dumps(RECORDS), ""),
    "written out": (json.dumps(RECORDS, indent=2, ensure_ascii=False), ""),
    "inside": (json.dumps({"count": 3, "next": None, "results": RECORDS, "last": [1, {"a": 2}]}), "results"),
    "deeper": (json.dumps({"results": 1, "data": {"x": {"results": 5}, "results": RECORDS}}), "data.results"),
    "empty": ("[]", ""),
    "a byte order mark and blanks": ("\ufeff \r\n[ ] \t\n", ""),
    "numbers alone": ("[1,22,333333]", ""),
}


def written(folder, text):
    path = folder / "case.json"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64, 100_000])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_records_are_those_of_the_whole_document(tmp_path, monkeypatch, name, piece):
    monkeypatch.setattr(json_stream, "_PIECE", piece)
    text, place = DOCUMENTS[name]
    keys = tuple(place.split(".")) if place else ()
    expected = decoded(text.removeprefix("\ufeff"))
    for key in keys:
        expected = expected[key]
    assert list(records_at(written(tmp_path, text), keys)) == list(enumerate(expected, start=1))


@pytest.mark.parametrize("piece", [1, 5, 100_000])
@pytest.mark.parametrize(
    "text",
    ["[1, 2", "[1 2]", "[1,]", "[,]", '[{"a": 1, "a": 2}]', '[{"a": NaN}]', "[] []", "[1]x", "{",
     '{"results": [1]', '{"results": [1], "results": [2]}', '{"results": [1], 3: 4}', '{"results" [1]}',
     "[" * 100_000, '["\x01"]', '["ab', "[tru", "nul"],
)  # fmt: skip
def test_what_is_not_whole_is_refused_like_the_whole_document(tmp_path, monkeypatch, text, piece):
    monkeypatch.setattr(json_stream, "_PIECE", piece)
    with pytest.raises((ValueError, RecursionError)):
        decoded(text)
    path = written(tmp_path, text)
    with pytest.raises(SourceError, match="this is not whole JSON"):
        list(records_at(path, ("results",) if text.startswith("{") else ()))


@pytest.mark.parametrize(
    ("text", "keys"),
    [('{"results": 5}', ("results",)), ('{"results": {}}', ("results",)), ("[1]", ("results",)), ("5", ()),
     ('{"a": {"results": [1]}}', ("results",)), ("{}", ())],
)  # fmt: skip
def test_where_no_list_is_there_is_none(tmp_path, text, keys):
    with pytest.raises(NoList):
        list(records_at(written(tmp_path, text), keys))


def test_only_a_record_that_is_too_large_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(json_stream, "MAXIMUM_VALUE", 1_000)
    monkeypatch.setattr(json_stream, "_PIECE", 64)
    many = [{"text": "x" * 900}] * 50
    assert len(list(records_at(written(tmp_path, json.dumps(many)), ()))) == 50
    path = written(tmp_path, json.dumps([*many, {"text": "x" * 3_000}]))
    with pytest.raises(SourceError, match="a single record"):
        list(records_at(path, ()))


def test_bytes_that_are_no_utf_8_are_refused_and_an_empty_file_is_called_empty(tmp_path):
    path = tmp_path / "case.json"
    path.write_bytes(json.dumps(RECORDS).encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-8"):
        list(records_at(path, ()))
    path.write_bytes(b" \n ")
    with pytest.raises(SourceError, match="empty"):
        list(records_at(path, ()))


def test_memory_does_not_grow_with_the_number_of_records(tmp_path, monkeypatch):
    monkeypatch.setattr(json_stream, "_PIECE", 4_096)
    peaks = []
    for number in (1_000, 20_000):
        path = written(tmp_path, json.dumps([{"case": "A-1", "story": "told"}] * number))
        tracemalloc.start()
        assert sum(1 for _ in records_at(path, ())) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
