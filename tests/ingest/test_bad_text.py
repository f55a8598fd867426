"""Text in a wrong encoding or under a wrong header: named with evidence and remedy, never guessed at."""

import pytest

from ingest.readers.mojibake import kind_of

from .workbench import HEADER, Workbench, bench, csv_text, refusal, row

__all__ = ["bench"]

STORY = "Рассказ о том, что случилось с женщиной весной в селе, и кто ей помог потом."


def rows_of_text(bench: Workbench, story: str, number: int = 5) -> str:
    """Return a file of some rows with one story."""
    return csv_text([row(Case=f"A-{place}", Story=story) for place in range(number)])


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "cp866"])
def test_a_likely_encoding_is_named_with_its_evidence_and_not_used(bench, codec):
    path = bench.file(rows_of_text(bench, STORY).encode(codec))
    reason = refusal(bench, path)
    assert f"it reads as {codec}: " in reason
    assert "of its words have Russian letter pairs" in reason
    (summary,) = bench.ingest(path).files
    assert f"`encoding: {codec}`" in summary.refused.remedy
    declared = bench.declaration.replace("format: csv", f"format: csv\nencoding: {codec}")
    (summary,) = bench.ingest(path, declared).files
    assert summary.stored == 5
    assert bench.all("incident")[0]["narrative"] == STORY


def test_western_accents_are_named_as_cp1252(bench):
    path = bench.file(rows_of_text(bench, "a café où elle était, réfugiée").encode("cp1252"))
    assert "it reads as cp1252" in refusal(bench, path)


def test_bytes_that_are_no_text_are_named_as_nothing(bench):
    content = rows_of_text(bench, "@@").encode().replace(b"@@", bytes(range(0x80, 0xFF, 7)))
    assert "it reads as" not in refusal(bench, bench.file(content))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_where_its_zeros_are(bench, codec):
    (summary,) = bench.ingest(bench.file(rows_of_text(bench, "story").encode(codec))).files
    assert f"`encoding: {codec}`" in summary.refused.remedy


def spoilt(codec: str, times: int = 1, text: str = STORY) -> str:
    """Return text that was written as UTF-8 and read in a codec, once or twice."""
    for _ in range(times):
        text = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode("utf-8"))
    return text


SLIPS = [
    ("UTF-8 that was read as cp1251", spoilt("cp1251")),
    ("UTF-8 that was read as cp1252", spoilt("cp1252")),
    ("UTF-8 that was read as cp1252", spoilt("latin-1")),
    ("UTF-8 that was read as cp1251 twice", spoilt("cp1251", 2)),
    ("UTF-8 that was read as cp1252 twice", spoilt("cp1252", 2)),
    ("UTF-8 that was read as cp1252 twice", spoilt("latin-1", 2)),
    ("cp1251 that was read as cp1252", STORY.encode("cp1251").decode("latin-1")),
    ("letters that were lost (replacement characters)", "Расска\ufffd о том"),
]


@pytest.mark.parametrize(("kind", "text"), SLIPS)
def test_a_file_full_of_mojibake_is_refused_by_its_kind_and_number_of_rows(bench, kind, text):
    reason = refusal(bench, bench.file(rows_of_text(bench, text)))
    assert f"5 of 5 rows hold {kind} (5 rows)" in reason


@pytest.mark.parametrize(("kind", "text"), SLIPS)
def test_a_few_rows_of_mojibake_are_told_and_taken_as_they_are(bench, kind, text):
    rows = [row(Case=f"A-{place}", Story=STORY) for place in range(20)]
    rows[7]["Story"] = text
    (summary,) = bench.ingest_rows(*rows).files
    assert summary.stored == 20
    assert any(notice.startswith(f"1 rows hold {kind};") for notice in summary.notices)
    assert text in {one["narrative"] for one in bench.all("incident")}


@pytest.mark.parametrize(
    "text",
    [
        STORY, "Санкт-Петербург, улица «Ленина», 5° мороза, № 7", "Її братові п'ять років", "Љубав",
        "ћирилица",
        "café über naïve São Tomé", "РСФСР Р. С. Ростов", "Ñandú", "ÄÖÜ straße",
        "“да” — ‘нет’ … 100 €", "Ёлка±1",
    ],
)  # fmt: skip
def test_honest_text_is_no_mojibake(text):
    assert kind_of(text) == ""


def test_a_header_of_mojibake_is_refused(bench):
    text = csv_text([row()]).replace("Story", spoilt("cp1251", 1, "Рассказ"))
    assert "the header holds UTF-8 that was read as cp1251" in refusal(bench, bench.file(text))


def test_titles_and_blank_lines_above_the_header_are_told(bench):
    text = "Casebook of the desk;;\r\n\r\nprinted in May\r\n" + csv_text(
        [row(), row(Case="A-2")], delimiter=";"
    )
    (summary,) = bench.ingest(bench.file(text)).files
    assert (summary.read, summary.stored) == (2, 2)
    assert any("the header is row 4" in notice for notice in summary.notices)
    assert {one["file_row"] for one in bench.all("source")} == {5, 6}


def test_a_headerless_file_is_refused_and_is_read_where_the_declaration_names_its_columns(bench):
    text = csv_text([row(), row(Case="A-2")]).partition("\r\n")[2]
    reason = refusal(bench, bench.file(text))
    assert "look like values" in reason
    declared = f"{bench.declaration}header: none\nnames: [{', '.join(HEADER)}]\n"
    (summary,) = bench.ingest(bench.file(text), declared).files
    assert (summary.read, summary.stored) == (2, 2)
    assert {one["file_row"] for one in bench.all("source")} == {1, 2}


def test_a_header_that_has_swallowed_a_row_is_refused_without_a_word_of_it(bench):
    rows = [row(Case=f"A-{place}", Date="2023", Phone="", Age="", Lat="", Lon="") for place in range(5)]
    text = csv_text(rows).replace("\r\n", ",", 1)
    assert "4 of 4 rows have fewer" in refusal(bench, bench.file(text.replace('"2023"', '"spring"', 1)))


def test_a_row_of_tags_under_the_header_is_no_record(bench):
    tags = {name: f"#{name.lower()}+code" for name in HEADER} | {"Town": ""}
    (summary,) = bench.ingest_rows(tags, row()).files
    assert (summary.read, summary.stored) == (1, 1)
    assert any("row 2 holds HXL tags" in notice for notice in summary.notices)


@pytest.mark.parametrize("spoilt", ['"A-3","2023"x",1', '"A-3","2023","19","beating","A-4","2023"'])
def test_a_record_that_ran_into_the_header_is_never_told_as_names_of_columns(bench, spoilt):
    # The line end behind the header is lost, and one row below is wide or cannot be read.
    text = f'"Case","Date","Zaira Invented","An invented account."\n"A-2","2023"\n{spoilt}\n"A-5","2023"\n'
    declaration = (
        'name: desk\nversion: "1"\nformat: csv\nkey: [Case]\nperson: implied\n'
        "columns: {Case: incident.external_id, Date: incident.date_incident}\n"
    )
    assert "rows have fewer" in refusal(bench, bench.file(text), declaration)


def test_a_new_column_is_told_where_most_rows_have_it(bench):
    text = "Case,Date,Ward\nA-1,2023,x\nA-2,2023\nA-3,2023,y\n"
    declaration = (
        'name: desk\nversion: "1"\nformat: csv\nkey: [Case]\nperson: implied\n'
        "columns: {Case: incident.external_id, Date: incident.date_incident}\n"
    )
    assert "neither mapped nor ignored: Ward" in refusal(bench, bench.file(text), declaration)
