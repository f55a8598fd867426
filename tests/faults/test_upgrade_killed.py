"""An upgrade that is killed at any moment leaves the older vault or the newer one, and nothing plain."""

from pathlib import Path
from typing import Any

import pytest

from tests.vault.older_vaults import content, rewrite_as_schema_2

from .conftest import grown
from .group import PASSPHRASE, Killer, Watched, says_no_value
from .scale import tries
from .test_killed import moments

ORDER = ("vault", "upgrade")
MAY_DIFFER = {"setting", "custody", "sqlite_master"}
BEFORE, AFTER = 2, 3  # schema


@pytest.fixture(scope="session")
def older(killer: Killer, released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The group with cases and a release, in a vault of schema 2."""
    folder = grown(killer, released, tmp_path_factory.mktemp("older"), "vault", "trustee", "list")
    rewrite_as_schema_2(vault_of(Watched(folder)), passphrase=PASSPHRASE)
    return folder


def vault_of(watched: Watched) -> Path:
    return watched.workspace / "private" / "vault.db"


def require_whole(watched: Watched, before: dict[str, list[tuple[Any, ...]]]) -> int:
    """Make sure that everything is there, and return the schema that it is there in."""
    found = content(vault_of(watched))
    version = int(dict(found["setting"])["schema_version"])
    if version == BEFORE:
        assert found == before
    else:
        assert watched.counts()
        assert {name: found[name] for name in before if name not in MAY_DIFFER} == {
            name: rows for name, rows in before.items() if name not in MAY_DIFFER
        }
        assert found["custody"][:-1] == before["custody"]
    assert watched.plain_files() == []
    assert watched.plain_databases() == []
    return version


def require_copies(watched: Watched, before: dict[str, list[tuple[Any, ...]]]) -> None:
    """Make sure that every finished copy is the older vault."""
    for copy in watched.workspace.glob("private/before-upgrade-*.db"):
        assert {**content(copy), "sqlite_master": []} == {**before, "sqlite_master": []}


def test_killed_at_any_moment_the_older_or_the_newer_vault_is_there(killer, watched, older):
    place = (*ORDER, "-w", watched.workspace)
    before = content(vault_of(watched.fresh(older)))
    whole = killer.run(*place, environment=watched.environment)
    assert whole.code == 0, whole.err
    assert require_whole(watched, before) == AFTER
    for moment in moments(7, whole.seconds, tries(3, 60)):
        killed = killer.run(*place, environment=watched.fresh(older).environment, kill_after=moment)
        assert killed.code in (0, -9), killed.err
        assert says_no_value(killed)
        require_whole(watched, before)
        require_copies(watched, before)


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        ("vault.backup:give_name:before", BEFORE),
        ("vault.upgrading:write_copy:after", BEFORE),
        ("vault.migrations:note_head:after", BEFORE),
        ("vault.migrations:add_missing:after", BEFORE),
        ("vault.migrations:append_custody:after", BEFORE),
        ("vault.migrations:_require_unharmed:after", BEFORE),
        ("vault.upgrading:migrate:after", BEFORE),
        ("withheld_cli.vault:_upgraded_lines:before", AFTER),
    ],
)
def test_killed_between_two_steps_it_is_run_again(killer, watched, older, moment, version):
    place = (*ORDER, "-w", watched.workspace)
    before = content(vault_of(watched.fresh(older)))
    killed = killer.run(*place, environment=watched.environment, dies_at=moment)
    assert killed.code == -9
    assert require_whole(watched, before) == version
    require_copies(watched, before)
    again = killer.run(*place, environment=watched.environment, clock=2.0)
    assert again.code == 0, again.err
    assert require_whole(watched, before) == AFTER


def test_a_full_disk_leaves_the_older_vault_and_says_so(killer, watched, older):
    before = content(vault_of(watched.fresh(older)))
    size = vault_of(watched).stat().st_size
    stopped = killer.run(
        *ORDER, "-w", watched.workspace, environment=watched.environment, file_size=size // 2
    )
    assert stopped.code == 1
    assert "whether the disk is full" in stopped.err
    assert require_whole(watched, before) == BEFORE
    assert [path.name for path in vault_of(watched).parent.iterdir()] == ["vault.db"]
