"""Bad input gets a clear error or a quarantined row, in bounded memory, and no value is quoted."""

import resource

import pytest

from .workbench import HEADER, ROW, bench, csv_text, refusal, row

__all__ = ["bench"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"  \r\n\r\n"])
def test_an_empty_file_is_refused(bench, content):
    assert "empty" in refusal(bench, bench.file(content))


def test_a_header_without_rows_is_refused(bench):
    assert "not one row" in refusal(bench, bench.file(csv_text([])))


def test_a_wrong_delimiter_is_named(bench):
    declaration = bench.declaration.replace("format: csv", 'format: csv\ndelimiter: ","')
    text = csv_text([row(Acts="beating", By="father")], delimiter=";").replace('"', "")
    assert "semicolon" in refusal(bench, bench.file(text), declaration)


@pytest.mark.parametrize(
    ("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "")]
)
def test_a_delimiter_that_is_not_declared_is_agreed_on_by_the_rows_and_told(bench, delimiter, word):
    text = csv_text([row(), row(Case="A-2", Story="one, two; three")], delimiter=delimiter)
    (summary,) = bench.ingest(bench.file(text)).files
    assert summary.stored == 2
    assert [one for one in summary.notices if "separated by" in one] == [
        one for one in summary.notices if word and f"{word}: 100% of the first 2 rows have 16 columns" in one
    ]
    assert bool(word) == any("separated by" in one for one in summary.notices)


@pytest.mark.parametrize("declared", ["csv", "tsv"])
def test_a_tsv_is_read_by_its_ending_or_its_declaration(bench, declared):
    declaration = bench.declaration.replace("format: csv", f"format: {declared}")
    (summary,) = bench.ingest(bench.file(csv_text([row()], delimiter="\t"), "desk.tsv"), declaration).files
    assert (summary.stored, [one for one in summary.notices if "separated" in one]) == (1, [])


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_marked_utf_16_are_read(bench, codec):
    text = csv_text([row(Story="Рассказ")])
    (summary,) = bench.ingest(bench.file(text.encode(codec))).files
    assert (summary.read, summary.stored) == (1, 1)
    assert bench.all("incident")[0]["narrative"] == "Рассказ"


def test_utf_16_without_a_mark_is_refused_with_the_remedy(bench):
    assert "UTF-16 without a mark" in refusal(bench, bench.file(csv_text([row()]).encode("utf-16-le")))


def test_undeclared_cp1251_is_refused_naming_the_row_and_what_was_tried(bench):
    content = csv_text([row(), row(Case="A-2", Story="Рассказ")]).encode("cp1251")
    reason = refusal(bench, bench.file(content))
    assert "row 3" in reason
    assert "UTF-8" in reason


def test_declared_cp1251_is_read(bench):
    content = csv_text([row(Story="Рассказ")]).encode("cp1251")
    declaration = bench.declaration.replace("format: csv", "format: csv\nencoding: cp1251")
    (summary,) = bench.ingest(bench.file(content), declaration).files
    assert summary.stored == 1
    assert bench.all("incident")[0]["narrative"] == "Рассказ"


def test_a_row_that_the_declared_encoding_cannot_read_is_quarantined_and_named_by_its_number(bench):
    lines = [row(Case=f"A-{number}") for number in range(20)]
    content = csv_text(lines).encode().replace(b"A-7", b"A-\xcc")
    declaration = bench.declaration.replace("format: csv", "format: csv\nencoding: utf-8")
    (summary,) = bench.ingest(bench.file(content), declaration).files
    assert (summary.read, summary.stored, summary.quarantined) == (20, 19, 1)
    assert summary.reasons == {"unreadable_row": 1}
    assert any("rows 9" in notice for notice in summary.notices)
    assert bench.all("quarantine")[0]["file_row"] == 9


def test_a_file_whose_rows_mostly_cannot_be_decoded_is_refused(bench):
    content = csv_text([row(Case=f"A-{n}", Story="Рассказ") for n in range(20)]).encode("cp1251")
    declaration = bench.declaration.replace("format: csv", "format: csv\nencoding: utf-8")
    assert "20 of 20 rows" in refusal(bench, bench.file(content), declaration)


def test_duplicated_headers_are_refused_by_name(bench):
    text = csv_text([row()]).replace('"Worker"', '"Age"')
    assert "Age [2]" in refusal(bench, bench.file(text))


def test_an_unknown_column_refuses_the_file_with_its_name(bench):
    header = (*HEADER, "Shoe size")
    reason = refusal(bench, bench.file(csv_text([{**ROW, "Shoe size": "38"}], header)))
    assert reason.endswith("neither mapped nor ignored: Shoe size")


def test_a_missing_column_refuses_the_file_with_its_name(bench):
    header = tuple(name for name in HEADER if name != "Acts")
    assert refusal(bench, bench.file(csv_text([row()], header))).endswith("missing: Acts")


def test_a_first_row_that_is_a_record_is_not_quoted(bench):
    text = csv_text([row()]).partition("\r\n")[2] * 2
    assert "5 of 16 names in the header look like values" in refusal(bench, bench.file(text))


@pytest.mark.parametrize(
    ("changes", "reason", "place"),
    [
        ({"Date": "31.02.2021"}, "impossible_date", "Date"),
        ({"Date": "2099-01-01"}, "impossible_date", "incident.date_incident"),
        ({"Age": "240"}, "impossible_number", "Age"),
        ({"Acts": "zzz nobody knows"}, "unknown_code", "Acts"),
        ({"Region": "", "Town": "Zzz nobody knows"}, "unknown_code", "incident.settlement"),
        ({"Date": "03/04/2023"}, "", ""),
        ({"Statistics": "maybe later"}, "unknown_code", "Statistics"),
        ({"Born": "2004-01-01", "Age": "40"}, "contradiction", "person.age"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_true_sends_the_row_to_quarantine_with_its_reason(
    bench, changes, reason, place
):
    (summary,) = bench.ingest_rows(row(**changes), row(Case="A-2")).files
    if not reason:
        assert summary.stored == 2
        return
    assert (summary.read, summary.stored, summary.quarantined) == (2, 1, 1)
    (kept,) = bench.all("quarantine")
    assert (kept["reason"], kept["place"], kept["file_row"]) == (reason, place, 2)


def test_a_date_of_two_meanings_is_ambiguous_unless_the_order_is_declared(bench):
    declaration = bench.declaration.replace("order: day_month\n", "")
    (summary,) = bench.ingest_rows(row(Date="03/04/2023"), declaration=declaration).files
    assert summary.reasons == {"ambiguous_value": 1}


def test_a_cell_of_50_mb_is_quarantined_in_bounded_memory(bench):
    path = bench.folder / "desk.csv"
    head, tail = csv_text([row(Story="@@")]).split("@@")
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for _ in range(50):
            file.write("x" * 2**20)
        file.write(tail)
        file.write(csv_text([row(Case="A-2")]).partition("\r\n")[2])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (summary,) = bench.ingest(path).files
    assert (summary.read, summary.stored, summary.reasons) == (2, 1, {"too_long": 1})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes


def test_quotes_that_do_not_close_are_refused(bench):
    text = csv_text([row()]) + '"A-2","2023'
    assert "does not end" in refusal(bench, bench.file(text))


def test_rows_of_another_width_are_quarantined(bench):
    text = csv_text([row(), row(Case="A-2")]) + "A-3,too,short\r\n"
    (summary,) = bench.ingest(bench.file(text)).files
    assert (summary.read, summary.stored, summary.reasons) == (3, 2, {"unreadable_row": 1})


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[1, 2",
        '{"results": 5}',
        "[" * 100_000,
        '[{"case": "A-1", "case": "A-2"}]',
        '{"results": [{"case": NaN}]}',
    ],
)
def test_what_is_no_json_or_not_the_declared_list_is_refused(bench, content):
    declaration = (
        'name: web\nversion: "1"\nformat: json\npath: results\nperson: implied\n'
        "columns: {case: incident.external_id}\n"
    )
    refusal(bench, bench.file(content, "web.json"), declaration)


def test_a_list_of_donors_is_refused_naming_the_columns(bench):
    declaration = (
        'name: gifts\nversion: "1"\nformat: csv\n'
        "columns: {Month: funding.month, Amount: funding.amount, Donors: funding.donor_count}\n"
        "ignore: [Donor name, E-mail]\n"
    )
    text = "Month,Amount,Donors,Donor name,E-mail\n2023-04,100,1,Zaira Invented,z@example.org\n"
    reason = refusal(bench, bench.file(text, "gifts.csv"), declaration)
    assert "Donor name, E-mail" in reason
    assert "no donor row" in reason


def test_a_form_export_without_its_repeats_is_refused(bench):
    declaration = (
        'name: form\nversion: "1"\nformat: csv\nperson: implied\n'
        "columns: {_uuid: incident.external_id, _submission_time: incident.date_report}\nignore: [_index]\n"
    )
    text = "_uuid,_submission_time,_index\nu-1,2025-01-01,1\n"
    assert "without a column on persons" in refusal(bench, bench.file(text, "form.csv"), declaration)
    (summary,) = bench.ingest(bench.file(text, "form.csv"), declaration + "form_repeats: []\n").files
    assert summary.stored == 1


def test_lone_surrogates_in_json_reach_quarantine_and_not_a_traceback(bench):
    declaration = (
        'name: web\nversion: "1"\nformat: json\nperson: implied\n'
        "columns: {case: incident.external_id, story: incident.narrative}\n"
    )
    content = '[{"case": "A-1", "story": "\\ud800"}, {"case": "A-2", "story": "fine"}]'
    (summary,) = bench.ingest(bench.file(content, "web.json"), declaration).files
    assert (summary.read, summary.stored, summary.reasons) == (2, 1, {"unreadable_row": 1})


def test_a_line_that_is_no_json_waits_and_the_other_records_go_in(bench):
    declaration = (
        'name: web\nversion: "1"\nformat: jsonl\nperson: implied\ncolumns: {case: incident.external_id}\n'
    )
    content = '{"case": "A-1"}\n{"case": "A-2"\n[1]\n{"case": "A-3"}\n'
    (summary,) = bench.ingest(bench.file(content, "web.jsonl"), declaration).files
    assert (summary.read, summary.stored, summary.reasons) == (4, 2, {"unreadable_row": 2})
    assert {one["file_row"] for one in bench.all("quarantine")} == {2, 3}


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_a_key_of_one_record_alone_is_not_told_for_it_may_be_a_value_and_a_new_key_is(bench, ending):
    declaration = (
        f'name: web\nversion: "1"\nformat: {ending}\nperson: implied\n'
        "columns: {case: incident.external_id}\n"
    )
    records = ['{"case": "A-1"}', '{"caZaira Invented": "A-2"}', '{"case": "A-3", "ward": "x"}']

    def told(*more: str) -> str:
        lines = [*records, *more]
        content = f"[{','.join(lines)}]" if ending == "json" else "\n".join(lines)
        return refusal(bench, bench.file(content, f"web.{ending}"), declaration)

    assert "(a key of record 2 alone), (a key of record 3 alone)" in told()
    assert "(a key of record 2 alone), ward" in told('{"case": "A-4", "ward": "y"}')
