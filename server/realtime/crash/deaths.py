"""Reads what dead processes left behind and marks the texts they died over as suspect."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from server.realtime.crash.record import (
    FAULT_SUFFIX,
    FILE_BYTES,
    SUFFIX,
    Note,
    Phase,
    read_note,
    take_lock,
)
from storage import documents
from storage.database import Database
from storage.log import quarantine
from storage.log.quarantine import Accusation

FAULT_CHARS_MAX = 4_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Death:
    """How a process ended without saying goodbye.

    ``fault`` is what it wrote while dying of a fault of its own or of hanging; it is empty if it
    was killed from outside or lost its power.
    """

    name: str
    note: Note | None
    fault: str


@contextmanager
def dead_records(folder: Path) -> Iterator[list[Death]]:
    """The deaths nobody has reported yet; they count as reported if the block ends well.

    Each record stays locked meanwhile, so no other process reports it too.
    """
    found: list[Death] = []
    taken: list[tuple[Path, int]] = []
    try:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            descriptor = _lock(path)
            if descriptor is not None:
                taken.append((path, descriptor))
                found.append(_death(path, descriptor))
        yield found
        for path, _ in taken:
            path.unlink(missing_ok=True)
            path.with_suffix(FAULT_SUFFIX).unlink(missing_ok=True)
    finally:
        for _, descriptor in taken:
            os.close(descriptor)


def accusations(note: Note, *, is_fault: bool) -> list[Accusation]:
    """Who may be to blame: everything of the turn that had been applied.

    A death speaks directly against the update that was being applied, or against all if they are
    one actor's; and twice if the process died of a fault of its own, for a kill from outside may
    hit anybody.
    """
    is_one_actors = len({entry.actor_id for entry in note.entries}) == 1
    last = len(note.entries) - 1
    found = []
    for at, entry in enumerate(note.entries):
        is_direct = at == last if note.phase is Phase.APPLY else is_one_actors
        deaths = (2 if is_fault else 1) if is_direct else 0
        found.append(Accusation(entry.actor_id, entry.sha256, entry.update, deaths))
    return found


async def report_deaths(database: Database, folder: Path, clock: Callable[[], datetime]) -> int:
    """Put what dead processes were doing into the database; how many texts are suspect now."""
    with dead_records(folder) as deaths:
        for death in deaths:
            await _report(database, death, clock())
        return sum(death.note is not None for death in deaths)


async def _report(database: Database, death: Death, now: datetime) -> None:
    note = death.note
    log.error(
        "a server process died",
        process=death.name,
        document=str(note.document_id) if note else None,
        phase=note.phase.name.lower() if note else None,
        updates=[entry.sha256 for entry in note.entries[-8:]] if note else [],
        fault=death.fault or None,
    )
    if note is None:
        return
    async with database.write() as tx:
        head = (await documents.lock_heads(tx, [note.document_id])).get(note.document_id)
        if head is not None:
            accused = accusations(note, is_fault=bool(death.fault))
            await quarantine.accuse(tx, head, accused, note.phase.name.lower(), now)


def _lock(path: Path) -> int | None:
    """A locked descriptor of a dead process's record; ``None`` if that process lives."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        take_lock(descriptor)
        # Whoever reported it meanwhile has removed it.
        if os.fstat(descriptor).st_nlink > 0:
            return descriptor
    except BlockingIOError:
        pass  # its process lives, or another reports it now
    os.close(descriptor)
    return None


def _death(path: Path, descriptor: int) -> Death:
    fault = path.with_suffix(FAULT_SUFFIX)
    said = fault.read_text(errors="replace")[:FAULT_CHARS_MAX] if fault.exists() else ""
    return Death(path.stem, read_note(os.pread(descriptor, FILE_BYTES, 0)), said)
