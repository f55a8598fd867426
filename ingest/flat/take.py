"""Take prepared batches: new, clean rows of one person go column by column, the others row by row."""

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import Any

from ingest.readers import BadRow, Row
from ingest.storing import Known, People, known_keys
from ingest.taking import Intake, Keyed
from vault import Vault

from .columns import Column
from .plan import Plan
from .prepared import SEPARATOR, Prepared
from .prints import JOINING_KINDS
from .write import FlatWriter


class FlatIntake:
    """Takes the batches of one file into one vault, beside the intake of its other rows."""

    def __init__(self, vault: Vault, plan: Plan, intake: Intake, stamp: dict[str, str]) -> None:
        self._vault = vault
        self._plan = plan
        self._intake = intake
        self._people = People(vault)
        self._writer = FlatWriter(vault, plan, stamp)

    def take(self, batch: Prepared) -> None:
        """Take one batch."""
        known = known_keys(self._vault, [*batch.keys, *(key for _, key, _ in batch.odd)])
        fast, slow = self._sorted(batch, known)
        self._intake.counts.read += batch.size
        self._intake.counts.stored += len(fast)
        fresh: set[str] = set()
        if fast:
            self._write(batch, fast)
            fresh = {part for row in fast for part in (batch.keys[row], _part(batch.keys[row]))}
        singles = [(position, Keyed(row, key)) for position, key, row in batch.odd]
        singles += [(batch.positions[row], self._single(batch, row)) for row in slow]
        refused = [row for row in batch.faults if row not in set(slow)]
        faults = {batch.positions[row]: batch.faults[row] for row in refused}
        singles += [(batch.positions[row], self._single(batch, row)) for row in refused]
        singles.sort(key=lambda one: one[0])
        self._intake.take_singles([(one, faults.get(at)) for at, one in singles], known, fresh)
        self._intake.settle_batch([*batch.keys, *(key for _, key, _ in batch.odd)], known, fresh)

    def _single(self, batch: Prepared, row: int) -> Keyed:
        cells = dict(zip(self._plan.columns, batch.texts[row].split(SEPARATOR), strict=True))
        return Keyed(Row(batch.numbers[row], {name: cells[name] for name in batch.present}), batch.keys[row])

    def _sorted(self, batch: Prepared, known: dict[str, dict[str, Any]]) -> tuple[list[int], list[int]]:
        """Return the rows that are written column by column, and those that go row by row."""
        rows = range(len(batch.keys))
        if any(not isinstance(row, BadRow) for _, _, row in batch.odd):
            return [], [row for row in rows if row not in batch.faults]
        parts = [_part(key) for key in batch.keys]
        slow = set(batch.slow)
        if known:
            slow |= {row for row, part in enumerate(parts) if part in known or batch.keys[row] in known}
        if len(set(parts)) < len(parts):
            often = {part for part, times in Counter(parts).items() if times > 1}
            slow |= {row for row, part in enumerate(parts) if part in often}
        joining = [batch.prints[kind] for kind in JOINING_KINDS if kind in batch.prints]
        candidates = [row for row in rows if row not in slow and row not in batch.faults]
        self._people.prepare({column[row] for column in joining for row in candidates if column[row]})
        if known:
            # A changed row may take back a sign by which another one of the batch would be joined.
            slow |= {row for row in candidates if any(self._people.has(column[row]) for column in joining)}
        grown = bool(slow)
        while grown:
            signs = {column[row] for column in joining for row in slow if column[row]}
            near = {row for row in candidates if any(column[row] in signs for column in joining)} - slow
            slow |= near
            grown = bool(near)
        return [row for row in candidates if row not in slow], sorted(slow)

    def _write(self, batch: Prepared, fast: Sequence[int]) -> None:
        chosen = bytearray(len(batch.keys))
        for row in fast:
            chosen[row] = 1
        whole = len(fast) == len(chosen)

        def keep(column: Column) -> Column:
            return column if whole else list(compress(column, chosen))

        persons = self._vault.new_numbers(len(fast))
        households: Column = list(self._vault.new_numbers(len(fast)))
        same: Column = list(persons)
        joining = [keep(batch.prints[kind]) for kind in JOINING_KINDS if kind in batch.prints]
        for place, signs in enumerate(zip(*joining, strict=True)):
            self._join(place, signs, same, households)
        self._writer.write(batch, keep, persons, same, households)
        self._people.apply_merges()

    def _join(self, place: int, signs: Sequence[str | None], same: Column, households: Column) -> None:
        """Make a person one with whom shares a sure sign, on record or earlier in the batch."""
        people = self._people
        found = [known for sign in signs if sign and (known := people.by_sign(sign))]
        if found:
            same[place] = found[0].same_person_id
            households[place] = found[0].household_id or households[place]
        for other in found[1:]:
            people.join(other.same_person_id, found[0].same_person_id)
        if any(signs):
            people.learn_signs(signs, Known(same[place], households[place]))


def _part(key: str) -> str:
    return key.partition(".")[0]
