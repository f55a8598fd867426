"""What a recoding bought, for a stated population, over k, and when the time is up."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import (
    RecordsModel,
    RiskOptions,
    RunOptions,
    anonymize_file,
    anonymize_records,
    date_hierarchy,
    drop_order,
    risk_of_file,
)
from anonymize.records.population import estimated_risk, expected_inverse
from anonymize.records.trade_off import level_costs, trade_off
from codebook.errors import HierarchyError, RecordsError, UsageError

from .small_tables import brute_force, tables

DAYS = [f"2023-{month:02d}-0{day}" for month in range(1, 7) for day in (1, 2)] * 2


@settings(max_examples=100, deadline=None)
@given(tables(), st.integers(1, 4), st.sampled_from([0.0, 0.3]), st.integers(0, 4))
def test_a_search_stopped_early_is_allowed_and_its_bound_is_true(table, k, limit, n_checks):
    columns, hierarchies, names = table
    model = RecordsModel(k=k, max_suppressed_share=limit)
    left = iter([False] * n_checks)
    try:
        result = anonymize_records(columns, hierarchies, names, model, stop=lambda: next(left, True))
    except RecordsError:
        return
    ladders = [
        hierarchies[name].with_missing() if "" in columns[name] else hierarchies[name] for name in names
    ]
    best = brute_force(columns, ladders, names, model)
    evidence = result.evidence()
    assert result.after.smallest_class >= k
    assert best is not None
    assert evidence["proven_bound"] - 1e-9 <= best <= result.loss + 1e-9
    assert evidence["gap"] == pytest.approx(result.loss - evidence["proven_bound"], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(1, 4))
def test_local_recoding_stopped_at_once_still_keeps_k(table, k):
    columns, hierarchies, names = table
    model = RecordsModel(k=k, method="local")
    try:
        result = anonymize_records(columns, hierarchies, names, model, stop=lambda: True)
    except RecordsError:
        return
    assert result.after.smallest_class >= k
    assert result.kept.all()


def test_the_month_instead_of_the_quarter_has_a_price():
    ladder = date_hierarchy("day", DAYS)
    result = anonymize_records({"day": DAYS}, {"day": ladder}, ["day"], RecordsModel(k=6))
    assert result.recoding.levels is not None
    costs = {one.instead: one for one in level_costs(result.task, result.recoding.levels)}
    assert result.levels == {"day": 2}
    month = costs["month"]
    assert (month.chosen, month.finer, month.suppressed_change, month.allowed) == ("quarter", True, 24, False)
    assert costs["half year"].suppressed_change == 0
    assert costs["half year"].loss_change > 0


def test_more_protection_never_costs_less():
    ladder = date_hierarchy("day", DAYS)
    result = anonymize_records({"day": DAYS}, {"day": ladder}, ["day"], RecordsModel(k=2))
    points = trade_off(result.task, (2, 3, 4, 5, 12, 25))
    assert [point.k for point in points] == [2, 3, 4, 5, 12]
    assert [point.loss for point in points] == sorted(point.loss for point in points)


def test_columns_are_dropped_until_every_class_has_k():
    columns = {"sex": list("ffmm"), "id": list("1234"), "town": list("aabb")}
    steps = drop_order(columns, list(columns), 2)
    assert [(step.column, step.records_below_k) for step in steps] == [("id", 0)]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9])
def test_the_estimated_risk_is_the_mean_over_what_the_population_may_be(share):
    sizes = np.array([1, 2, 5])
    drawn = np.random.default_rng(7)
    simulated = [float((1 / (size + drawn.negative_binomial(size, share, 200_000))).mean()) for size in sizes]
    assert expected_inverse(sizes, share) == pytest.approx(simulated, rel=0.02)


def test_a_population_of_the_file_itself_is_the_prosecutors_risk():
    told = estimated_risk(np.array([1, 4]), 5)
    assert told["journalist"] == pytest.approx({"highest": 1.0, "average": 2 / 5})
    assert told["population_uniques_expected"] == 1
    with pytest.raises(RecordsError, match="smaller than the 5 records"):
        estimated_risk(np.array([1, 4]), 4)


@pytest.fixture
def survey(tmp_path):
    rows = "".join(f"{17 + i % 4},{'fm'[i % 2]},{DAYS[i % 12]}\n" for i in range(48))
    (tmp_path / "survey.csv").write_text("age,sex,day\n" + rows, "utf-8")
    (tmp_path / "ladders.yml").write_text(
        "age: {intervals: [2, 4], start: 17, unknown: [refused]}\nsex: flat\nday: dates\n", "utf-8"
    )
    return tmp_path


def test_a_report_tells_before_after_and_what_the_loss_bought(survey):
    chart = survey / "chart.svg"
    report = risk_of_file(
        survey / "survey.csv",
        hierarchies=survey / "ladders.yml",
        k=5,
        options=RiskOptions(population=480, chart=chart),
    )
    told = json.loads(json.dumps(report.evidence))
    assert told["quasi_identifiers_by"] == "hierarchies"
    assert told["risk"]["highest"] > told["after"]["risk"]["highest"]
    assert set(told["contributions"]) == set(told["after"]["contributions"]) == {"age", "sex", "day"}
    assert told["after"]["smallest_class"] >= 5
    assert told["after"]["gap"] == 0
    assert {one["column"] for one in told["after"]["level_costs"]} == {"age", "sex", "day"}
    assert [point["k"] for point in told["trade_off"]][:3] == [2, 3, 5]
    assert told["population"]["journalist"]["highest"] < told["risk"]["highest"]
    first = chart.read_bytes()
    assert b"information lost" in first
    risk_of_file(
        survey / "survey.csv",
        hierarchies=survey / "ladders.yml",
        k=5,
        options=RiskOptions(chart=chart),
    )
    assert chart.read_bytes() == first


def test_a_population_file_is_counted(survey):
    (survey / "people.csv").write_text("age,sex\n" + "17,f\n18,m\n19,f\n20,m\n" * 60, "utf-8")
    options = RiskOptions(population=survey / "people.csv")
    told = risk_of_file(survey / "survey.csv", ["age", "sex"], options=options).evidence["population"]
    assert (told["population"], told["journalist"]["highest"], told["marketer"]) == (240, 1 / 60, 1 / 60)


def test_a_chart_without_hierarchies_shows_who_is_exposed(survey):
    chart = survey / "chart.png"
    risk_of_file(survey / "survey.csv", ["age", "day"], options=RiskOptions(chart=chart))
    assert chart.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match="SVG or PNG"):
        risk_of_file(survey / "survey.csv", ["age"], options=RiskOptions(chart=survey / "chart.pdf"))


def test_records_that_another_tool_starred_out_are_not_a_class(tmp_path):
    (tmp_path / "a.csv").write_text("age,sex\n" + "17,f\n" * 60 + "*,*\n" * 2, "utf-8")
    report = risk_of_file(tmp_path / "a.csv", ["age", "sex"])
    assert (report.verdict.name, report.evidence["starred_records"]) == ("PASS", 2)
    assert report.measures.n_records == 60


def test_a_run_explains_itself_and_splits_sets_into_flags(survey):
    (survey / "acts.csv").write_text("sex,acts\n" + "f,beating;threat\nm,threat\nf,\n" * 5, "utf-8")
    evidence = anonymize_file(
        survey / "acts.csv",
        survey / "out.csv",
        hierarchies=survey / "ladders.yml",
        model=RecordsModel(k=5),
        run=RunOptions(flags=(("acts", ";"),), explain=True, budget_seconds=60),
    )
    assert evidence["quasi_identifiers"] == ["sex", "acts=beating", "acts=threat"]
    assert evidence["gap"] == 0
    assert {one["column"] for one in evidence["level_costs"]} == {"sex", "acts=beating", "acts=threat"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("age: {wings: 2}", "needs exactly one rule"),
        ("age: {intervals: [a]}", "list of whole numbers"),
        ("age: {groups: [{young: [17]}]}", "3 values are in no group of level 1"),
        ("age: {groups: 3}", "written label"),
        ("age: {intervals: [2], names: [a]}", "1 names for the 2 levels"),
        ("age: {codebook: nothing}", "no such hierarchy"),
        ("- age", "no rules in it"),
        ("age: [", "cannot be read as YAML"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_by_column(survey, rule, message):
    (survey / "ladders.yml").write_text(rule, "utf-8")
    with pytest.raises(HierarchyError, match=message):
        risk_of_file(survey / "survey.csv", ["age"], hierarchies=survey / "ladders.yml")
