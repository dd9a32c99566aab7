"""A server, or its trial process, in which certain words kill as a fault in native code would.

``python -m tests.server.crash.killers serve`` or ``trial``. Nothing known passes the guard and
kills, so the deadly words are put in where pycrdt applies and reads.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pycrdt

from server.realtime.crash import child, trial, watchdog

SEGFAULT, HANG, PANIC, READ = "⟨segfault⟩", "⟨hang⟩", "⟨panic⟩", "⟨deadly to read⟩"
MODULE = "tests.server.crash.killers"
HANG_S = 3.0


class PanicException(BaseException):
    """Named like the panics of pycrdt."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    while True:
        pass


def panic() -> None:
    raise PanicException("called `Option::unwrap()` on a `None` value")


def dying(*_: object, **__: object) -> bytes:
    """Dies, whatever it is asked."""
    die()
    return b""


def hanging(*_: object, **__: object) -> bytes:
    """Hangs, whatever it is asked."""
    hang()
    return b""


def greedy() -> bytes:
    """Asks for more memory than a child may have."""
    return bytes(2 * trial.MEMORY_BYTES_MAX)


ON_APPLY: dict[str, Callable[[], None]] = {SEGFAULT: die, HANG: hang, PANIC: panic}


def arm() -> None:
    """Make the words deadly in this process, and in the trial processes it starts."""
    apply, diff = pycrdt.Doc.apply_update, pycrdt.XmlText.diff

    def deadly_apply(self: pycrdt.Doc[Any], update: bytes) -> None:
        for word, act in ON_APPLY.items():
            if word.encode() in update:
                act()
        apply(self, update)

    def deadly_diff(self: pycrdt.XmlText) -> list[Any]:
        runs = diff(self)
        if any(READ in run for run, _ in runs if isinstance(run, str)):
            die()
        return runs

    pycrdt.Doc.apply_update = deadly_apply  # type: ignore[method-assign]
    pycrdt.XmlText.diff = deadly_diff  # type: ignore[method-assign]
    child.COMMAND = (sys.executable, "-m", MODULE, "trial")
    watchdog.HANG_S = HANG_S
    trial.CPU_S = 1


if __name__ == "__main__":
    arm()
    if sys.argv[1] == "trial":
        trial.main()
    else:
        from server.cli import cli

        cli(sys.argv[1:])
