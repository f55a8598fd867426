"""Put persons into a case: who they are, what was done to each, consent, outcome, requests.

Repeat victims come back here, and the family of four sisters is built here.
"""

from datetime import date, timedelta

from .dice import Dice
from .help_given import HelpMaker
from .model import Case, Consent, Involvement, Person
from .people import PeopleMaker, age_on, birth_for
from .situations import (
    FOUR_SISTERS_ACTS,
    FOUR_SISTERS_AGE,
    FOUR_SISTERS_RELATIONSHIPS,
    Situation,
)
from .skew import (
    CONSENT_EXPIRED_SHARE,
    CONSENTS,
    GUARDIAN_IS_PERPETRATOR_SHARE,
    JUSTICE,
    OUTCOMES,
    REPEAT_VICTIM_SHARE,
)

_ADULT = 18
_GUARDIANS = ("mother", "father", "guardian", "relative_other")


class InvolvementMaker:
    """Fills the persons of a case."""

    def __init__(self, dice: Dice, people: PeopleMaker, helps: HelpMaker, today: date) -> None:
        """Draw with `dice`; persons from `people`, requests from `helps`; nothing after `today`."""
        self._dice = dice
        self._people = people
        self._helps = helps
        self._today = today

    def fill(self, case: Case, situation: Situation) -> None:
        """Add persons, acts, perpetrators and everything that hangs on them to a case."""
        dice = self._dice
        acts, relationships = self._acts(situation), self._relationships(situation)
        persons = self._persons(case, situation)
        whole = case.channel == "hotline" or len(persons) == 1  # one list of acts for the whole row
        for position, person in enumerate(persons):
            own_acts = acts if whole or position == 0 else acts[: 1 + dice.between(0, len(acts) - 1)]
            own = relationships if position == 0 else _seen_by_child(relationships, situation)
            case.people.append(self._involve(case, person, own_acts, own))
        if relationships and dice.chance(0.7):
            case.number_perpetrators = len(relationships) + (dice.between(0, 2) if dice.chance(0.1) else 0)
        case.people[0].requests = self._helps.requests(case.reported, tuple(situation.needs))
        for other in case.people[1:]:
            if case.channel != "hotline" and dice.chance(0.25):  # the line asks only the caller
                other.requests = self._helps.requests(case.reported, tuple(situation.needs))[:1]

    def make_four_sisters(self, case: Case) -> None:
        """Turn a case into that of four sisters whose quasi-identifiers are all the same."""
        born = [(birth_for(self._dice, FOUR_SISTERS_AGE, case.date_from), "female") for _ in range(4)]
        case.region, case.settlement, case.coordinates = "RU-DA", ("", ""), None
        case.situation, case.place_type, case.precision = "four_sisters", "home", "day"
        case.motives, case.repeated, case.exposure = ("gender",), "yes", "none"
        case.elsewhere, case.number_perpetrators, case.date_to = "no", 2, None
        case.verification, case.time_of_day = "corroborated", ""
        given = Consent("given", "self", "", case.reported)
        case.people = [
            Involvement(
                sister, FOUR_SISTERS_AGE, "single", 0, FOUR_SISTERS_ACTS, FOUR_SISTERS_RELATIONSHIPS, given,
                "safe_abroad", None, "wants_no_action",
            )
            for sister in self._people.family("RU-DA", born, False)
        ]  # fmt: skip
        case.people[0].requests = self._helps.requests(case.reported, ("security", "relocation_abroad"))

    def _persons(self, case: Case, situation: Situation) -> list[Person]:
        dice, (youngest, usual, oldest) = self._dice, situation.ages
        sex = "male" if dice.chance(situation.male_share) else "female"
        sogi = case.situation == "lgbtq"
        if dice.chance(REPEAT_VICTIM_SHARE) and not sogi:
            person = self._people.earlier(case.region, case.date_from, (youngest, oldest), sex)
            if person is not None:
                person.incidents += 1
                return [person]
        age = round(dice.random.triangular(youngest, oldest + 0.49, usual))
        if usual < 30 and dice.chance(0.5):  # most callers are 18 to 30
            age = min(max(round(dice.random.gauss(usual, 3)), youngest), oldest)
        born = [(birth_for(dice, age, case.date_from), sex)]
        if dice.chance(situation.more_people):
            born += self._others(situation, age, case.date_from)
        persons = self._people.family(case.region, born, sogi)
        for person in persons:
            person.incidents = 1
        return persons

    def _others(self, situation: Situation, age: int, on: date) -> list[tuple[date, str]]:
        dice, others = self._dice, []
        for _ in range(dice.weighted({1: 68.0, 2: 25.0, 3: 7.0})):
            if situation.household == "children":
                other = dice.between(min(5, max(age - 18, 1)), max(min(age - 17, 17), 1))
                others.append((birth_for(dice, other, on), "male" if dice.chance(0.2) else "female"))
            else:
                other = min(max(age + dice.between(-5, 5), 5), 60)
                others.append((birth_for(dice, other, on), "male" if dice.chance(0.06) else "female"))
        return others

    def _involve(self, case: Case, person: Person, acts: tuple[str, ...], by: tuple[str, ...]) -> Involvement:
        dice = self._dice
        age = age_on(person.birth, case.date_from)
        grown = age >= _ADULT
        marital = dice.weighted(
            {"single": 62, "married": 20, "separated": 11, "widowed": 1, "unknown": 2, "": 4}
        )
        if "partner" in by or "in_law" in by:
            marital = dice.weighted({"married": 88, "separated": 8, "": 4})
        elif "ex_partner" in by:
            marital = dice.weighted({"separated": 90, "": 10})
        elif age < 25:
            marital = dice.weighted({"single": 90, "married": 4, "": 6})
        children = None if dice.chance(0.25) else 0
        if grown and marital in ("married", "separated", "widowed") and children == 0:
            children = dice.weighted({0: 25, 1: 28, 2: 27, 3: 13, 4: 7})
        outcome = dice.weighted(OUTCOMES) if "killing" not in acts else "deceased"
        outcome_on = None
        if outcome and dice.chance(0.7):
            outcome_on = min(case.reported + timedelta(days=dice.between(1, 150)), self._today)
        return Involvement(
            person, None if dice.chance(0.06) else age, marital if grown else "single",
            children if grown else None, acts, by, self._consent(case, grown, by), outcome, outcome_on,
            dice.weighted(JUSTICE),
        )  # fmt: skip

    def _consent(self, case: Case, grown: bool, by: tuple[str, ...]) -> Consent:
        dice = self._dice
        status = dice.weighted(CONSENTS)
        if status != "given":
            return Consent(status)
        given_on = case.reported
        if not grown:
            harmful = [one for one in _GUARDIANS if one in by]
            harmless = [one for one in _GUARDIANS if one not in by]
            guardian = harmful[0] if harmful and dice.chance(GUARDIAN_IS_PERPETRATOR_SHARE) else harmless[0]
            return Consent(status, "guardian", guardian, given_on)
        expires = None
        if dice.chance(CONSENT_EXPIRED_SHARE) and (self._today - given_on).days > 400:
            expires = given_on + timedelta(days=365)
        return Consent(status, "verbal" if dice.chance(0.12) else "self", "", given_on, expires)

    def _acts(self, situation: Situation) -> tuple[str, ...]:
        core = self._dice.weighted(situation.core)
        return (core, *(act for act in self._dice.several(situation.others) if act != core))

    def _relationships(self, situation: Situation) -> tuple[str, ...]:
        dice = self._dice
        if dice.chance(0.03):
            return ()
        found: list[str] = []
        for _ in range(dice.weighted({1: 66.0, 2: 26.0, 3: 8.0})):
            one = dice.weighted(situation.relationships)
            if one not in found:
                found.append(one)
        return tuple(found)


def _seen_by_child(relationships: tuple[str, ...], situation: Situation) -> tuple[str, ...]:
    """Return what the same men are to a child: the husband is the father (RULES section 6, line 10)."""
    if situation.household != "children":
        return relationships
    seen = {
        "partner": "father",
        "ex_partner": "father",
        "in_law": "relative_other",
        "father": "relative_other",
    }
    return tuple(dict.fromkeys(seen.get(one, one) for one in relationships))
