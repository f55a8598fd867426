"""What goes wrong in real intake, on purpose: duplicates over channels, hopeless rows, a withdrawn consent.

Each mistake is written into the truth, so that tests can ask whether it was found.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from .cases import CaseMaker
from .dice import Dice
from .model import Case, Consent
from .skew import DUPLICATE_SHARE, HOPELESS_SHARE

HOPELESS_REASONS = ("impossible_date", "impossible_number", "unknown_code")
_FEWEST_HOPELESS = 3
_FEWEST_DUPLICATES = 2


def add_duplicates(dice: Dice, cases: Sequence[Case], channels: tuple[str, ...], today: date) -> list[Case]:
    """Return second records of some cases, in another channel, a little different."""
    if len(channels) < 2 or not cases:
        return []
    wanted = max(_FEWEST_DUPLICATES, round(len(cases) * DUPLICATE_SHARE))
    # The main desk and the telephone line hear of the same cases most often.
    partner = {
        channel: {other: 8.0 if {channel, other} == {"spreadsheet", "hotline"} else 1.0
                  for other in channels if other != channel}
        for channel in channels
    }  # fmt: skip
    eligible = [case for case in cases if case.situation != "four_sisters" and case.people[0].age is not None]
    chosen = dice.random.sample(eligible, min(wanted, len(eligible)))
    return [_second_record(dice, case, dice.weighted(partner[case.channel]), today) for case in chosen]


def _second_record(dice: Dice, case: Case, channel: str, today: date) -> Case:
    shift = dice.weighted({0: 55, 1: 18, 2: 9, 3: 5, -1: 9, -2: 4})
    day = min(case.date_from + timedelta(days=shift), today)
    reported = min(max(case.reported + timedelta(days=dice.between(0, 12)), day), today)
    first = case.people[0]
    people = [
        replace(one, acts=first.acts if channel == "hotline" else one.acts, requests=[])
        for one in case.people
    ]  # fmt: skip
    precision = "day" if case.precision == "range" else case.precision
    return replace(
        case, channel=channel, date_from=day, date_to=None, precision=precision, reported=reported,
        people=people, connection=dice.weighted({"friend": 40, "relative": 20, "ngo": 20, "self": 20}),
        coordinates=None, verification="single_source", staff=dice.between(0, 7),
    )  # fmt: skip


def add_hopeless(dice: Dice, maker: CaseMaker, count: int, channels: tuple[str, ...]) -> list[Case]:
    """Return extra cases of one person each with something in them that ingest must refuse.

    They are spread over the channels, so that each file shows quarantine at work.
    """
    wanted = max(_FEWEST_HOPELESS, round(count * HOPELESS_SHARE))
    hopeless: list[Case] = []
    while len(hopeless) < wanted:
        for case in maker.cases(wanted, channels):
            if len(case.people) == 1 and case.people[0].person.incidents == 1 and len(hopeless) < wanted:
                position = len(hopeless)
                case.channel = channels[position % len(channels)]
                turn = position + position // len(channels)  # another reason in each round of the channels
                case.hopeless = HOPELESS_REASONS[turn % len(HOPELESS_REASONS)]
                case.incident = -len(hopeless) - 1
                case.people[0].person.incidents = 0  # nobody meets them again
                hopeless.append(case)
    dice.random.shuffle(hopeless)
    return hopeless


def withdraw_one(dice: Dice, cases: Sequence[Case], duplicates: Sequence[Case]) -> Case | None:
    """Withdraw the consent of exactly one adult who came alone, once; return her case."""
    twice = {case.incident for case in duplicates}
    for case in dice.random.sample(list(cases), len(cases)):
        one = case.people[0]
        alone = len(case.people) == 1 and one.person.incidents == 1 and case.incident not in twice
        if alone and one.consent.status == "given" and one.consent.given_by == "self":
            given_on = one.consent.given_on or case.reported
            one.consent = Consent("withdrawn", "self", "", given_on, None, given_on + timedelta(days=30))
            return case
    return None
