"""Help is quick because it loads nothing: no stage of the house, and none of the large libraries."""

import subprocess
import sys

import pytest

from withheld import COMMANDS

HEAVY = {
    "matplotlib", "datasette", "duckdb", "numpy", "splink", "highspy", "faker", "sqlite_utils", "sqlcipher3",
    "openpyxl", "python_calamine", "fontTools", "citeproc", "uvicorn", "pandas", "pyarrow", "rich", "slovnet",
}  # fmt: skip
STAGES = {"vault", "ingest", "anonymize", "reports"}
_PROGRAM = """
import sys
from withheld import main
for words in {words!r}:
    sys.argv = ["withheld", *words, "--help"]
    try:
        main()
    except SystemExit as end:
        assert not end.code
print("loaded:", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def loaded_after_help(*words: list[str]) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(words=list(words))], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_the_help_of_all_commands_together_loads_no_stage_and_no_heavy_library():
    loaded = loaded_after_help([], *([name] for name in COMMANDS), ["vault", "trustee", "add"])
    assert loaded & (HEAVY | STAGES) == set()


@pytest.mark.parametrize("name", ["numpy", "duckdb", "matplotlib", "datasette"])
def test_what_is_kept_out_is_there_to_be_loaded(name):
    __import__(name)  # a misspelt name would be kept out for ever
