"""Risk where the file is a sample of a larger population: stated as a number, or as a file of its own.

A number says nothing about which classes are rare in the population, so the risk is estimated: a class of f
records stands for a random number F of persons, given the share of the population that is in the file.

Source: Benedetti, Franconi 1998, Statistical and technological solutions for controlled data dissemination
(the individual risk of mu-Argus and sdcMicro); El Emam 2013 for journalist and marketer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from codebook.errors import RecordsError

from .hierarchies import FloatArray, IntArray
from .histogram import count_tuples
from .risk import journalist_risk, marketer_risk

_NODES = 60  # of the quadrature


def expected_inverse(sizes: IntArray, sampled_share: float) -> FloatArray:
    """Return the expectation of 1/F for classes of `sizes` records of the sample.

    F - f is negative binomial, so E(1/F) = p * integral over 0..1 of x^(f-1) / (p + (1-p) x).

    >>> expected_inverse(np.array([1, 2]), 1.0).round(6).tolist()
    [1.0, 0.5]
    """
    share, rest = sampled_share, 1.0 - sampled_share
    largest = int(sizes.max(initial=1))
    inverse = np.zeros(largest + 1)
    if share < 0.5:
        # Going up from ln(1/p) is stable as long as p is below 1/2.
        integral = np.log(1.0 / share) / rest
        for size in range(1, largest + 1):
            inverse[size] = share * integral
            integral = (1.0 / size - share * integral) / rest
    else:
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)  # type: ignore[no-untyped-call]
        nodes, weights = (nodes + 1) / 2, weights / 2
        for size in np.unique(sizes).tolist():
            inverse[size] = share * float((weights * nodes ** (size - 1) / (share + rest * nodes)).sum())
    return np.minimum(inverse[sizes], 1.0 / np.maximum(sizes, 1))


def estimated_risk(sizes: IntArray, n_population: int) -> dict[str, Any]:
    """Return journalist and marketer risk from the size of the population alone.

    Args:
        sizes: Records of each class of the file (n_classes).
        n_population: Persons that the file was drawn from.

    Raises:
        RecordsError: The population is smaller than the file.
    """
    n_records = int(sizes.sum())
    if n_population < n_records:
        raise RecordsError(
            f"a population of {n_population} is smaller than the {n_records} records of the file",
            remedy="state the number of persons that the file was drawn from",
        )
    share = n_records / n_population
    inverse = expected_inverse(sizes, share)
    return {
        "population": n_population,
        "estimated": True,
        "journalist": {
            "highest": float(inverse.max(initial=0.0)),
            "average": float((sizes * inverse).sum() / max(n_records, 1)),
        },
        "marketer": float((sizes * inverse).sum() / max(n_records, 1)),
        "sample_uniques": int((sizes == 1).sum()),
        "population_uniques_expected": float((sizes == 1).sum() * share),
    }


def counted_risk(
    columns: Mapping[str, Sequence[str]],
    population: Mapping[str, Sequence[str]],
    names: Sequence[str],
    *,
    weights: IntArray | None = None,
    population_weights: IntArray | None = None,
) -> dict[str, Any]:
    """Return journalist and marketer risk with the population's own classes.

    Raises:
        RecordsError: The population lacks a column, or has fewer persons in a class than the file.
    """
    absent = [name for name in names if name not in population]
    if absent:
        raise RecordsError(
            f"the population has no column named {', '.join(absent)}",
            remedy="give the population the same quasi-identifiers, spelt the same",
        )
    both = [[*columns[name], *population[name]] for name in names]
    code_of = [{value: code for code, value in enumerate(dict.fromkeys(cells))} for cells in both]
    codes = [
        np.fromiter(map(known.__getitem__, cells), np.int64, len(cells))
        for known, cells in zip(code_of, both, strict=True)
    ]
    histogram, tuple_of = count_tuples(codes, [len(known) for known in code_of])
    n_rows = len(columns[names[0]])
    size = np.bincount(tuple_of[:n_rows], weights=weights, minlength=histogram.n_tuples).astype(np.int64)
    persons = np.bincount(tuple_of[n_rows:], weights=population_weights, minlength=histogram.n_tuples)
    sizes, persons = size[size > 0], persons[size > 0].astype(np.int64)
    journalist = journalist_risk(sizes, persons)
    return {
        "population": int(len(tuple_of) - n_rows if population_weights is None else population_weights.sum()),
        "estimated": False,
        "journalist": journalist.as_dict(),
        "marketer": marketer_risk(sizes, persons),
        "sample_uniques": int((sizes == 1).sum()),
        "population_uniques": int(((sizes == 1) & (persons == 1)).sum()),
    }
