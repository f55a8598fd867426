"""Bad input is refused with the place and the remedy, and no message quotes a record's value."""

import pytest

from anonymize.records import (
    RecordsModel,
    anonymize_file,
    anonymize_records,
    date_hierarchy,
    flat_hierarchy,
    hierarchy_from_lines,
    hierarchy_from_mapping,
    interval_hierarchy,
    prefix_hierarchy,
    read_hierarchies,
    read_table,
    risk_of_file,
)
from codebook.errors import HierarchyError, RecordsError, SourceError

SECRET = "Zarema"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "empty"),
        ([("a", "*"), (SECRET, "x", "*")], "line 2 has 3 cells, line 1 has 2"),
        ([("a", "g", "h", "*"), (SECRET, "g", "i", "*")], "lines 1 and 2 share level 1 but not level 2"),
        (
            [(SECRET, "g", "*"), ("b", "g", "*"), (SECRET, "h", "*")],
            "line 3 gives the value of line 1 another",
        ),
        ([("a", "g", "g", "*"), (SECRET, "h", "h", "*")], "level 2 repeats level 1"),
    ],
)
def test_a_wrong_hierarchy_is_refused_by_file_and_line(tmp_path, lines, message):
    (tmp_path / "group_name.csv").write_text("".join(";".join(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(HierarchyError, match=message) as refused:
        read_hierarchies(tmp_path, ["name"])
    assert "group_name.csv" in str(refused.value)
    assert SECRET not in str(refused.value) + refused.value.remedy


def test_identical_lines_each_count_in_the_domain():
    hierarchy = hierarchy_from_lines("age", [("98", "*"), ("99", "*"), ("99", "*")])
    assert hierarchy.n_lines == 3
    assert hierarchy.shares[0].tolist() == [1 / 3, 2 / 3]


def test_a_value_without_a_line_is_counted_and_not_quoted():
    hierarchies = {"name": flat_hierarchy("name", ["a"])}
    with pytest.raises(
        HierarchyError, match=r"1 values of column 'name' \(2 records, the first is record 2\)"
    ) as no:
        anonymize_records({"name": ["a", SECRET, SECRET]}, hierarchies, ["name"], RecordsModel(k=2))
    assert SECRET not in str(no.value) + no.value.remedy


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"k": 0}, "k is 0"),
        ({"k": 9}, "k=9 is more than the 4 records"),
        ({"k": 3, "cluster": "household"}, "k=3 is more than the 2 clusters"),
        ({"max_suppressed_share": 1.5}, "outside 0 to 1"),
        ({"loss": "beauty"}, "no loss is named"),
        ({"method": "magic"}, "no method is named"),
        ({"l": 2}, "without a sensitive column"),
        ({"l": 4, "sensitive": ("motive",)}, "l=4 is more than the 2 values of column 'motive'"),
        ({"sensitive": ("age",)}, "more than one purpose"),
        ({"sensitive": ("nothing",)}, "no column named 'nothing'"),
    ],
)
def test_a_model_that_cannot_be_met_says_why(asked, message):
    columns = {"age": list("aabb"), "motive": list("xyxy"), "household": list("AABB")}
    with pytest.raises(RecordsError, match=message) as refused:
        anonymize_records(
            columns, {"age": flat_hierarchy("age", "ab")}, ["age"], RecordsModel(**{"k": 2, **asked})
        )
    assert refused.value.remedy


def test_a_column_that_names_every_record_is_refused_unless_it_can_be_generalised():
    cells = [str(number) for number in range(30)]
    with pytest.raises(RecordsError, match="another value in each of the 30 records") as refused:
        anonymize_records({"id": cells}, {"id": flat_hierarchy("id", cells)}, ["id"], RecordsModel(k=2))
    assert "leave it out" in refused.value.remedy
    ladder = interval_hierarchy("id", cells, [10])
    assert anonymize_records({"id": cells}, {"id": ladder}, ["id"], RecordsModel(k=2)).levels == {"id": 1}


@pytest.mark.parametrize("method", ["optimal", "local"])
def test_a_ladder_without_a_top_is_named_as_the_reason(method):
    hierarchies = {"age": hierarchy_from_mapping("age", {"a": ["young"], "b": ["old"]})}
    with pytest.raises(RecordsError, match="leaves 1 of 3 records in 1 classes that fail") as refused:
        anonymize_records({"age": list("aab")}, hierarchies, ["age"], RecordsModel(k=2, method=method))
    assert "last level *" in refused.value.remedy


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n3\n", "record 2 has 1 cells, the header has 2|separator is not certain"),
        (b"a,a\n1,2\n", "given twice: columns 1, 2"),
        (b"a,\n1,2\n", "column 2 has no name"),
        ("a,b\nЖ,1\n".encode("cp1251"), r"not utf-8 in 1 lines \(2\)"),
        (b"a;b,c\n1;2,3\n", "separator is not certain"),
        (b"a,b\n\x00,1\n", "zero bytes"),
        (b'a,b\n"' + b"x" * 200_000 + b'",1\n', "line 2 is not valid CSV|field larger"),
    ],
)
def test_an_uncertain_file_is_refused_and_not_guessed(tmp_path, data, message):
    (tmp_path / "records.csv").write_bytes(data)
    with pytest.raises(SourceError, match=message):
        read_table(tmp_path / "records.csv")


def test_without_a_likely_quasi_identifier_nothing_is_measured(tmp_path):
    (tmp_path / "records.csv").write_text("colour,shoe\n1,2\n1,2\n", "utf-8")
    with pytest.raises(RecordsError, match="no column looks like one") as refused:
        risk_of_file(tmp_path / "records.csv")
    assert "colour, shoe" in refused.value.remedy


def test_columns_that_only_look_identifying_are_measured_and_never_pass(tmp_path):
    (tmp_path / "records.csv").write_text("age,shoe\n" + "1,2\n" * 100, "utf-8")
    report = risk_of_file(tmp_path / "records.csv")
    assert report.evidence["quasi_identifiers_by"] == "suggested"
    assert report.quasi_identifiers == ("age",)
    assert report.verdict.name == "REVIEW"
    assert "no quasi-identifier was named" in report.reasons[0]


def test_a_header_without_records_is_refused(tmp_path):
    (tmp_path / "records.csv").write_text("age,sex\n", "utf-8")
    with pytest.raises(RecordsError, match="no records"):
        risk_of_file(tmp_path / "records.csv", ["age"])


def test_nothing_is_written_when_it_is_refused(tmp_path):
    (tmp_path / "records.csv").write_text("age\n1\n2\n", "utf-8")
    (tmp_path / "age.csv").write_text("1;*\n2;*\n", "utf-8")
    output = tmp_path / "out.csv"
    with pytest.raises(RecordsError, match="k=5"):
        anonymize_file(tmp_path / "records.csv", output, hierarchies=tmp_path, model=RecordsModel(k=5))
    assert not output.exists()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: interval_hierarchy("age", ["1"], [5, 12]), "not made of whole bands"),
        (lambda: interval_hierarchy("age", [SECRET], [5]), "1 different values are not whole numbers"),
        (lambda: date_hierarchy("day", ["2021-02-31"]), "1 different values are not ISO days"),
        (lambda: prefix_hierarchy("postcode", ["364000"], [2, 3]), "do not fall"),
        (lambda: flat_hierarchy("sex", ["", ""]), "no value"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(build, message):
    with pytest.raises(HierarchyError, match=message) as refused:
        build()
    assert SECRET not in str(refused.value)
