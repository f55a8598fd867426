"""Which perpetrator did which act: from the relationships that each person names to rows of the vault.

One man may be husband of one person and father of two: one perpetrator, and the relationship on each link.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ingest.cases import ActSet, Case, PersonDraft


class PerpetratorLinks:
    """Gives each relationship of each person a perpetrator of the incident.

    Where perpetrators are listed, the n-th relationship of a person is the n-th of them. Where only their
    number is known and every person names as many relationships, the same holds. Otherwise each relationship
    is one perpetrator.
    """

    def __init__(
        self,
        case: Case,
        incident_id: str,
        new_id: Callable[[], str],
        stored: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Begin with the (relationship, perpetrator id) pairs of the incident that are stored already."""
        self.rows: list[dict[str, Any]] = []
        self._incident_id = incident_id
        self._new_id = new_id
        self._by_relationship: dict[str, str] = {}
        self._numbered: list[str] = []
        self._own_relationship: list[str | None] = []
        for draft in case.perpetrators:
            self._numbered.append(self._add(draft.fields))
            self._own_relationship.append(draft.relationships[0] if draft.relationships else None)
        number = case.incident.get("number_perpetrators") or 0
        named = [person.relationships for person in case.persons if person.relationships]
        self._positional = bool(self._numbered) or (0 < number <= 20 and _same_length_not_same(named, number))
        for relationship, perpetrator_id in stored:
            self._by_relationship.setdefault(relationship, perpetrator_id)
        ids = {perpetrator_id for _, perpetrator_id in stored}
        if self._positional and not self._numbered and ids:
            # Only of a single man is it known that the next row means him too.
            self._positional = number == 1 and len(ids) == 1
            self._numbered = list(ids) if self._positional else []
            self._own_relationship = [None] * len(self._numbered)
        if self._positional and not self._numbered:
            self._numbered = [self._add({}) for _ in range(number)]
            self._own_relationship = [None] * number

    def of(self, person: PersonDraft, acts: ActSet) -> list[tuple[str | None, str | None]]:
        """Return the (perpetrator id, relationship) pairs who did the acts of a set to a person."""
        relationships = acts.relationships or person.relationships
        if acts.perpetrator and acts.perpetrator <= len(self._numbered):
            position = acts.perpetrator - 1
            own = relationships[0] if len(relationships) == 1 else self._own_relationship[position]
            return [(self._numbered[position], own)]
        if self._positional:
            return list(self._by_position(relationships))
        if not relationships:
            return [(None, None)]
        return [(self._of_relationship(one), one) for one in relationships]

    def touch(self, person: PersonDraft) -> None:
        """Make sure that a perpetrator exists for each relationship, also where no act is recorded."""
        if not self._positional:
            for relationship in person.relationships:
                self._of_relationship(relationship)

    def _by_position(self, relationships: list[str]) -> Iterator[tuple[str | None, str | None]]:
        matched = len(relationships) == len(self._numbered)
        for position, perpetrator_id in enumerate(self._numbered):
            if matched:
                yield perpetrator_id, relationships[position]
            else:
                only = relationships[0] if len(relationships) == 1 else None
                yield perpetrator_id, self._own_relationship[position] or only

    def _of_relationship(self, relationship: str) -> str:
        if relationship not in self._by_relationship:
            self._by_relationship[relationship] = self._add({})
        return self._by_relationship[relationship]

    def _add(self, fields: dict[str, Any]) -> str:
        perpetrator_id = self._new_id()
        self.rows.append({**fields, "perpetrator_id": perpetrator_id, "incident_id": self._incident_id})
        return perpetrator_id


def _same_length_not_same(named: list[list[str]], number: int) -> bool:
    """Whether each person names as many relationships as there are perpetrators, and not all the same ones.

    Where all name the same ones (in whatever order), the relationship itself says who is meant.
    """
    if not named or any(len(one) != number for one in named):
        return False
    return number == 1 or len({frozenset(one) for one in named}) > 1
