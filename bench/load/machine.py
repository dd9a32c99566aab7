"""The machine: which processor serves and which one loads, open files, and what it is."""

from __future__ import annotations

import contextlib
import os
import platform
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILES_MIN = 8_192


class Unsuitable(Exception):
    """This machine cannot run the bench; the message says why."""


@dataclass(frozen=True, slots=True)
class Processors:
    """The processor of the servers and the one of the generator; one and the same where there
    is no second."""

    server: int
    generator: int


def processors() -> Processors:
    """The first and the last processor that this process may use."""
    usable = sorted(os.sched_getaffinity(0))
    return Processors(usable[0], usable[-1])


@contextlib.contextmanager
def on(processor: int) -> Iterator[None]:
    """Processes and threads that are started inside run on this processor and no other."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_file_limit(wanted: int) -> None:
    """Let this process and its children open as many files as the system allows.

    Raises:
        Unsuitable: that is fewer than ``wanted``.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Unsuitable(f"only {hard} open files are allowed here, {wanted} are needed")


def description() -> dict[str, object]:
    """What figures depend on."""
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "processors": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
