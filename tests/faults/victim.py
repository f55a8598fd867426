"""Runs commands in copies of itself, and kills them on demand: `python -m tests.faults.victim`.

Everything is imported once; each run is a fork, so that two hundred kills cost seconds. One JSON object a
line comes in (see `Job`), one goes out (see `Outcome`). Keys are cheap here: nothing else differs.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import resource
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STAGES = (
    "codebook", "vault", "ingest", "anonymize", "anonymize.audit", "reports", "numpy", "highspy", "openpyxl",
    "python_calamine", "duckdb", "cryptography.hazmat.primitives.ciphers.aead",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One run of the command line.

    Attributes:
        kill_after: Seconds after which it is killed; None to let it end.
        dies_at: `module:attribute:before` or `...:after`: killed where that function is called or returns.
        breaks_at: `module:attribute:OSNAME`: that function raises an OSError of that name instead.
        file_size: Bytes that any file may have, as on a disk that is full; 0 for no limit.
        memory: Bytes of address space; 0 for no limit.
        clock: Seconds by which `datetime.now` and `time.time` are wrong.
    """

    arguments: list[str]
    output: str
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    kill_after: float | None = None
    dies_at: str = ""
    breaks_at: str = ""
    file_size: int = 0
    memory: int = 0
    clock: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        code: Exit code; negative: the signal.
        left: Whether processes that it started were still there.
        peak: Bytes of memory held at most.
    """

    code: int
    seconds: float
    left: bool
    peak: int
    out: str = ""
    err: str = ""


def main() -> None:
    """Serve jobs from standard input until it ends."""
    for name in STAGES:
        importlib.import_module(name)
    front = importlib.import_module("withheld")
    for module, _ in front.COMMANDS.values():
        importlib.import_module(f"withheld_cli.{module}")
    _make_keys_cheap()
    _parse_declarations_once()
    gc.freeze()  # what is shared with the copies is not copied by the collector
    print("ready", flush=True)  # noqa: T201 (the answer)
    for line in sys.stdin:
        job = Job(**json.loads(line))
        print(json.dumps(asdict(_run(job, front))), flush=True)  # noqa: T201 (the answer)


def _make_keys_cheap() -> None:
    """Let every function that derives a key do it at a cost for tests."""
    from tests.vault_factory import CHEAP
    from vault import STANDARD_COST

    for name, module in list(sys.modules.items()):
        if name.split(".")[0] not in {"vault", "withheld_cli", "ingest", "anonymize"}:
            continue
        for made in vars(module).values():
            for holder in ("__kwdefaults__", "__defaults__"):
                found = getattr(made, holder, None)
                if isinstance(found, dict) and STANDARD_COST in found.values():
                    found.update({key: CHEAP for key, value in found.items() if value == STANDARD_COST})
                elif isinstance(found, tuple) and STANDARD_COST in found:
                    made.__defaults__ = tuple(CHEAP if value == STANDARD_COST else value for value in found)


def _parse_declarations_once() -> None:
    """Remember what the packaged declarations say: half a second of every run, and not what is tried."""
    import copy

    import yaml

    from codebook import load_codebook
    from ingest import load_sources

    parse, parsed = yaml.load, {}

    def remembered(text: Any, Loader: Any) -> Any:  # noqa: N803 (its name in PyYAML)
        if text not in parsed:
            parsed[text] = parse(text, Loader=Loader)
        return copy.deepcopy(parsed[text])

    yaml.load = remembered  # type: ignore[assignment]
    load_codebook()
    load_sources()


def _run(job: Job, front: Any) -> Outcome:
    start = time.monotonic()
    child = os.fork()
    if not child:
        _be_the_command(job, front)
    killed_at = start + job.kill_after if job.kill_after is not None else None
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if killed_at is not None and time.monotonic() >= killed_at:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            break
        time.sleep(0.0005)
    seconds = time.monotonic() - start
    code = os.waitstatus_to_exitcode(status)
    return Outcome(code, seconds, _left(child), usage.ru_maxrss * 1024)


def _left(group: int) -> bool:
    """Return whether a process of the group outlived its leader by a second; it is ended then."""
    for _ in range(20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return True


def _be_the_command(job: Job, front: Any) -> None:
    os.setsid()
    code = 99
    try:
        os.environ.update(job.environment)
        os.chdir(job.folder or "/")
        _take_over_output(job.output)
        _break(job)
        if job.file_size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_size, job.file_size))
        if job.memory:
            resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
        sys.argv = ["withheld", *job.arguments]
        try:
            front.main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 98
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _take_over_output(output: str) -> None:
    for number, ending in ((1, "out"), (2, "err")):
        descriptor = os.open(f"{output}.{ending}", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        os.dup2(descriptor, number)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    sys.stdin = io.TextIOWrapper(io.FileIO(0), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w"), encoding="utf-8", errors="backslashreplace", write_through=True
    )


def _break(job: Job) -> None:
    if job.dies_at:
        _wrap(job.dies_at, _dying)
    if job.breaks_at:
        _wrap(job.breaks_at, _failing)
    if job.clock:
        _set_clock(job.clock)


def _wrap(where: str, made: Any) -> None:
    module, attribute, how = where.split(":")
    owner = importlib.import_module(module)
    *path, name = attribute.split(".")
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, name, made(getattr(owner, name), how))


def _dying(function: Any, how: str) -> Any:
    def killed(*arguments: Any, **options: Any) -> Any:
        if how == "after":
            function(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return killed


def _failing(_: Any, how: str) -> Any:
    import errno

    def failed(*arguments: Any, **options: Any) -> Any:
        raise OSError(getattr(errno, how), os.strerror(getattr(errno, how)))

    return failed


def _set_clock(seconds: float) -> None:
    """Let this process believe that it is another day; nothing in the product can be told so."""
    import datetime

    class Wrong(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return super().now(tz) + datetime.timedelta(seconds=seconds)

    datetime.datetime = Wrong  # type: ignore[misc]


def outputs(output: str) -> tuple[str, str]:
    """Return what a run wrote to standard output and standard error."""
    out, err = (Path(f"{output}.{ending}").read_text(encoding="utf-8") for ending in ("out", "err"))
    return out, err


if __name__ == "__main__":
    main()
