"""One bit that is not as it was written: in the vault, in its slots, in a release, in a source file."""

import random
from pathlib import Path

import pytest

from tests.ingest import workbench
from tests.ingest.workbench import ROW, Workbench, bench

from .group import says_no_value
from .scale import tries

__all__ = ["bench"]

PAGE = 4096


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(content)


@pytest.mark.parametrize("place", ["salt", "first page", "tables", "any page", "last page"])
def test_a_flipped_bit_in_the_vault_is_found_and_nothing_is_made_of_it(
    killer, watched, released, files, place
):
    dice = random.Random(place)
    for number in range(tries(1, 12)):
        vault = watched.fresh(released).workspace / "private" / "vault.db"
        size = vault.stat().st_size
        start, length = {
            "salt": (0, 16), "first page": (16, PAGE - 16), "tables": (PAGE, 8 * PAGE),
            "any page": (PAGE, size - PAGE), "last page": (size - PAGE, PAGE),
        }[place]  # fmt: skip
        flip(vault, start + dice.randrange(length), dice.randrange(8))
        told = killer.run("verify", "-w", watched.workspace)
        assert told.code == 1, told.out
        assert says_no_value(told)
        assert "restore a backup" in told.out or "backup" in told.err
        # A release takes seconds; few of them are enough.
        orders = [["ingest", files / "newer" / "cases.csv"], ["release", "--id", "two"]]
        for order in orders[: 1 + tries(0, number % 4 == 0)]:
            outcome = killer.run(*order, "-w", watched.workspace)
            assert outcome.code in (0, 1)
            assert says_no_value(outcome)
            assert "a fault of the program" not in outcome.err, outcome.err
        assert watched.plain_files() == []


def test_a_flipped_bit_in_the_slots_of_trustees_is_named(killer, watched, released):
    watched.fresh(released)
    place = ("-w", watched.workspace)
    words = {"WITHHELD_TRUSTEE_PASSPHRASE": "a trustee's own six words"}
    added = killer.run("vault", "trustee", "add", *place, environment=words)
    assert added.code == 0, added.err
    slots = watched.workspace / "private" / "vault.keys"
    dice = random.Random(7)
    whole = slots.read_bytes()
    for _ in range(tries(2, 20)):
        slots.write_bytes(whole)
        flip(slots, dice.randrange(len(whole)), dice.randrange(8))
        told = killer.run("verify", *place)
        assert told.code == 1
        assert "withheld vault trustee repair" in told.out + told.err


def test_verify_names_the_file_of_a_release_in_which_a_bit_is_flipped(killer, watched, released):
    dice = random.Random(7)
    folder = watched.workspace / "public" / "first"
    names = sorted(path.relative_to(folder) for path in watched.fresh(released) and folder.rglob("*"))
    files = [name for name in names if (folder / name).is_file() and (folder / name).stat().st_size]
    for name in dice.sample(files, tries(3, len(files))):
        watched.fresh(released)
        flip(folder / name, dice.randrange((folder / name).stat().st_size), dice.randrange(8))
        told = killer.run("verify", "-w", watched.workspace)
        assert told.code == 1
        assert "changed: first" in told.out
        assert name.name == "SHA256SUMS" or f"changed: first: {name}" in told.out


def test_a_changed_list_of_checksums_is_not_believed(killer, watched, released):
    import hashlib

    folder = watched.fresh(released).workspace / "public" / "first"
    page = folder / "index.en.html"
    old = hashlib.sha256(page.read_bytes()).hexdigest()
    page.write_bytes(page.read_bytes() + b"<!-- changed -->")
    sums = folder / "SHA256SUMS"
    new = hashlib.sha256(page.read_bytes()).hexdigest()
    sums.write_text(sums.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = killer.run("verify", "-w", watched.workspace)
    assert told.code == 1
    assert "changed: first: SHA256SUMS" in told.out


def test_a_source_file_that_changes_between_two_reads_is_refused_and_nothing_of_it_stored(
    bench: Workbench, monkeypatch
):
    path = bench.file(workbench.csv_text([ROW]))
    import ingest.run

    take = ingest.run._take_file

    def late(*arguments: object) -> object:
        flip(path, path.stat().st_size - 20)
        return take(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest.run, "_take_file", late)
    assert "changed while it was read" in workbench.refusal(bench, path)
