"""Rows taken column by column, and the same rows taken one by one, make the same vault."""

import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codebook import load_codebook
from ingest import FileSummary, ingest_files, load_source
from ingest.cases import batches
from ingest.flat import plan_of
from vault import Vault

from .workbench import DECLARATION, HEADER, NOW, Workbench, csv_text, row

CASES = tuple(f"A-{number}" for number in range(1, 9))
WORDS: dict[str, tuple[str, ...]] = {
    "Case": (*CASES, "", " A-1 "),
    "Date": (
        "12.03.2023",
        "март 2023",
        "01.02.2023 - 05.02.2023",
        "31.02.2023",
        "01.01.2031",
        "",
        "неизвестно",
    ),
    "Region": ("Dagestan", "nowhere at all", "", "RU-CE"),
    "Town": ("", "Махачкала", "Грозный", "no such town"),
    "Acts": ("beating; threat", "", "beating", "no such act"),
    "By": ("father; brother", "father", "", "a stranger's aunt"),
    "Name": ("Zaira Invented", "Zaira  invented ", "Асият Выдуманная", "Седа", "", "'=1+1"),
    "Phone": ("+7 900 000-00-01", "89000000001", "", "12"),
    "Born": ("", "05.06.1990", "1990", "05.06.2035", "31.12.1800"),
    "Age": ("19", "", "32", "240", "17-18", "'33"),
    "Sex": ("F", "m", "", "?"),
    "Statistics": ("yes", "no", "", "perhaps"),
    "Story": ("An invented account.", "", " \x1f ", "x" * 300, "="),
    "Worker": ("K.",),
    "Lat": ("42.98",),
    "Lon": ("47.50",),
}
_TABLES = ("incident", "person", "perpetrator", "act", "request", "outcome", "consent", "source",
           "quarantine", "match_key", "history", "vanished")  # fmt: skip
Rows = Sequence[dict[str, str]]

usual = st.sampled_from(CASES).map(lambda case: row(Case=case))
mixed = st.fixed_dictionaries({name: st.sampled_from(words) for name, words in WORDS.items()})
nearly = st.tuples(usual, mixed, st.sets(st.sampled_from(HEADER), max_size=3)).map(
    lambda parts: {**parts[0], **{name: parts[1][name] for name in parts[2]}}
)
a_file = st.lists(st.one_of(usual, nearly, nearly, mixed), max_size=12)


def told(vault: Vault) -> dict[str, Any]:
    """Return all that a vault holds, its identifiers replaced by the record keys of the rows they are of."""
    sources = {one["source_id"]: f"{one['record_key']}" for one in vault.rows("source")}
    incidents: dict[str, set[str]] = defaultdict(set)
    for one in vault.rows("source"):
        incidents[one["incident_id"]].add(one["record_key"])
    persons = {one["person_id"]: sources.get(one["source_id"], "") for one in vault.rows("person")}
    labels: dict[str, Any] = {
        "source_id": sources, "person_id": persons,
        "incident_id": {one: str(sorted(keys)) for one, keys in incidents.items()},
    }  # fmt: skip
    found: dict[str, Any] = {}
    for table in _TABLES:
        found[table] = sorted(
            str(
                {
                    name: labels[name].get(value, "none") if name in labels else value
                    for name, value in one.items()
                    if not name.endswith("_id") or name in labels
                    if name not in ("file_sha256", "before_json")
                }
            )
            for one in vault.rows(table)
        )
    for column in ("same_person_id", "household_id"):
        groups: dict[str, list[str]] = defaultdict(list)
        for one in vault.rows("person"):
            groups[one[column]].append(persons[one["person_id"]])
        found[column] = sorted(sorted(group) for group in groups.values())
    doers: dict[str, list[str]] = defaultdict(list)
    for one in vault.rows("act"):
        doers[one["perpetrator_id"]].append(
            f"{persons[one['person_id']]} {one['act_code']} {one['relationship']}"
        )
    found["doers"] = sorted(sorted(acts) for acts in doers.values())
    return found


def outcome(summary: FileSummary) -> tuple[object, ...]:
    """Return what a person is told of one file."""
    counts = (summary.read, summary.stored, summary.already_there, summary.quarantined)
    return (*counts, sorted(summary.reasons.items()), summary.notices, str(summary.refused))


def taken(
    folder: Path, files: Sequence[Rows], *, by_column: bool, declaration: str = "", keep: bool = False
) -> tuple[dict[str, Any], list[tuple[object, ...]]]:
    """Return what a new vault holds after the files, and what was told of each."""
    folder.mkdir()
    bench = Workbench(folder)
    bench.vault.update("setting", "fingerprint_key", {"value": "07" * 32})
    path = folder / "desk.yml"
    path.write_text(declaration or bench.declaration, encoding="utf-8")
    source = load_source(path, load_codebook())
    assert plan_of(source, bench.vault.book) is not None
    summaries = []
    for number, rows in enumerate(files):
        file = bench.file(csv_text(rows), f"desk{number}.csv")
        run = ingest_files(
            bench.vault, [file], sources={"desk": source}, now=NOW, source_name="desk", by_column=by_column,
            keep_identifiers=keep,
        )  # fmt: skip
        summaries += [outcome(one) for one in run.files]
    found = told(bench.vault)
    bench.vault.close()
    return found, summaries


def assert_same(files: Sequence[Rows], **options: Any) -> dict[str, Any]:
    """Take files both ways and return what both vaults hold."""
    with tempfile.TemporaryDirectory() as name:
        slow, told_slow = taken(Path(name) / "slow", files, by_column=False, **options)
        fast, told_fast = taken(Path(name) / "fast", files, by_column=True, **options)
    assert told_fast == told_slow
    for part, content in slow.items():
        assert fast[part] == content, part
    return fast


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    files=st.lists(a_file, min_size=1, max_size=3), size=st.sampled_from([2, 5, 5_000]), keep=st.booleans()
)
def test_files_by_column_and_row_by_row_make_the_same_vault(files, size, keep):
    before, batches.BATCH = batches.BATCH, size
    try:
        assert_same(files, keep=keep)
    finally:
        batches.BATCH = before


def test_a_source_without_a_key_counts_equal_rows_the_same_way():
    declaration = "\n".join(line for line in DECLARATION.splitlines() if "key:" not in line)
    twice = [row(), row(), row(Case="A-2"), row(Age="240"), row(Age="240"), row()]
    found = assert_same([twice, twice[::-1]], declaration=declaration)
    assert len(found["incident"]) == 4


def test_money_needs_outcomes_and_consents_for_all_are_the_same_both_ways():
    declaration = (
        DECLARATION.replace(
            "  Story: incident.narrative",
            "  Story: request.cost\n  Town: request.need\n  Sex: outcome.outcome_status",
        )
        .replace("  Town: incident.settlement\n", "")
        .replace("  Sex: person.sex\n", "")
        + "constants: {incident.country: RU}\n"
        + "consent: [{scope: service, status: given, basis: asked at the door}]\n"
        + "required: [incident.region]\n"
    )
    costs = ("500", "500 руб", "20 USD", "", "so much")
    dice = random.Random(3)
    rows = [
        row(Case=f"B-{number}", Story=dice.choice(costs), Town=dice.choice(("ticket", "", "legal_consult")),
            Sex="", Region=dice.choice(("Dagestan", "")))
        for number in range(40)
    ]  # fmt: skip
    found = assert_same([rows, rows[::-1]], declaration=declaration)
    assert len(found["request"]) > 10


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_rows_with_returning_persons_are_joined_the_same_way(seed):
    dice = random.Random(seed)
    names = [f"Имя{number % 7} Выдуманова{number}" for number in range(12)]
    rows = [
        row(Case=f"C-{dice.randrange(300)}", Name=dice.choice(names),
            Phone=f"+7 900 000-00-{dice.randrange(20):02d}",
            Born=dice.choice(("", "05.06.1990")), Age=dice.choice(("", "32", "240")))
        for _ in range(120)
    ]  # fmt: skip
    changed = [{**one, "Age": dice.choice(("", "33"))} for one in rows]
    found = assert_same([rows, changed])
    assert max(map(len, found["same_person_id"])) > 2
