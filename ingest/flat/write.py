"""Write the rows of the vault that plain rows of a file make: columns are zipped, no row is built alone."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat

from vault import Vault

from .columns import Column
from .plan import Plan
from .prepared import Prepared

Keep = Callable[[Column], Column]


class FlatWriter:
    """Writes batches of one file into one open transaction of the vault."""

    def __init__(self, vault: Vault, plan: Plan, stamp: dict[str, str]) -> None:
        self._vault = vault
        self._source = plan.source
        self._stamp = {**stamp, "last_run_id": stamp["ingest_run_id"]}

    def write(self, batch: Prepared, keep: Keep, persons: range, same: Column, households: Column) -> None:
        """Write the rows of a batch that `keep` keeps.

        Args:
            same: `same_person_id` of each person; `households` likewise.
        """
        new = self._vault.new_numbers
        rows = len(persons)
        incidents, sources = new(rows), new(rows)
        fields = {
            entity: {name: keep(column) for name, column in columns.items()}
            for entity, columns in batch.fields.items()
        }
        self._append("incident", {**fields.get("incident", {}), "incident_id": incidents})
        self._append(
            "person",
            {
                **fields.get("person", {}), "incident_id": incidents, "source_id": sources,
                "person_id": persons, "same_person_id": same, "household_id": households,
            },
        )  # fmt: skip
        self._append(
            "source",
            {
                **({"source_language": repeat(self._source.language)} if self._source.language else {}),
                **fields.get("source", {}), **{name: repeat(value) for name, value in self._stamp.items()},
                "source_id": sources, "incident_id": incidents, "file_row": keep(batch.numbers),
                "record_key": keep(batch.keys),
            },
        )  # fmt: skip
        codes = {path: keep(column) for path, column in batch.codes.items()}
        self._add_acts(codes, fields.get("act", {}), incidents, persons)
        self._add_requests(codes.get("request.need"), fields.get("request", {}), persons)
        self._add_filled("outcome", fields.get("outcome", {}), persons)
        consents = {scope: keep(column) for scope, column in batch.consents.items()}
        self._add_consents(consents, fields.get("consent", {}), persons, sources)
        self._add_prints({kind: keep(column) for kind, column in batch.prints.items()}, persons)

    def _append(self, table: str, columns: dict[str, Iterable[object]]) -> None:
        self._vault.append(table, tuple(columns), zip(*columns.values(), strict=False))

    def _add_acts(
        self, codes: dict[str, Column], fields: dict[str, Column], incidents: range, persons: range
    ) -> None:
        """Write one perpetrator for each relationship, and each act by each of them."""
        blank = repeat(None, len(persons))
        perpetrators: list[tuple[int, int]] = []
        acts: list[tuple[object, ...]] = []
        named = codes.get("act.relationship", blank)
        count = sum(len(one) for one in codes.get("act.relationship", ()) if one)
        ids = iter(self._vault.new_numbers(count))
        told = zip(*fields.values(), strict=True) if fields else repeat((), len(persons))
        everything = zip(incidents, persons, codes.get("act.act_code", blank), named, told, strict=False)
        for incident, person, codes_of, relationships, more in everything:
            pairs: list[tuple[int | None, str | None]] = []
            for relationship in relationships or ():
                perpetrator = next(ids)
                perpetrators.append((perpetrator, incident))
                pairs.append((perpetrator, relationship))
            for code in codes_of or ():
                for perpetrator_, relationship_ in pairs or _NOBODY:
                    acts.append((incident, person, perpetrator_, code, relationship_, *more))
        if perpetrators:
            self._vault.append("perpetrator", ("perpetrator_id", "incident_id"), perpetrators)
        names = ("incident_id", "person_id", "perpetrator_id", "act_code", "relationship", *fields)
        self._append_numbered("act", names, acts)

    def _add_requests(self, needs: Column | None, fields: dict[str, Column], persons: range) -> None:
        if needs is None and not fields:
            return
        wanted = needs if needs is not None else [None] * len(persons)
        told = list(zip(*fields.values(), strict=True)) if fields else [()] * len(persons)
        rows = [
            (person, need, *more)
            for person, needs_of, more in zip(persons, wanted, told, strict=True)
            if needs_of or any(value is not None for value in more)
            for need in needs_of or (None,)
        ]
        self._append_numbered("request", ("person_id", "need", *fields), rows)

    def _add_filled(self, table: str, fields: dict[str, Column], persons: range) -> None:
        if fields:
            told = zip(persons, *fields.values(), strict=True)
            rows = [row for row in told if any(value is not None for value in row[1:])]
            self._append_numbered(table, ("person_id", *fields), rows)

    def _add_consents(
        self, consents: dict[str, Column], fields: dict[str, Column], persons: range, sources: range
    ) -> None:
        names = ("scope", "consent_status", "person_id", "source_id")
        told = list(fields.items())
        for scope, statuses in consents.items():
            rows = zip(
                repeat(scope), statuses, persons, sources, *(column for _, column in told), strict=False
            )
            own = list(rows) if None not in statuses else [row for row in rows if row[1] is not None]
            self._append_numbered("consent", (*names, *(name for name, _ in told)), own)
        for constant in self._source.consent:
            more = (constant.scope, constant.status, constant.given_by or None, constant.basis)
            said = consents.get(constant.scope)
            rows_of = [
                (*more, person, source)
                for place, (person, source) in enumerate(zip(persons, sources, strict=True))
                if said is None or said[place] is None
            ]
            names_of = ("scope", "consent_status", "given_by", "consent_note", "person_id", "source_id")
            self._append_numbered("consent", names_of, rows_of)

    def _add_prints(self, prints: dict[str, Column], persons: range) -> None:
        parts: list[Iterable[tuple[object, ...]]] = []
        for kind, column in prints.items():
            rows = zip(persons, repeat(kind.partition(" ")[0]), column, strict=False)
            parts.append(rows if None not in column else (row for row in rows if row[2] is not None))
        count = len(persons) * len(prints)
        ids = self._vault.new_numbers(count)
        together = zip(ids, chain.from_iterable(parts), strict=False)
        numbered = ((number, *row) for number, row in together)
        self._vault.append("match_key", ("match_key_id", "person_id", "kind", "fingerprint"), numbered)

    def _append_numbered(
        self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Append rows to a table, each under a new number."""
        if rows:
            ids = self._vault.new_numbers(len(rows))
            numbered = ((number, *row) for number, row in zip(ids, rows, strict=True))
            self._vault.append(table, (f"{table}_id", *columns), numbered)


_NOBODY: tuple[tuple[int | None, str | None], ...] = ((None, None),)
