"""What an attacker can hope for: prosecutor, journalist and marketer risk from class sizes.

Source: El Emam 2013, Guide to the De-Identification of Personal Health Information, chapters 14 to 18; the
figures equal those of ARX 3.9.
"""

from dataclasses import asdict, dataclass

import numpy as np

from codebook.errors import RecordsError

from .hierarchies import IntArray

THRESHOLD = 0.2


@dataclass(frozen=True)
class Risk:
    """Risk of one attacker model over the records of a file; every figure is a share (0..1)."""

    unique_share: float  # records alone in their class
    highest: float  # of the record most at risk
    average: float  # expected share of records that are re-identified
    share_above_threshold: float  # records whose risk is above `threshold`
    threshold: float = THRESHOLD

    def as_dict(self) -> dict[str, float]:
        """Return the figures for evidence.json."""
        return asdict(self)


def prosecutor_risk(sizes: IntArray, *, threshold: float = THRESHOLD) -> Risk:
    """Return the risk from someone who knows that the person is in the file.

    Args:
        sizes: Records of each class (n_classes); an empty file has no risk.
        threshold: Risk above which a record counts as exposed.

    >>> prosecutor_risk(np.array([1, 4]))
    Risk(unique_share=0.2, highest=1.0, average=0.4, share_above_threshold=1.0, threshold=0.2)
    """
    return _risk(sizes, sizes, threshold)


def class_risk(sizes: IntArray, support: IntArray, *, threshold: float = THRESHOLD) -> Risk:
    """Return the prosecutor's risk where classes overlap: a record hides among its support.

    Args:
        sizes: Records of each class (n_classes).
        support: Records that an attacker cannot tell from those of each class (n_classes).
        threshold: Risk above which a record counts as exposed.
    """
    return _risk(sizes, support, threshold)


def journalist_risk(sizes: IntArray, population: IntArray, *, threshold: float = THRESHOLD) -> Risk:
    """Return the risk from someone who only knows that the person is in a population the file was drawn from.

    Args:
        sizes: Records of each class of the file (n_classes).
        population: Persons of the population in the same classes (n_classes).
        threshold: Risk above which a record counts as exposed.

    Raises:
        RecordsError: A class has more records than the population has persons.
    """
    _require_population(sizes, population)
    risk = _risk(sizes, population, threshold)
    whole = len(sizes) / population.sum() if len(sizes) else 0.0
    return Risk(
        risk.unique_share,
        risk.highest,
        max(float(whole), risk.average),
        risk.share_above_threshold,
        threshold,
    )


def marketer_risk(sizes: IntArray, population: IntArray) -> float:
    """Return the expected share (0..1) of records that someone matching the whole file gets right."""
    _require_population(sizes, population)
    return float((sizes / population).sum() / sizes.sum()) if len(sizes) else 0.0


def _risk(sizes: IntArray, population: IntArray, threshold: float) -> Risk:
    n_records = int(sizes.sum())
    if n_records == 0:
        return Risk(0.0, 0.0, 0.0, 0.0, threshold)
    per_record = 1.0 / population
    return Risk(
        unique_share=float(sizes[population == 1].sum() / n_records),
        highest=float(per_record.max()),
        average=float((sizes * per_record).sum() / n_records),
        share_above_threshold=float(sizes[per_record > threshold].sum() / n_records),
        threshold=threshold,
    )


def _require_population(sizes: IntArray, population: IntArray) -> None:
    if np.any(population < sizes):
        raise RecordsError(
            f"{int(np.count_nonzero(population < sizes))} classes have more records than the population has",
            remedy="give the population that the file was drawn from, recoded in the same way",
        )
