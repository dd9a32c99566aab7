"""Runs the real server on a disk that can be switched to fail, and kills it at a named step.

``python -m bench.disk.launcher FOLDER serve``: the folder may hold a file ``fault`` (a ``Fault``,
read at each access to the disk) and a file ``step`` (a ``Step`` and at which reaching of it the
process dies). Both may come and go. The product knows nothing of it: its functions are wrapped.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import Enum
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.disk import vfs
from bench.disk.faults import SwitchedDisk
from collab.sync.rooms.room import Room
from collab.sync.rooms.turns import Turn, Writing
from server.cli import cli
from server.monitoring import health
from server.realtime.rooms import keeping
from storage import documents
from storage.database import Database, Transaction
from storage.log.group import GroupCommit

SNAPSHOT_ROWS = 25
"""So that a short run comes by a snapshot."""

HOLDS_S = 0.05
"""So that ``/readyz`` soon says what is the matter."""

FAULT_FILE = "fault"
STEP_FILE = "step"


class Step(Enum):
    """A step on the way of a keystroke."""

    BEFORE_APPLY = "before-apply"
    AFTER_APPLY = "after-apply"
    BEFORE_COMMIT = "before-commit"
    IN_COMMIT = "in-commit"
    AFTER_COMMIT = "after-commit"
    """Durable, and nobody has been told."""
    IN_SNAPSHOT = "in-snapshot"


class Trap:
    """Kills this process when the step that ``file`` names is reached so many times.

    The file may come while the process runs; it is taken away when it has been read.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._step: Step | None = None
        self._countdown = 0

    def reach(self, step: Step) -> None:
        """The process comes by ``step``."""
        if self.is_due(step):
            self.spring()

    def is_due(self, step: Step) -> bool:
        """Count a step; whether this is the one."""
        if self._step is None and self._file.exists():
            name, countdown = self._file.read_text(encoding="ascii").split()
            self._step, self._countdown = Step(name), int(countdown)
            self._file.unlink()
        if step is self._step:
            self._countdown -= 1
        return step is self._step and self._countdown <= 0

    @staticmethod
    def spring() -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class TrappedDisk(SwitchedDisk):
    """A disk on which the process may die in a commit: the WAL is written and not yet synced."""

    def __init__(self, switch: Path, trap: Trap) -> None:
        super().__init__(switch)
        self._trap = trap

    def syncs(self, file: str) -> int:
        if file.endswith("-wal"):
            self._trap.reach(Step.IN_COMMIT)
        return super().syncs(file)


@contextmanager
def laid(trap: Trap) -> Iterator[None]:
    """Wrap what the steps are named after."""
    write, save_snapshot = Room.write, documents.save_snapshot
    in_sqlite, in_postgresql = GroupCommit.in_sqlite, GroupCommit.in_postgresql
    run_natively = Database.run_natively

    def writing(room: Room, writings: Sequence[Writing]) -> Turn:
        trap.reach(Step.BEFORE_APPLY)
        turn = write(room, writings)
        if turn.contributions:
            trap.reach(Step.AFTER_APPLY)
        return turn

    async def saving(tx: Transaction, *given: Any) -> bool:
        is_new = await save_snapshot(tx, *given)
        trap.reach(Step.IN_SNAPSHOT)
        return is_new

    def committing(group: GroupCommit, connection: Any) -> Any:
        outcomes = in_sqlite(group, connection)
        trap.reach(Step.BEFORE_COMMIT)
        return outcomes

    async def asking_to_commit(group: GroupCommit, connection: Any) -> Any:
        outcomes = await in_postgresql(group, connection)
        trap.reach(Step.BEFORE_COMMIT)
        if trap.is_due(Step.IN_COMMIT):
            # COMMIT is sent before this, and its answer will find nobody.
            asyncio.get_running_loop().call_soon(trap.spring)
        return outcomes

    async def running(database: Database, work: Any) -> Any:
        outcomes = await run_natively(database, work)
        trap.reach(Step.AFTER_COMMIT)
        return outcomes

    with (
        patch.object(Room, "write", writing),
        patch.object(documents, "save_snapshot", saving),
        patch.object(GroupCommit, "in_sqlite", committing),
        patch.object(GroupCommit, "in_postgresql", asking_to_commit),
        patch.object(Database, "run_natively", running),
        patch.object(keeping, "SNAPSHOT_ROWS", SNAPSHOT_ROWS),
        patch.object(keeping, "SNAPSHOT_S", 0.0),
        patch.object(health, "HOLDS_S", HOLDS_S),
    ):
        yield


def main(folder: Path, arguments: list[str]) -> None:
    """Run an ``arena`` command so."""
    trap = Trap(folder / STEP_FILE)
    disk = TrappedDisk(folder / FAULT_FILE, trap)
    with laid(trap), vfs.watched(disk) if vfs.why_not() is None else nullcontext():
        cli(arguments)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
