"""A shell for the commands of the pages: `withheld` runs in this process, everything else is really run."""

import contextlib
import io
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

import withheld
from tests.shared_files import REPOSITORY

SHOWN_PORT = "8001"  # what the pages say; the tests take a free one
# What differs from run to run, or is said by other programs than ours.
VARYING = (
    (re.compile(r"^(?:Using cached|Predict time).*\n", re.MULTILINE), ""),
    (re.compile(r"^warning: (?:swap|the swap).*\n", re.MULTILINE), ""),
    (re.compile(r"done in \d+ s"), "done in 14 s"),
    (re.compile(r"\b\d{13}\b"), "7391846030000"),
    (re.compile(r"(?<=, )\d+ bytes, (?=\d+ rows)"), "536576 bytes, "),
    (re.compile(r"\b[0-9a-f]{64}\b(?=; the custody log)"), "24701fef" * 8),
    (re.compile(r"(?<= rows  )[0-9a-f]{64}$", re.MULTILINE), "4652373d" * 8),
)


@dataclass
class Shell:
    """One terminal in one folder.

    Attributes:
        folder: What the pages' paths begin in.
        variables: Environment variables besides those of the tests.
        place: The folder below it in which commands are typed.
        remembered: A command whose outcome is kept between pages -> what runs it.
    """

    folder: Path
    variables: dict[str, str | None] = field(default_factory=dict)
    remembered: dict[str, Callable[[Path], str]] = field(default_factory=dict)
    place: str = ""
    _server: "subprocess.Popen[bytes] | None" = None
    _port: str = SHOWN_PORT

    @property
    def address(self) -> str:
        """Where the site really is."""
        return f"http://127.0.0.1:{self._port}/"

    def run(self, command: str) -> tuple[str, int]:
        """Return what a command prints on both outputs, and its exit code."""
        first, bar, rest = command.partition(" | ")
        if first in self.remembered:
            text, code = self.remembered[first](self.folder), 0
        elif shlex.split(first, comments=True)[:2] == ["withheld", "serve"]:
            return self.serve(first), 0
        elif first.startswith("withheld "):
            text, code = self._withheld(shlex.split(first, comments=True)[1:])
        else:
            return self._real(command.replace(f":{SHOWN_PORT}", f":{self._port}"), "")
        text = tidy(text)
        return self._real(rest, text) if bar else (text, code)

    def _withheld(self, words: list[str]) -> tuple[str, int]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder / self.place)
            patch.setattr(sys, "argv", ["withheld", *words])
            with CliRunner().isolation(env={"WITHHELD_LANG": "en", **self.variables}) as (_, _, both):
                try:
                    withheld.main()
                    code = 0
                except SystemExit as stop:
                    code = int(stop.code or 0)
        return both.getvalue().decode("utf-8"), code

    def _real(self, command: str, given: str) -> tuple[str, int]:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder / self.place,
            input=given,
            env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr, done.returncode

    def serve(self, command: str) -> str:
        """Start the site and wait until it answers; return the line that it prints."""
        self.close()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = str(free.getsockname()[1])
        words = [*shlex.split(command, comments=True), "--port", self._port]
        self._server = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=self.folder / self.place,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        stderr = self._server.stderr
        assert stderr
        said = stderr.readline().decode("utf-8").replace(f":{self._port}", f":{SHOWN_PORT}")
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self._port}/", timeout=5).close()
            except (urllib.error.URLError, OSError):
                assert self._server.poll() is None, stderr.read()
                time.sleep(0.1)
            else:
                return said
        raise AssertionError("the site did not answer within 30 seconds")

    def python(self, source: str) -> str:
        """Return what a piece of Python prints, run in the folder as a notebook would."""
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
            patch.chdir(self.folder / self.place)
            exec(compile(source, "page", "exec"), {"__name__": "page"})
        return out.getvalue()

    def close(self) -> None:
        """Stop the site, if one was started."""
        if self._server:
            self._server.terminate()
            self._server.communicate(timeout=20)
            self._server = None


def tidy(text: str) -> str:
    """Return an output without what differs from run to run."""
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return text
