"""Every true number lies where its print says: counted again from the cases, and not by the protector."""

import pytest

from anonymize.units import age_band, count_units, gbv_type
from codebook import TOTAL

from .conftest import Published
from .small_vault import POLICY

MONEY = ("spending", "donations")
COUNTED_TABLES = [name for name, table in POLICY.tables.items() if table.unit not in MONEY]


def ancestors(published: Published, column: str) -> dict[str, set[str]]:
    """Return code -> itself and everything above it, as the release's own code lists say."""
    rows = published.rows(f"SELECT code, parent FROM codes WHERE code_list = '{column}'")
    parent = {row["code"]: row["parent"] for row in rows}
    above = {}
    for code in parent:
        chain, one = {code, TOTAL}, code
        while parent.get(one):
            one = parent[one]
            chain.add(one)
        above[code] = chain
    return above


def true_counts(published: Published, table: str) -> dict[tuple[str, ...], int]:
    """Count a table from the population, cell by cell, knowing nothing of how it was protected."""
    planned = POLICY.tables[table]
    rows = count_units(published.population, published.coding)[planned.unit]
    columns = list(planned.columns)
    above = {column: ancestors(published, column) for column in columns}
    counts: dict[tuple[str, ...], int] = {}
    for cell in published.rows(f"SELECT {', '.join(columns)} FROM {table}"):
        key = tuple(cell[column] for column in columns)
        if planned.stacked:
            asked, answer = cell["quality_field"], cell["recorded"]
            values = rows.codes[f"recorded:{asked}"]
            counts[key] = sum(answer in above["recorded"][value] for value in values)
        else:
            values_of = [(column, rows.codes[column], cell[column]) for column in columns]
            counts[key] = sum(
                all(code in above[column][values[number]] for column, values, code in values_of)
                for number in range(len(rows.persons))
            )
    return counts


@pytest.mark.parametrize("table", COUNTED_TABLES)
def test_every_true_count_lies_within_the_bounds_that_are_published(published: Published, table: str) -> None:
    truth = true_counts(published, table)
    for cell in published.rows(f"SELECT * FROM {table}"):
        count = truth[tuple(cell[column] for column in POLICY.tables[table].columns)]
        if cell["value"] is not None:
            assert cell["lower"] <= count <= cell["upper"]
            assert count > 0 or cell["value"] == 0
    assert max(truth.values()) > 0


def test_the_truth_of_this_test_is_the_truth_of_the_cases(published: Published) -> None:
    years = true_counts(published, "incidents_year_district")
    cases = published.population.cases
    dated = [case for case in cases if (case.row["date_incident"] or "").startswith("2023")]
    assert years["2023", TOTAL] == sum(case.row["date_precision"] != "unknown" for case in dated)
    assert years[TOTAL, TOTAL] == len(cases)
    caucasus = {"RU-DA", "RU-CE", "RU-IN", "RU-KB", "RU-KC", "RU-SE", "RU-STA"}
    assert years[TOTAL, "NCFD"] == sum(case.row["region"] in caucasus for case in cases)
    persons = [person for case in cases for person in case.persons]
    types = true_counts(published, "persons_type_year")
    assert types["rape", TOTAL] == sum(gbv_type(one, published.coding.book) == "rape" for one in persons)
    ages = true_counts(published, "age_acts")
    minors = [one for one in persons if age_band(one, published.coding) == "12-17"]
    groups = published.coding.book.hierarchies["act"]
    assert ages["12-17", "physical"] == sum(
        any(
            groups.generalise(act["act_code"], "act_group") == "physical"
            for act in one.acts
            if act["act_code"]
        )
        for one in minors
    )
    requests = sum(len(one.requests) for one in persons)
    assert true_counts(published, "help_result_year")[TOTAL, TOTAL, TOTAL] == requests


@pytest.mark.parametrize("table", list(POLICY.tables))
def test_totals_add_up(published: Published, table: str) -> None:
    columns = list(POLICY.tables[table].columns)
    rows = published.rows(f"SELECT * FROM {table}")
    values = {tuple(row[column] for column in columns): row["value"] for row in rows}
    sums = 0
    for axis, column in enumerate(columns):
        if POLICY.tables[table].stacked == column:
            continue
        parents = published.rows(f"SELECT code, parent FROM codes WHERE code_list = '{column}'")
        children: dict[str, list[str]] = {}
        for row in parents:
            children.setdefault(row["parent"], []).append(row["code"])
        for key, value in values.items():
            below = [(*key[:axis], child, *key[axis + 1 :]) for child in children.get(key[axis], [])]
            parts = [values[one] for one in below if one in values]
            if parts and value is not None and None not in parts:
                assert value == sum(parts), f"{table}: {key}"
                sums += 1
    # In so small a group every sum of money has a withheld part; counts always add up somewhere.
    assert sums > 0 or POLICY.tables[table].unit in ("spending", "donations")


def test_true_amounts_lie_within_a_base_of_what_is_printed_and_few_contributors_are_hidden(
    published: Published,
) -> None:
    rows = count_units(published.population, published.coding)["spending"]
    above = {column: ancestors(published, column) for column in ("need_category", "period")}
    base = POLICY.money.base
    shown = 0
    for cell in published.rows("SELECT * FROM spending_year"):
        inside = [
            n
            for n in range(len(rows.persons))
            if all(cell[column] in above[column][rows.codes[column][n]] for column in above)
        ]
        total = sum(round(rows.amounts[n]) for n in inside)
        homes = {rows.households[n] for n in inside}
        if cell["value"] is not None:
            shown += 1
            assert abs(cell["value"] - total) < base
            assert cell["lower"] <= total <= cell["upper"]
            assert total == 0 or len(homes) >= POLICY.money.minimum_contributors
    assert shown > 0
