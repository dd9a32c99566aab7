"""Forked servers are processes like others."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.harness.nursery import IS_POSSIBLE, Child
from tests.harness.process import ArenaProcess

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="every server starts a Python here")


def begin(given: str, module: str, *arguments: str, environment: Mapping[str, str]) -> Child:
    """Fork ``python -m module``; it prints into the file ``environment`` names as OUTPUT."""
    nursery = ArenaProcess.nursery
    assert nursery is not None
    with (
        tempfile.TemporaryFile("w+") as lines,
        Path(environment["OUTPUT"]).open("wb") as output,
    ):
        lines.write(given)
        lines.seek(0)
        files = (lines.fileno(), output.fileno(), output.fileno())
        return nursery.fork(module, arguments, environment, files)


def test_a_forked_module_has_its_own_arguments_files_and_environment(tmp_path: Path) -> None:
    told = {"OUTPUT": str(tmp_path / "output")}
    words = "import os, sys\nprint(os.getpid(), sys.argv[1:], [*os.environ])\nsys.exit(7)\n"
    child = begin(words, "code", "-q", environment=told)
    assert child.wait(20) == 7
    assert f"{child.pid} ['-q'] ['OUTPUT']" in (tmp_path / "output").read_text()


def test_a_forked_process_dies_by_its_own_signal(tmp_path: Path) -> None:
    told = {"OUTPUT": str(tmp_path / "output")}
    one, other = (begin("", "http.server", "0", environment=told) for _ in range(2))
    assert one.pid != other.pid
    assert one.poll() is None
    one.send_signal(signal.SIGKILL)
    assert one.wait(20) == -signal.SIGKILL
    assert other.poll() is None
    other.send_signal(signal.SIGTERM)
    assert other.wait(20) == -signal.SIGTERM
    other.send_signal(signal.SIGTERM)  # to nobody, and not to whom has its number now
