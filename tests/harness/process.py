"""The real server in a process of its own: started, killed and started again on one database."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, ClassVar

from tests.harness.commands import PRINTED
from tests.harness.nursery import Child, Nursery
from tests.harness.waiting import until
from tests.sources import ROOT

READY_S = 180
COMMAND_S = 180
LOG_LINES_SHOWN = 40


class ArenaProcess:
    """One server process; its port stays the same over restarts."""

    nursery: ClassVar[Nursery | None] = None
    """Who forks the processes; None where each starts as people start it, as in benches."""

    def __init__(self, database_url: str, folder: Path, **variables: str) -> None:
        self.port = free_port()
        self.database_url = database_url
        self.log = folder / "server.log"
        self._variables = {
            "ARENA_DATABASE_URL": database_url,
            "ARENA_PORT": str(self.port),
            "ARENA_VAR": str(folder / "var"),
            "ARENA_DEMO": "1",
            "ARENA_SIMILAR": "words",
            **variables,
        }
        self._process: subprocess.Popen[bytes] | Child | None = None

    @property
    def origin(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, **variables: str) -> None:
        """Start the server, from now on with these variables too; returns when it is ready."""
        self.launch(**variables)
        self.until_ready()

    def launch(self, **variables: str) -> None:
        """Start the server as ``start`` does and do not wait for it."""
        self._variables |= variables
        with self.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
            self._process = self._begin(self._serving(), nothing, log, log)

    def until_ready(self) -> None:
        """Wait until a server that was launched is ready."""
        until(self._is_ready_or_dead, "the server is ready", timeout_s=READY_S)
        assert self.is_alive, f"the server did not start:\n{self.tail()}"

    def kill(self) -> None:
        """End the server without warning, as a power cut does."""
        self._end(signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Ask the server to end, and do not wait for it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Ask the server to end and return its exit code."""
        return self._end(signal.SIGTERM)

    def run(self, *arguments: str) -> str:
        """Run an ``arena`` command against the same database and return what it prints."""
        return self._call(arena(*arguments))

    def run_all(self, commands: Sequence[Sequence[str]]) -> list[str]:
        """Run several commands in one process and return what each prints."""
        lines = "".join(f"{json.dumps(list(command))}\n" for command in commands)
        answers = self._call([sys.executable, "-m", "tests.harness.commands"], lines)
        return [
            json.loads(line.removeprefix(PRINTED))
            for line in answers.splitlines()
            if line.startswith(PRINTED)
        ]

    def token(self, handle: str) -> str:
        """A new bearer token of the person."""
        return last_line(self.run("token", handle))

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """The process runs."""
        return self._process is not None and self._process.poll() is None

    def tail(self) -> str:
        """The end of the server's log, for messages of failed tests."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_LINES_SHOWN:])

    def until_dead(self) -> int:
        """Wait until the server has ended by itself; its exit code."""
        assert self._process is not None
        return self._process.wait(timeout=40)

    def _serving(self) -> list[str]:
        """The command line of the server."""
        return arena("serve")

    def _call(self, command: list[str], lines: str = "") -> str:
        with (
            tempfile.TemporaryFile("w+") as given,
            tempfile.TemporaryFile("w+") as printed,
            tempfile.TemporaryFile("w+") as told,
        ):
            given.write(lines)
            given.seek(0)
            code = self._begin(command, given, printed, told).wait(timeout=COMMAND_S)
            printed.seek(0)
            told.seek(0)
            output = printed.read()
            assert code == 0, f"{command}: {output}{told.read()}"
        return output

    def _begin(
        self, command: list[str], given: IO[Any], printed: IO[Any], told: IO[Any]
    ) -> subprocess.Popen[bytes] | Child:
        """Begin a command with these files as its input, output and errors."""
        python, flag, module, *arguments = command
        assert (python, flag) == (sys.executable, "-m")
        if self.nursery is None:
            return subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdin=given, stdout=printed, stderr=told
            )
        files = (given.fileno(), printed.fileno(), told.fileno())
        return self.nursery.fork(module, arguments, self._environment(), files)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self.is_alive:
            self._process.send_signal(number)
        return self._process.wait(timeout=40)

    def _is_ready_or_dead(self) -> bool:
        return not self.is_alive or self._is_ready()

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _environment(self) -> dict[str, str]:
        # Without byte code every start would compile everything again.
        dropped = ("ARENA_", "PYTHONDONTWRITEBYTECODE")
        own = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        return {**own, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **self._variables}


def arena(*arguments: str) -> list[str]:
    """The command line of an ``arena`` command."""
    return [sys.executable, "-m", "server.cli", *arguments]


def last_line(printed: str) -> str:
    """Where a command leaves its result for programs."""
    return printed.strip().splitlines()[-1]


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
