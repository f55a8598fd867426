"""Which columns no table may cross (RULES 3, rules 29 to 31): refused by the table's name, before counting.

What two columns are about is told by their names and the code lists of their levels.
"""

from collections.abc import Callable, Mapping, Sequence

from codebook import PolicyError

Columns = Mapping[str, str]  # column -> the finest level shown
Ladders = Mapping[str, Sequence[str]]  # column -> its levels, from fine to coarse

MOST_COLUMNS = 3
SHORT_PERIODS = frozenset({"month", "week", "day"})
SMALL_PLACES = frozenset({"district", "settlement"})
REGIONS = frozenset({"region", *SMALL_PLACES})
NOT_WITH_REGIONS = (
    "motive", "relation", "perpetrator", "actor", "outcome", "justice", "sogi", "ethnic", "religion",
    "pregnan", "disability",
)  # fmt: skip


def too_many_columns(columns: Columns, ladders: Ladders) -> bool:
    """Return whether a table crosses more columns than three (rule 30)."""
    return len(columns) > MOST_COLUMNS


def short_period(columns: Columns, ladders: Ladders) -> bool:
    """Return whether a table shows periods below a quarter: they would date a departure (rule 29)."""
    return bool(SHORT_PERIODS & set(columns.values()))


def small_place(columns: Columns, ladders: Ladders) -> bool:
    """Return whether a table shows places below a region: a district can be one clan (rule 31)."""
    return bool(SMALL_PLACES & set(columns.values()))


def sensitive_by_region(columns: Columns, ladders: Ladders) -> bool:
    """Return whether a table crosses regions with motive, relationship, outcome or the like (rule 30)."""
    below_federal = REGIONS & set(columns.values())
    names = [text for column in columns for text in (column, *ladders[column])]
    return bool(below_federal) and any(subject in name for name in names for subject in NOT_WITH_REGIONS)


CROSSINGS: Mapping[str, tuple[Callable[[Columns, Ladders], bool], str]] = {
    "rule 30: at most three columns": (too_many_columns, "split the table"),
    "rule 29: no period below a quarter": (short_period, "use quarter or year"),
    "rule 31: no place below a region": (small_place, "use region or federal_district"),
    "rule 30: no motive, relationship or outcome by region": (sensitive_by_region, "use federal_district"),
}


def require_crossings(name: str, columns: Columns, ladders: Ladders) -> None:
    """Stop on a table that no release may show.

    Raises:
        PolicyError: Names the table, the rule and the remedy.
    """
    for rule, (is_broken, remedy) in CROSSINGS.items():
        if is_broken(columns, ladders):
            raise PolicyError(f"tables.yml: table {name} is not allowed ({rule})", remedy=remedy)
