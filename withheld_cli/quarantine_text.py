"""What a person is told of the rows in quarantine: how many, where, why, and what helps. Never a value."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from codebook import Codebook

from .plain_words import HELPS

if TYPE_CHECKING:
    from ingest import Source, WaitingCount

_SHOWN_ROWS = 12


def waiting_lines(
    waiting: Sequence["WaitingCount"], sources: Mapping[str, "Source"], book: Codebook
) -> list[str]:
    """Return a line for each source, reason and place, then what helps against each reason."""
    if not waiting:
        return ["nothing waits"]
    lines = [
        f"{one.rows:>6}  {one.source_name}  {one.reason}  in {one.place or 'the row'}: "
        f"rows {_first(one.row_numbers)}"
        for one in waiting
    ]
    lines.append("what helps:")
    lines += [f"  {reason}: {HELPS[reason]}" for reason in sorted({one.reason for one in waiting})]
    for one in waiting:
        if one.reason == "unknown_code" and (codes := _codes_of(one, sources, book)):
            lines.append(f"  the codes of {one.place}: {', '.join(codes)}")
    lines.append(
        "then: after a change of the declaration `withheld quarantine retry`; to repair cells "
        "`withheld quarantine export FILE`, and then `withheld quarantine retry --repaired FILE`"
    )
    return lines


def _codes_of(one: "WaitingCount", sources: Mapping[str, "Source"], book: Codebook) -> list[str]:
    """Return the codes that a column may hold; none where it is not declared, or has no code list."""
    source = sources.get(one.source_name)
    targets = source.main.block.columns.get(one.place, ()) if source else ()
    lists = [_code_list(target.entity, target.path, book) for target in targets]
    return [code for name in lists if name in book.code_lists for code in book.code_lists[name].codes]


def _code_list(entity: str, path: str, book: Codebook) -> str:
    known = book.entities.get(entity)
    field = known.fields.get(path.partition(".")[2]) if known else None
    return field.code_list if field else "consent_status" if entity == "consent" else ""


def _first(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_SHOWN_ROWS])
    return shown + (", ..." if len(numbers) > _SHOWN_ROWS else "")
