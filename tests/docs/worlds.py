"""What lies in the folder before a page is walked: files that it tells of, made afresh; nobody is real."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.anonymize.small_vault import SmallVault
from tests.ingest.messy_files import write_unknown_workbook
from tests.shared_files import REPOSITORY, shared_path
from withheld_cli.workspace import load_workspace

from .shell import Shell

DEMO = "withheld demo demo --incidents 400"
DEMO_RELEASE = Path("demo/public/2026-12-01/release.db")
PASSPHRASE = "a passphrase of the page"
NARRATIVE = (
    "Меня зовут Зарема, мне 19 лет, я из Гудермеса. 12 марта брат нашёл мою переписку. Дядя Салман забрал "
    "паспорт 82 15 № 123456 и телефон. Помогла Бирлант, она работает в школе № 4."
)


def built_demo(shared: Path) -> Callable[[Path], str]:
    """Return what runs `DEMO` in a folder; it is built once for all pages and processes, then copied.

    Args:
        shared: A folder that all test processes of this run can see.
    """
    place, said = shared / "pages", shared / "pages" / "said.txt"

    def run(folder: Path) -> str:
        place.mkdir(exist_ok=True)
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not said.exists():
                text, code = Shell(place, {"WITHHELD_PASSPHRASE": "demo"}).run(DEMO)
                assert code == 0, text
                said.write_text(text, "utf-8")
        shutil.copytree(place / "demo", folder / "demo")
        return said.read_text("utf-8")

    return run


def with_cases(shell: Shell) -> None:
    """Lay a spreadsheet of cases into the folder, under a Russian and an English name."""
    write_unknown_workbook(shell.folder / "обращения.xlsx")
    shutil.copy(shell.folder / "обращения.xlsx", shell.folder / "cases.xlsx")


def with_demo(shell: Shell) -> None:
    """Lay the demo's folder into the folder."""
    shell.run(DEMO)


def with_public_file(shell: Shell) -> None:
    """Lay a file that others published, and its ladders, into the folder."""
    shutil.copy(shared_path("samples", "public", "police_killings.csv"), shell.folder)
    shutil.copy(REPOSITORY / "examples" / "records" / "police_killings.yml", shell.folder)


def with_one_case(shell: Shell) -> None:
    """Make a workspace with one invented case that has a narrative."""
    text, code = shell.run('withheld init ourgroup --group "Invented"')
    assert code == 0, text
    with load_workspace(shell.folder / "ourgroup").open_vault(None) as vault:
        small = SmallVault(vault)
        incident = small.case(external_id="K-17", settlement="Гудермес", narrative=NARRATIVE)
        small.person(incident, name="Зарема Хашиева", age=19, consent=None)
