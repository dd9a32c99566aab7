"""What is left of a damaged log: for those who restore a document, not for those who read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Transaction
from storage.log.read import StoredRow, fetch, snapshot
from storage.log.rows import SNAPSHOT, Head, LogEntry, sha256


@dataclass(frozen=True, slots=True)
class Remains:
    """The rows after some seq: sound ones, damaged ones, and runs ``(first, last)`` without any."""

    sound: tuple[LogEntry, ...]
    damaged: tuple[LogEntry, ...]
    missing: tuple[tuple[int, int], ...]

    @property
    def is_whole(self) -> bool:
        """Every row is there and is what was written."""
        return not self.damaged and not self.missing


async def remains(tx: Transaction, head: Head, *, after: int) -> Remains:
    """What is stored of the rows after ``after`` up to the head."""
    rows = [row for row in await fetch(tx, head.id, head.epoch, after) if row[0] <= head.seq]
    sound = tuple(_entry(row) for row in rows if sha256(row[1]) == row[2])
    damaged = tuple(_entry(row) for row in rows if sha256(row[1]) != row[2])
    return Remains(sound, damaged, _missing((row[0] for row in rows), after, head.seq))


async def sound_snapshots(tx: Transaction, head: Head) -> list[int]:
    """The seqs of the epoch's undamaged snapshots, the newest first."""
    query = select(SNAPSHOT.c.seq).where(
        SNAPSHOT.c.document_id == head.id,
        SNAPSHOT.c.epoch == head.epoch,
        SNAPSHOT.c.seq <= head.seq,
    )
    found: list[int] = []
    for seq in (await tx.run(query.order_by(SNAPSHOT.c.seq.desc()))).scalars().all():
        state, digest = await snapshot(tx, head.id, head.epoch, seq)
        if sha256(state) == digest:
            found.append(seq)
    return found


def _missing(seqs: Iterable[int], after: int, last: int) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for seq in (*seqs, last + 1):
        if seq > after + 1:
            found.append((after + 1, seq - 1))
        after = seq
    return tuple(found)


def _entry(row: StoredRow) -> LogEntry:
    seq, update, _, actor_id, at = row
    return LogEntry(seq, update, actor_id, at)
