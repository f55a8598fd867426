"""What a release says of its own making: in public by counts of cells only, to the data officer all of it."""

from typing import Any

from .counting import CountedUnits
from .policy import Policy
from .population import Population
from .record_rows import ReleasedRecords


def bases_of(policy: Policy) -> dict[str, int]:
    """Return the bases of counts; 1 where they are exact."""
    if policy.method == "suppression":
        return {"base": 1, "base_sensitive": 1}
    return {"base": policy.base, "base_sensitive": policy.base_sensitive}


def public_evidence(
    policy: Policy, counted: CountedUnits, records: ReleasedRecords | None, *, published: bool
) -> dict[str, Any]:
    return {
        "rules_id": policy.rules_id,
        "method": _method_evidence(policy, counted),
        "tables": [table.cost.as_evidence() for table in counted.tables.values()],
        "records": {
            "published": published,
            "k": policy.records.k,
            "l": policy.records.l,
            **(records.public_evidence(published=published) if records else {"possible": False}),
        },
    }


def _method_evidence(policy: Policy, counted: CountedUnits) -> dict[str, Any]:
    thresholds = {"threshold": policy.threshold, "threshold_sensitive": policy.threshold_sensitive}
    if policy.method == "suppression":
        return {
            "name": "suppression",
            **bases_of(policy),
            **thresholds,
            "zeros": policy.zeros,
            "withheld_by_rule": dict(counted.reasons),
            "patterns": dict(counted.proofs),
            "weakness": "a second exact release would give small changes away: this is the only one",
        }
    return {"name": "controlled rounding", **bases_of(policy), **thresholds, "keyed": True, "sticky": True}


def private_report(
    population: Population, counted: CountedUnits, records: ReleasedRecords | None
) -> dict[str, Any]:
    return {
        "counted": {
            "incidents": len(population.cases),
            "persons": len(population.person_ids),
        },
        "left_out": dict(population.left_out),
        "tables": {name: table.cost for name, table in counted.tables.items()},
        "records": dict(records.evidence) if records else None,
    }
