"""A process that has imported everything; servers fork from it instead of starting anew.

Importing Arena and compiling its templates takes seconds of a processor, and a run of all tests
starts some two hundred servers. A forked one is a process like any other: with its own number, its
own environment and log, killed by its own signals; ``python -m MODULE`` runs in it, and nothing of
Arena has run before. What concerns the start of Python itself starts a Python (``ArenaProcess``).
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from tests.harness.waiting import until
from tests.sources import ROOT

MESSAGE_BYTES_MAX = 1_000_000
IS_POSSIBLE = sys.platform == "linux"
"""Elsewhere forking what has imported so much is not safe, or messages have no borders."""


class Child:
    """A forked process, in the words of ``subprocess.Popen``."""

    def __init__(self, pid: int, ask: Callable[[Mapping[str, Any]], Any]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ask = ask

    def poll(self) -> int | None:
        """Its exit code, or the negative number of the signal that ended it; None if it runs."""
        if self.returncode is None:
            self.returncode = self._ask({"pid": self.pid})
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for its end.

        Raises:
            TimeoutError: it has not ended by then.
        """
        until(lambda: self.poll() is not None, f"process {self.pid} ends", timeout_s=timeout)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """Forks servers for this test process; what still runs ends with it."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def fork(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        files: tuple[int, int, int],
    ) -> Child:
        """Run ``python -m module`` with these files as its input, output and errors."""
        wanted = {"module": module, "arguments": arguments, "environment": environment}
        return Child(self._ask(wanted, files), self._ask)

    def close(self) -> None:
        """End it and whatever it has forked."""
        if self._socket is not None and self._process is not None:
            self._socket.close()
            self._process.wait(20)

    def _ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> Any:
        with self._lock:  # tests start and stop servers from threads too
            if self._socket is None:
                self._socket = self._start()
            socket.send_fds(self._socket, [json.dumps(request).encode()], files)
            answer = self._socket.recv(MESSAGE_BYTES_MAX)
        assert answer, "the process that forks servers has ended"
        return json.loads(answer)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=ROOT,
                env=_surroundings(),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        return ours


def _surroundings() -> dict[str, str]:
    """The environment to import everything in."""
    own = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # what has threads could not be forked
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own


def serve(requests: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Answer requests until nobody is left who asks; returns in each child what it shall run."""
    codes: dict[int, int | None] = {}
    while True:
        asked, files, _, _ = socket.recv_fds(requests, MESSAGE_BYTES_MAX, 3)
        if not asked:
            break
        request = json.loads(asked)
        answer: int | None
        if files:
            answer = pid = os.fork()
            if pid == 0:
                requests.close()
                return request, files
            codes[pid] = None
            for file in files:
                os.close(file)
        else:
            pid = request["pid"]
            answer = codes[pid] = _code(pid, codes[pid])
        requests.sendall(json.dumps(answer).encode())
    for pid in (pid for pid, code in codes.items() if code is None):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return None


def become(request: Mapping[str, Any], files: Sequence[int]) -> None:
    """Be, in a child, what was asked for."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(request["environment"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv[1:] = request["arguments"]
    sys.modules.pop(request["module"], None)  # python -m runs a module anew too
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


def prepare() -> None:
    """Import what a server imports, and compile its templates."""
    import server.cli  # noqa: F401
    from server.pages.render import arena_pages

    arena_pages().compile_all()
    gc.collect()
    gc.freeze()


def _code(pid: int, known: int | None) -> int | None:
    if known is not None:
        return known
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """An interrupt from the keyboard is for the tests, which end this process in order."""


def main(number: int) -> None:
    """Prepare once, then serve on the socket with this number."""
    signal.signal(signal.SIGINT, _ignore)
    with socket.socket(fileno=number) as requests:
        requests.set_inheritable(False)
        prepare()
        wanted = serve(requests)
    if wanted is not None:
        become(*wanted)


if __name__ == "__main__":
    main(int(sys.argv[1]))
