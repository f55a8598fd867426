"""The demo in this process, with what each of its steps took: one line of JSON a step on standard output.

python benchmarks/demo_steps.py DIRECTORY INCIDENTS
"""

import contextlib
import json
import resource
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import ingest
import withheld_cli.demo
from withheld import cli

# What the demo calls its steps -> what the table calls the stages; a step that is not named belongs to the
# stage before it.
STAGES = {
    "start": "start-up",
    "inventing": "inventing case files",
    "making the": "key of the vault",
    "reading case files": "ingest",
    "finding duplicates": "duplicates",
    "choosing": "choosing who is counted",
    "making records": "k-anonymous records",
    "rounding": "rounding tables",
    "writing": "writing release.db",
    "drawing": "charts and pages",
    "attacking": "auditor",
    "searching": "leak scan",
    "remembering": "remembering",
}


class Watch:
    """Adds up processor time, wall time and memory by stage."""

    def __init__(self) -> None:
        self.stage, self.peak = STAGES["start"], 0
        self.since = (0.0, self._now()[1])  # the imports before this belong to the start
        self.done = False
        threading.Thread(target=self._look, daemon=True).start()

    def step(self, said: str) -> None:
        """End a stage where another one begins; print what it took."""
        stage = next((name for begin, name in STAGES.items() if said.startswith(begin)), self.stage)
        now = self._now()
        if stage != self.stage or self.done:
            took = [round(one - other, 2) for one, other in zip(now, self.since, strict=True)]
            told = {"stage": self.stage, "processor": took[0], "wall": took[1], "peak_mb": self.peak}
            print("STAGE " + json.dumps(told), flush=True)
            self.stage, self.since, self.peak = stage, now, resident_mb()

    def end(self) -> None:
        """End the last stage."""
        self.done = True
        self.step("")

    def _look(self) -> None:
        while not self.done:
            self.peak = max(self.peak, resident_mb())
            time.sleep(0.1)

    @staticmethod
    def _now() -> tuple[float, float]:
        used = [resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used), time.monotonic()


def resident_mb() -> int:
    """Return the memory of this process that is in RAM now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() >> 20


def main(directory: str, incidents: str) -> None:
    """Run the demo with a watch in the place of its progress."""
    watch = Watch()

    @contextlib.contextmanager
    def progress(title: str) -> Iterator[Any]:
        yield watch.step

    find = ingest.find_duplicates

    def find_duplicates(*given: Any, **named: Any) -> Any:
        watch.step("finding duplicates")
        return find(*given, **named)

    withheld_cli.demo.progress = progress
    ingest.find_duplicates = find_duplicates
    try:
        cli.main(["demo", directory, "--incidents", incidents, "--json"], standalone_mode=False)
    finally:
        watch.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
