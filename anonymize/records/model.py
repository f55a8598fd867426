"""What is asked of a k-anonymous table, checked once."""

from dataclasses import dataclass, field

from codebook.errors import RecordsError

from .cell_rules import WILDCARD, CellRules
from .losses import LOSSES

METHODS = ("optimal", "local")
T_DISTANCES = ("equal", "hierarchical")


@dataclass(frozen=True)
class RecordsModel:
    """k, suppression, loss and diversity; the same for every class of the table.

    k counts records and, where a cluster column is named, also distinct clusters (households, incidents):
    four sisters are four records and one household. `l` and `t` hold for each sensitive column on its own.
    """

    k: int = 5  # records, and clusters
    max_suppressed_share: float = 0.0  # 0..1 of the records
    loss: str = "granularity"
    sensitive: tuple[str, ...] = ()
    l: int | None = None  # distinct sensitive values in every class  # noqa: E741
    entropy_l: float | None = None  # exp of the entropy of sensitive values in every class
    recursive: tuple[float, int] | None = None  # (c, l)
    t: float | None = None  # 0..1, distance of a class's sensitive values from the whole table's
    t_distance: str = "equal"
    cluster: str | None = None
    method: str = "optimal"
    cells: CellRules = field(
        default_factory=CellRules
    )  # what a missing cell means, and which columns hold sets

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        _require(self.k >= 1, f"k is {self.k}", "k is a whole number from 1; 5 is usual")
        _require(
            0 <= self.max_suppressed_share <= 1, "the suppression limit is outside 0 to 1", "0.05 means 5 %"
        )
        _require(self.loss in LOSSES, f"no loss is named {self.loss!r}", f"one of: {', '.join(LOSSES)}")
        _require(
            self.method in METHODS, f"no method is named {self.method!r}", f"one of: {', '.join(METHODS)}"
        )
        _require(
            self.t_distance in T_DISTANCES,
            f"no distance is named {self.t_distance!r}",
            f"one of: {', '.join(T_DISTANCES)}",
        )
        _require(
            self.recursive is None or (self.recursive[0] > 0 and self.recursive[1] >= 2),
            "recursive (c, l) needs c above 0 and l from 2",
            "such as 3 and 2: the commonest value at most three times as common as all rarer ones",
        )
        _require(self.l is None or self.l >= 1, "l is below 1", "l is a whole number from 2")
        _require(self.entropy_l is None or self.entropy_l >= 1, "entropy l is below 1", "a number above 1")
        _require(self.t is None or 0 <= self.t <= 1, "t is outside 0 to 1", "0.2 is usual")
        asks = any(value is not None for value in (self.l, self.entropy_l, self.recursive, self.t))
        _require(
            bool(self.sensitive) or not asks,
            "l or t is asked without a sensitive column",
            "name the sensitive column it is for",
        )
        overlaps = self.cells.missing == WILDCARD or bool(self.cells.set_valued and self.cells.set_size)
        _require(
            not (overlaps and asks),
            "l and t are not defined where classes overlap (wildcard, or sets partly known)",
            "take own value for missing cells, and set size 0 or flags for sets",
        )
        _require(
            not (overlaps and self.method == "local"),
            "local recoding needs classes that do not overlap (wildcard, or sets of which a few are known)",
            "take method optimal; or own value for missing cells, and set size 0 or flags for sets",
        )


def _require(holds: bool, reason: str, remedy: str) -> None:
    if not holds:
        raise RecordsError(reason, remedy=remedy)
