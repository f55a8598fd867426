"""The invented crisis group: reproducible, skewed like the real thing, full of known mistakes."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from codebook import UsageError, load_codebook
from ingest.synthetic import DEFAULT_TODAY, FORMATS, synthesize
from ingest.synthetic.situations import load_situations
from ingest.synthetic.skew import COSTS, JUSTICE, OUTCOMES

FILES = ("casebook_ru.xlsx", "hotline_en.csv", "web_form.json", "funding.csv", "truth.json")
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("group")
    synthesize(directory, incidents=1500, seed=7)
    return directory


@pytest.fixture(scope="module")
def truth(group: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((group / "truth.json").read_text(encoding="utf-8"))
    return loaded


def casebook(directory: Path, sheet: str = "Обращения") -> list[dict[str, Any]]:
    rows = CalamineWorkbook.from_path(directory / "casebook_ru.xlsx").get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def hotline(directory: Path) -> list[dict[str, str]]:
    with (directory / "hotline_en.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def web_form(directory: Path) -> list[dict[str, Any]]:
    loaded = json.loads((directory / "web_form.json").read_text(encoding="utf-8"))
    results: list[dict[str, Any]] = loaded["results"]
    return results


def digests(directory: Path) -> dict[str, str]:
    return {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in FILES}


def test_the_same_seed_gives_the_same_bytes_in_every_file_whatever_the_hash_seed(tmp_path: Path) -> None:
    synthesize(tmp_path / "here", incidents=120, seed=11)
    script = (
        "from pathlib import Path; from ingest.synthetic import synthesize; "
        f"synthesize(Path({str(tmp_path / 'there')!r}), incidents=120, seed=11)"
    )
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Vladivostok"}
        subprocess.run([sys.executable, "-c", script], check=True, cwd=REPOSITORY, env=environment)
        assert digests(tmp_path / "there") == digests(tmp_path / "here")


def test_another_seed_gives_other_bytes_in_every_file(tmp_path: Path) -> None:
    synthesize(tmp_path / "a", incidents=60, seed=1)
    synthesize(tmp_path / "b", incidents=60, seed=2)
    first, second = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert [name for name in FILES if first[name] == second[name]] == []


def test_no_global_state_is_touched(tmp_path: Path) -> None:
    import random

    random.seed(5)
    before = random.getstate()
    synthesize(tmp_path, incidents=20, seed=3)
    assert random.getstate() == before


def test_regions_are_as_skewed_as_the_intake_of_such_a_group(group: Path) -> None:
    regions = Counter(row.get("incident/region", "") for row in web_form(group))
    heavy = regions["RU-CE"] + regions["RU-DA"] + regions["RU-IN"]
    assert heavy > 0.6 * sum(regions.values())
    assert regions["RU-CE"] > regions["RU-KB"] > 0


def test_cases_grow_over_six_years_and_summer_is_heavier_than_early_spring(tmp_path: Path) -> None:
    synthesize(tmp_path, incidents=3000, seed=4, formats=("kobo",))
    days = [row["incident/date"] for row in web_form(tmp_path) if len(row.get("incident/date", "")) == 10]
    years, months = Counter(day[:4] for day in days), Counter(day[5:7] for day in days)
    assert sorted(years) == [str(year) for year in range(2019, 2026)]
    assert years["2025"] > 1.8 * years["2019"]
    assert months["07"] + months["08"] > 1.2 * (months["02"] + months["03"])


def test_most_are_young_women_and_some_men_are_there_for_their_orientation(group: Path) -> None:
    people = [person for row in web_form(group) for person in row["person"]]
    ages = [int(person["person/age"]) for person in people if person.get("person/age", "240") != "240"]
    sexes = Counter(person["person/sex"] for person in people)
    assert sexes["female"] > 6 * sexes["male"] > 0
    assert min(ages) < 18
    assert max(ages) <= 60
    assert sum(18 <= age <= 30 for age in ages) > 0.5 * len(ages)
    men_for_orientation = [
        row
        for row in web_form(group)
        if "sexual_orientation" in row.get("incident/motive", "") and row["person"][0]["person/sex"] == "male"
    ]
    assert men_for_orientation


def test_sexual_violence_is_rarer_than_other_violence(group: Path) -> None:
    book = load_codebook().code_lists["act"]
    acts = [
        act for row in web_form(group) for person in row["person"] for act in person["person/acts"].split()
    ]
    groups = Counter(book.codes[act].parents["act_group"] for act in acts if act in book.codes)
    assert 0 < groups["sexual"] < 0.5 * groups["physical"]


def test_every_act_need_outcome_and_justice_status_of_the_codebook_can_occur() -> None:
    lists = load_codebook().code_lists
    acts = {act for one in load_situations().values() for act in (*one.core, *one.others)}
    assert acts == set(lists["act"].codes)
    assert set(COSTS) == set(lists["assistance"].codes)
    assert set(OUTCOMES) - {""} == set(lists["outcome"].codes) - {"deceased"}  # a killing makes it
    assert set(JUSTICE) - {""} == set(lists["justice_status"].codes)


def test_four_sisters_share_a_household_and_everything_countable(group: Path, truth: dict[str, Any]) -> None:
    case = truth["four_sisters"]["case"]
    rows = [row for row in casebook(group) if row["Дело"] == case]
    assert len(rows) == truth["four_sisters"]["persons"] == 4
    assert len({row["Код семьи"] for row in rows}) == 1
    assert len({row["Код лица"] for row in rows}) == 4
    assert {row["Возраст"] for row in rows if row["Возраст"] != ""} <= {19, "19 лет"}
    assert [f"{case}/{number}" for number in (1, 2, 3, 4)] in truth["households"]


def test_exactly_one_person_withdraws(group: Path, truth: dict[str, Any]) -> None:
    withdrawn = [row["Дело"] for row in casebook(group) if row["Отозвано"] != ""]
    withdrawn += [
        row["Call ref"] for row in hotline(group) if any(row[f"P{n} consent withdrawn"] for n in (1, 2, 3, 4))
    ]
    withdrawn += [
        row["form/case_code"]
        for row in web_form(group)
        for person in row["person"]
        if person.get("person/consent_withdrawn")
    ]
    assert withdrawn == [one["case"] for one in truth["withdrawn"]]


def test_consent_is_missing_for_about_eight_percent(truth: dict[str, Any]) -> None:
    counts = truth["counts"]
    assert 0.05 < counts["consent_missing"] / counts["persons"] < 0.11
    assert 0 < counts["guardian_is_perpetrator"] < counts["consent_given"] - counts["countable_persons"] + 1


def test_duplicates_stand_in_two_different_files(truth: dict[str, Any]) -> None:
    prefixes = [sorted(code.split("-")[0] for code in pair) for pair in truth["duplicate_pairs"]]
    assert len(prefixes) == 60  # 4 % of 1,500
    assert all(len(set(pair)) == 2 for pair in prefixes)
    assert Counter(map(tuple, prefixes)).most_common(1)[0][0] == ("HL", "СК")


def test_hopeless_rows_show_each_reason_in_each_file(truth: dict[str, Any]) -> None:
    found = Counter((file, reason) for _, reason, file in truth["hopeless"])
    reasons = ("impossible_date", "impossible_number", "unknown_code")
    assert {reason for _, reason in found} == set(reasons)
    assert all(found[(file, reason)] for file in FILES[:3] for reason in reasons)
    assert sum(found.values()) == truth["counts"]["quarantined"] == 15  # 1 % of 1,500


def test_counts_agree_with_what_stands_in_the_files(group: Path, truth: dict[str, Any]) -> None:
    files = truth["counts"]["files"]
    rows = casebook(group)
    assert len(rows) == files["casebook_ru.xlsx"]["rows"]
    assert len({row["Дело"] for row in rows}) == files["casebook_ru.xlsx"]["records"]
    assert len(casebook(group, "Помощь")) >= files["casebook_ru.xlsx"]["requests"]
    assert len(hotline(group)) == files["hotline_en.csv"]["rows"] == files["hotline_en.csv"]["records"]
    assert len(web_form(group)) == files["web_form.json"]["rows"]
    hopeless = {code for code, _, _ in truth["hopeless"]}
    persons = sum(len(row["person"]) for row in web_form(group) if row["form/case_code"] not in hopeless)
    assert persons == files["web_form.json"]["persons"]
    assert truth["counts"]["different_incidents"] == 1500


def test_foundations_fade_out_and_are_few(group: Path) -> None:
    with (group / "funding.csv").open(encoding="utf-8", newline="") as file:
        grants = [row for row in csv.DictReader(file) if row["Channel"] == "grant"]
    assert {row["Donors"] for row in grants} <= {"1", "2", "3"}
    early = sum(row["Month"] < "2021" for row in grants)
    late = sum(row["Month"] >= "2024" for row in grants)
    assert early > 3 * late


def test_the_guide_sheet_is_not_data(group: Path) -> None:
    names = CalamineWorkbook.from_path(group / "casebook_ru.xlsx").sheet_names
    assert names == ["Обращения", "Помощь", "Справка"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    incidents=st.integers(1, 40),
    seed=st.integers(0, 10**6),
    formats=st.lists(st.sampled_from(sorted(FORMATS)), min_size=1, max_size=3, unique=True),
    today=st.dates(date(2015, 1, 5), date(2030, 12, 31)),
)
def test_any_size_seed_day_and_choice_of_formats_works(
    tmp_path: Path, incidents: int, seed: int, formats: list[str], today: date
) -> None:
    summary = synthesize(tmp_path, incidents=incidents, seed=seed, formats=formats, today=today)
    assert summary.incidents == incidents
    assert len(summary.files) == len(formats) + 1
    assert summary.period == (date(today.year - 6, 1, 1), today)
    assert summary.records == incidents + summary.duplicates + summary.hopeless


def test_the_default_day_is_not_the_clock(tmp_path: Path) -> None:
    assert synthesize(tmp_path, incidents=5, seed=1).period[1] == DEFAULT_TODAY == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("incidents", "formats", "message"),
    [
        (0, ("kobo",), "at least one incident"),
        (5, (), "0 of 0 formats"),
        (5, ("paper",), "1 of 1 formats are unknown"),
    ],
)
def test_senseless_options_are_refused(
    tmp_path: Path, incidents: int, formats: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        synthesize(tmp_path / "new", incidents=incidents, seed=1, formats=formats)
    assert not (tmp_path / "new").exists()


def test_the_english_line_writes_no_cyrillic_letter(group: Path) -> None:
    letters = (group / "hotline_en.csv").read_text(encoding="utf-8-sig")
    assert [letter for letter in letters if "а" <= letter.casefold() <= "я"] == []
