"""A server process with a folder and a port of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.harness.economy import folder_in_memory
from tests.harness.waiting import until

START_S = 60
STOP_S = 40
ATTEMPTS = 3
LOG_LINES_SHOWN = 30


class Process:
    """A server process with a folder that vanishes with it."""

    def __init__(self, name: str, *, on_disk: bool = False) -> None:
        """``on_disk``: its files must not lie in memory, because somebody measures."""
        self.name = name
        self.port = 0
        self.folder = Path(
            tempfile.mkdtemp(prefix=f"arena-{name}-", dir=None if on_disk else folder_in_memory())
        )
        self.log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start on a free port; another one if somebody was quicker to take it."""
        for attempt in range(1, ATTEMPTS + 1):
            self.port = free_port()
            self._launch()
            until(lambda: self.is_ready() or not self.is_alive, self.name, timeout_s=START_S)
            if self.is_alive:
                return
            assert attempt < ATTEMPTS, f"{self.name} did not start:\n{self.log.read_text()}"

    def kill(self) -> None:
        """End without warning; ``restart`` brings back what was durable."""
        self._end(signal.SIGKILL)

    def end(self) -> None:
        """Ask it to end, as a restart of its container does; ``restart`` brings it back."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Start again on the same port."""
        self._launch()
        until(self.is_ready, f"{self.name} is back", timeout_s=START_S)

    def pause(self) -> None:
        """Let it stand still with everything it holds, as a machine does that swaps."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on where it stood."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End and remove everything."""
        if self.is_alive:
            self.resume()
            self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def tail(self) -> str:
        """The end of its log, for messages of failed tests."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_LINES_SHOWN:])

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process, for signals of the test's own."""
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """What ``ARENA_DATABASE_URL`` or ``ARENA_REDIS_URL`` would be."""
        raise AssertionError("each server has its own kind of URL")

    def is_ready(self) -> bool:
        """The server answers."""
        raise AssertionError("each server shows it in its own way")

    def command(self) -> list[str]:
        """How to start the server on ``self.port``."""
        raise AssertionError("each server has its own options")

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, **self._user()
            )

    def _user(self) -> dict[str, Any]:
        return {}

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, f"{self.name} was never started"
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STOP_S)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
