"""Fixtures around the real server: one demonstration database per run, one server per module."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.nursery import IS_POSSIBLE, Nursery
from tests.harness.process import ArenaProcess, last_line

HANDLES = (
    "participant", "participant-2", "expert", "expert-2", "signatory", "moderator", "observer"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A SQLite database with the demonstration arena, and a bearer token of each person."""

    file: Path
    tokens: dict[str, str]

    def copy_to(self, folder: Path) -> str:
        """A copy for one server; its URL."""
        target = folder / "arena.db"
        shutil.copyfile(self.file, target)
        return f"sqlite:///{target}"


def fill(commands: ArenaProcess, handles: Sequence[str]) -> dict[str, str]:
    """Migrate and fill the database of ``commands``; the tokens of the persons."""
    tokens = [["token", handle] for handle in handles]
    _, _, *printed = commands.run_all([["migrate"], ["demo"], *tokens])
    return dict(zip(handles, map(last_line, printed), strict=True))


def settle(commands: ArenaProcess, handles: Sequence[str]) -> dict[str, str]:
    """Migrate the database and bring in only these persons, which is quick; their tokens."""
    people = [
        ["person", "add", handle, "--name", handle.title(), "--role", handle.removesuffix("-2")]
        for handle in handles
    ]
    tokens = [["token", handle] for handle in handles]
    printed = commands.run_all([["migrate"], *people, *tokens])[1 + len(people) :]
    return dict(zip(handles, map(last_line, printed), strict=True))


@pytest.fixture(scope="session", autouse=True)
def nursery() -> Iterator[None]:
    """Let the servers of the tests be forked where that is possible."""
    if not IS_POSSIBLE:
        yield
        return
    ArenaProcess.nursery = Nursery()
    yield
    ArenaProcess.nursery.close()
    ArenaProcess.nursery = None


@pytest.fixture(scope="session")
def folder_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    # Each process of pytest-xdist has a folder of its own in one of the run.
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def demonstration(folder_of_all: Path) -> Demonstration:
    """The demonstration arena, filled once per run, by whichever test process is first."""
    folder = folder_of_all / "demonstration"
    folder.mkdir(exist_ok=True)
    file, told = folder / "arena.db", folder / "tokens.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            tokens = fill(ArenaProcess(f"sqlite:///{file}", folder), HANDLES)
            assert not file.with_name("arena.db-wal").exists(), "the commands left it open"
            told.write_text(json.dumps(tokens))
    return Demonstration(file, json.loads(told.read_text()))


@pytest.fixture(scope="module")
def arena(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArenaProcess]:
    """A running server with a demonstration arena of its own."""
    folder = tmp_path_factory.mktemp("arena")
    process = ArenaProcess(demonstration.copy_to(folder), folder)
    process.start()
    yield process
    code = process.stop()
    # uvicorn ends in order and then by the signal it was asked with.
    assert code in {0, -signal.SIGTERM}, f"the server ended with {code}:\n{process.tail()}"


@pytest.fixture(scope="session")
def tokens(demonstration: Demonstration) -> dict[str, str]:
    """A bearer token per demonstration person, by handle."""
    return demonstration.tokens
