"""What may follow an earlier release: nothing that describes a single arrival, departure or payment."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from anonymize.over_time import (
    amounts_of,
    changed_amounts,
    may_follow,
    require_enough_change,
    settled_amounts,
)
from anonymize.periods import ShownCode
from anonymize.policy import load_policy
from anonymize.population import Case, Person, Population, Window
from anonymize.record_rows import ReleasedRecords
from anonymize.tables import MoneyRows, MoneyRules
from codebook import ReleaseRefused
from tests.vault_factory import new_vault
from vault import Amount, ReleaseEntry, Remembered, Vault, record_release

DAY = datetime.date(2026, 6, 30)
WINDOW = Window(period_to=DAY, as_of=datetime.date(2026, 11, 1))


def population(*numbers: int) -> Population:
    return Population(
        tuple(
            Case({"incident_id": f"i{n}"}, (Person({"person_id": f"p{n}", "incident_id": f"i{n}"}),), {})
            for n in numbers
        ),
        (),
    )


def records(**sizes: int) -> ReleasedRecords:
    rows = tuple((sex,) for sex, size in sizes.items() for _ in range(size))
    return ReleasedRecords(("sex",), rows, (), {}, {})


def remember(
    vault: Vault,
    name: str,
    *,
    persons: tuple[str, ...] = (),
    published: ReleasedRecords | None = None,
    amounts: tuple[Amount, ...] = (),
) -> None:
    from anonymize.over_time import record_classes

    entry = ReleaseEntry(name, DAY, "2020-01-01", DAY.isoformat(), "rules", "PASS", 1, "")
    record_release(vault, entry, Remembered({}, persons, record_classes(published), amounts))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return new_vault(tmp_path)


def test_a_first_release_and_an_unchanged_one_may_always_follow(vault: Vault) -> None:
    policy = load_policy()
    require_enough_change(vault, population(1, 2), WINDOW, policy)
    remember(vault, "one", persons=("p1", "p2"))
    require_enough_change(vault, population(1, 2), WINDOW, policy)


@pytest.mark.parametrize("now", [(1,), (1, 2, 3), (1, 3), tuple(range(1, 31))])
def test_a_release_whose_only_news_are_a_few_persons_is_refused(vault: Vault, now: tuple[int, ...]) -> None:
    remember(vault, "one", persons=("p1", "p2"))
    with pytest.raises(ReleaseRefused, match=r"are new and \d+ are gone since the last release"):
        require_enough_change(vault, population(*now), WINDOW, load_policy())


def test_a_person_erased_from_the_vault_counts_as_gone(vault: Vault) -> None:
    remember(vault, "one", persons=("p1", "p2"))
    vault.delete("release_person", "person_id = ?", ["p2"])
    with pytest.raises(ReleaseRefused, match="0 person records are new and 1 are gone"):
        require_enough_change(vault, population(1), WINDOW, load_policy())


def test_enough_new_persons_or_another_closed_quarter_may_follow(vault: Vault) -> None:
    remember(vault, "one", persons=("p1", "p2"))
    require_enough_change(vault, population(*range(1, 40)), WINDOW, load_policy())
    later = Window(period_to=datetime.date(2026, 9, 30), as_of=datetime.date(2027, 1, 5))
    require_enough_change(vault, population(1), later, load_policy())


@pytest.mark.parametrize(
    ("now", "may"),
    [
        ({"female": 20, "male": 8}, True),
        ({"female": 25, "male": 8}, True),
        ({"female": 20, "male": 3}, True),
        ({"female": 21, "male": 8}, False),
        ({"female": 19, "male": 8}, False),
        ({"female": 16, "male": 8}, False),
        ({"female": 20}, True),
        ({"female": 20, "male": 8, "unknown": 4}, False),
        ({"female": 20, "male": 8, "unknown": 5}, True),
    ],
)
def test_records_may_follow_where_each_class_is_the_same_or_moved_by_k(
    vault: Vault, now: dict[str, int], may: bool
) -> None:
    remember(vault, "one", published=records(female=20, male=8))
    assert may_follow(vault, records(**now), 5) is may


def test_records_are_compared_with_every_earlier_file_not_only_the_last(vault: Vault) -> None:
    remember(vault, "one", published=records(female=20))
    remember(vault, "two", published=records(female=27))
    assert may_follow(vault, records(female=22), 5) is False


def test_records_with_other_columns_may_not_follow(vault: Vault) -> None:
    remember(vault, "one", published=records(female=20))
    finer = ReleasedRecords(("sex", "age"), tuple(("female", "adult") for _ in range(20)), (), {}, {})
    assert may_follow(vault, finer, 5) is False


def test_records_on_another_level_may_not_follow_though_every_class_moved_by_k(vault: Vault) -> None:
    def aged(level: str, **sizes: int) -> ReleasedRecords:
        rows = tuple((code,) for code, size in sizes.items() for _ in range(size))
        codes = {"records_age": [ShownCode(code, "_T", level, code, code) for code in sizes]}
        return ReleasedRecords(("age",), rows, (), codes, {})

    remember(vault, "one", published=aged("age_minority", adult=40))
    assert may_follow(vault, aged("age_band", young=21, older=20), 5) is False
    assert may_follow(vault, aged("age_minority", adult=46), 5) is True


def money(*payments: tuple[str, str, int]) -> MoneyRows:
    return MoneyRows(
        {"need_category": [need for need, _, _ in payments]},
        [amount for _, _, amount in payments],
        [household for _, household, _ in payments],
    )


def test_what_changed_of_the_amounts_is_known_by_contributor(vault: Vault) -> None:
    before = amounts_of(
        vault, "spending", money(("legal", "h1", 500), ("legal", "h2", 700), ("food", "h1", 90))
    )
    remember(vault, "one", amounts=tuple(before))
    after = amounts_of(vault, "spending", money(("legal", "h1", 500), ("food", "h1", 90), ("food", "h3", 40)))
    changed = changed_amounts(before, after)
    assert changed is not None
    assert sorted(zip(changed.codes["need_category"], changed.amounts, strict=True)) == [
        ("food", 40),
        ("legal", 700),
    ]
    assert all(one.contributor not in ("h1", "h2", "h3") for one in before)


def test_without_an_earlier_release_nothing_has_changed(vault: Vault) -> None:
    assert changed_amounts([], amounts_of(vault, "spending", money(("legal", "h1", 5)))) is None


RULES = MoneyRules(b"key" * 11)


def settled(vault: Vault, before: MoneyRows, now: MoneyRows, *, printed: bool = True) -> list[int]:
    """Return the amounts that the next release adds up."""
    old, new = (amounts_of(vault, "spending", rows) for rows in (before, now))
    return [one.amount for one in settled_amounts(old, new, lambda codes: printed, RULES)]


SIX = tuple(("legal", f"h{n}", 100) for n in range(6))


@pytest.mark.parametrize("now", [SIX[1:], (*SIX, ("legal", "h9", 40)), (("legal", "h0", 130), *SIX[1:])])
def test_a_single_payment_that_comes_goes_or_changes_waits(vault: Vault, now: tuple[Any, ...]) -> None:
    assert settled(vault, money(*SIX), money(*now)) == [100] * 6


def test_payments_of_enough_households_go_in_together_with_what_waited(vault: Vault) -> None:
    new = tuple(("legal", f"n{n}", 50) for n in range(6))
    assert settled(vault, money(*SIX), money(*SIX[1:], *new)) == [100] * 5 + [50] * 6


def test_one_payment_that_is_most_of_a_change_makes_all_of_it_wait(vault: Vault) -> None:
    new = (*(("legal", f"n{n}", 10) for n in range(6)), ("legal", "large", 9000))
    assert settled(vault, money(*SIX), money(*SIX, *new)) == [100] * 6


def test_what_no_release_printed_is_as_it_is_now(vault: Vault) -> None:
    assert settled(vault, money(*SIX), money(*SIX[1:]), printed=False) == [100] * 5


def test_households_that_only_have_another_name_are_no_change(vault: Vault) -> None:
    renamed = tuple(("legal", f"other{n}", 100) for n in range(6))
    late = ("legal", "late", 70)
    assert settled(vault, money(*SIX), money(*renamed, late)) == [100] * 6
