"""All benchmarks, or those that are named: measured one after the other, kept, and written into README.md.

    python -m benchmarks.run [--quick] [--rivals PYTHON] [NAME ...]

`--quick` takes small sizes, prints, and keeps nothing. `--write` only writes README.md again.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import readme
from benchmarks.model import Missing, Setting, conditions
from benchmarks.process import ROOT
from benchmarks.sections import SECTIONS

COMMAND = "python -m benchmarks.run"


def main() -> int:
    """Run what the command line asks for; return 1 where a section could not be measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", metavar="NAME", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="small sizes; print, keep nothing")
    parser.add_argument("--write", action="store_true", help="write README.md from what is kept")
    parser.add_argument("--rivals", type=Path, help="Python of an environment with benchmarks/rivals.txt")
    parser.add_argument("--release", type=Path, help="a release of the demo, for charts and serving")
    given = parser.parse_args()
    unknown = set(given.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section; there are {', '.join(SECTIONS)}")
    missing = 0
    for name in [] if given.write else given.sections or SECTIONS:
        missing += not _measured(name, given)
    if not given.quick:
        homeless = readme.write_readme()
        missing += len(homeless)
        for name in homeless:
            print(f"{name}: README.md has no marker for it", file=sys.stderr)
    return 1 if missing else 0


def _measured(name: str, given: argparse.Namespace) -> bool:
    """Measure one section and keep or print it; return whether it could be."""
    shared = Path(os.environ.get("WITHHELD_SHARED", ROOT.parent / "shared"))
    title, measure = SECTIONS[name]
    print(f"{name} ...", file=sys.stderr, flush=True)
    began = conditions()
    with tempfile.TemporaryDirectory(prefix="withheld-bench-") as folder:
        reference = shared if (shared / "bench").is_dir() else None
        setting = Setting(given.quick, given.rivals, Path(folder), reference, given.release)
        try:
            tables = measure(setting)
        except Missing as error:
            print(f"{name}: not measured: {error}", file=sys.stderr)
            return False
    if given.quick:
        result = {"command": f"{COMMAND} --quick {name}", "date": "now", **began}
        print("\n".join(readme.lines_of({**result, "tables": [vars(table) for table in tables]})), flush=True)
    else:
        readme.keep(name, title, f"{COMMAND} {name}", tables, began=began)
    return True


if __name__ == "__main__":
    sys.exit(main())
