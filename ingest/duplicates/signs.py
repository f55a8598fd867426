"""The signs by which two records are compared: their levels, and how often each level is seen.

A sign is about the person (name, age, phone) or about the incident (day, place, what happened). `m` is how
often a level is seen where both records are of one person (or incident), `u` how often for two records at
random. Both are declared here, our judgement, and corrected by the data, the more there are of them.
"""

from dataclasses import dataclass

PERSON = "person"
INCIDENT = "incident"


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    Attributes:
        name: As it is told to a person; empty for what says nothing in favour.
        sql: Condition over `<column>_l` and `<column>_r`; the last level of a sign is `ELSE`.
        m: Share among pairs of one person, before learning.
        u: Share among random pairs, before counting.
        frequency_of: Column whose common values weigh less.
    """

    name: str
    sql: str
    m: float
    u: float
    frequency_of: str = ""


@dataclass(frozen=True)
class Sign:
    """One comparison; `levels` from most to least agreement, so that their weights never rise.

    Attributes:
        learns: Whether `m` is corrected by the data.
        counts: Whether `u` is.
    """

    name: str
    about: str
    missing: str
    levels: tuple[Level, ...]
    learns: bool = True
    counts: bool = True


def _missing(*columns: str) -> str:
    return " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr")


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _shared(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def contact(column: str, *, m: float, u: float) -> Sign:
    """Return a sign that agrees or not; small data say too little of its chance, so it is declared."""
    levels = (Level(column, _same(column), m, u), Level("", "ELSE", 1 - m, 1 - u))
    return Sign(column, PERSON, _missing(column), levels, learns=False, counts=False)


# Names of one script that are spelt alike but written otherwise (Диана, Дана) are a variant, not the same.
_SAME_WRITING = "(script_l <> script_r OR {0}_written_l = {0}_written_r)"
# A slip of a name that many have is that name; two names that many have are two names (Залина, Зарина).
_RARE = "NOT ({0}_common_l AND {0}_common_r)"

GIVEN_NAME = Sign(
    "given",
    PERSON,
    _missing("given_initial"),
    (
        Level("given name", f"{_same('given')} AND {_SAME_WRITING.format('given')}", 0.72, 0.012, "given"),
        Level("given name~", f"{_shared('given_groups')} OR ({_same('given')} OR {_shared('given_slips')}) "
              f"AND {_RARE.format('given')}", 0.12, 0.004),
        Level("initial", f"(given_l IS NULL OR given_r IS NULL) AND {_same('given_initial')}", 0.13, 0.012),
        Level("", "ELSE", 0.03, 0.972),
    ),
)  # fmt: skip
FAMILY_NAME = Sign(
    "family",
    PERSON,
    _missing("family"),
    (
        Level("family name", f"{_same('family')} AND {_SAME_WRITING.format('family')}", 0.82, 0.003,
              "family"),
        Level("family name~",
              f"({_same('family')} OR {_shared('family_slips')}) AND {_RARE.format('family')}", 0.11, 0.0004),
        Level("", "ELSE", 0.07, 0.9966),
    ),
)  # fmt: skip
PATRONYMIC = Sign(
    "patronymic",
    PERSON,
    _missing("patronymic_initial"),
    (
        Level("patronymic", _same("patronymic"), 0.70, 0.012),
        Level("patronymic~", f"{_shared('patronymic_slips')} AND {_RARE.format('patronymic')}", 0.05, 0.001),
        Level("patronymic's initial",
              f"(patronymic_l IS NULL OR patronymic_r IS NULL) AND {_same('patronymic_initial')}",
              0.22, 0.03),
        Level("", "ELSE", 0.03, 0.957),
    ),
)  # fmt: skip
BIRTH = Sign(
    "birth",
    PERSON,
    _missing("birth"),
    (
        Level("date of birth", _same("birth"), 0.90, 7e-5),
        Level("date of birth~", _shared("birth_slips"), 0.07, 2e-3),
        Level("", "ELSE", 0.03, 0.99793),
    ),
)
BIRTH_YEAR = Sign(
    "birth_year",
    PERSON,
    _missing("birth_year"),
    (
        Level("age", "abs(birth_year_l - birth_year_r) <= 1.01", 0.88, 0.07),
        Level("age~", "abs(birth_year_l - birth_year_r) <= 2.6", 0.08, 0.11),
        Level("", "ELSE", 0.04, 0.82),
    ),
)
SEX = Sign(
    "sex", PERSON, _missing("sex"), (Level("sex", _same("sex"), 0.995, 0.8), Level("", "ELSE", 0.005, 0.2))
)
# Names belong to regions, so that a region says less beside a name than chance alone would have it.
REGION = Sign(
    "region", PERSON, _missing("region"),
    (Level("region", _same("region"), 0.80, 0.45), Level("", "ELSE", 0.20, 0.55)),
    learns=False, counts=False,
)  # fmt: skip
DAY = Sign(
    "day",
    INCIDENT,
    _missing("day"),
    (
        Level("day", "exact_day_l AND exact_day_r AND day_l = day_r", 0.45, 0.0003),
        Level("day~", "exact_day_l AND exact_day_r AND abs(day_l - day_r) <= 4", 0.25, 0.0027),
        Level("month", "month_l = month_r AND NOT (exact_day_l AND exact_day_r)", 0.23, 0.0045),
        Level("month~", "abs(day_l - day_r) <= 31", 0.06, 0.02),
        Level("", "ELSE", 0.01, 0.9725),
    ),
    learns=False,
)
SETTLEMENT = Sign(
    "settlement",
    INCIDENT,
    _missing("settlement"),
    (
        Level("settlement", _same("settlement"), 0.93, 0.012, "settlement"),
        Level("settlement~", _shared("settlement_slips"), 0.04, 0.0006),
        Level("", "ELSE", 0.03, 0.9874),
    ),
    learns=False,
)
# Shared facts of all facts of both; the facts are bits of two numbers (`records.py`).
_LIKENESS = (
    "((bit_count(facts_l & facts_r) + bit_count(more_facts_l & more_facts_r)) / "
    "(bit_count(facts_l | facts_r) + bit_count(more_facts_l | more_facts_r)))"
)
CIRCUMSTANCES = Sign(
    "circumstances",
    INCIDENT,
    _missing("facts"),
    (
        Level("circumstances", f"{_LIKENESS} >= 0.95", 0.40, 0.0005),
        Level("circumstances~", f"{_LIKENESS} >= 0.70", 0.35, 0.004),
        Level("", f"{_LIKENESS} >= 0.45", 0.15, 0.03),
        Level("", "ELSE", 0.10, 0.9655),
    ),
    learns=False,
)

# Chance agreement of contacts: phones are shared in families and change hands, handles hardly, documents
# never.
SIGNS: tuple[Sign, ...] = (
    contact("document", m=0.97, u=1e-9),
    contact("handle", m=0.85, u=5e-7),
    contact("phone", m=0.80, u=2e-6),
    GIVEN_NAME,
    FAMILY_NAME,
    PATRONYMIC,
    BIRTH,
    BIRTH_YEAR,
    SEX,
    REGION,
    DAY,
    SETTLEMENT,
    CIRCUMSTANCES,
)
