"""A committed turn, as it is told to the rooms of the same document in other processes.

It is a hint: it may be lost, doubled, late or garbled on its way. A room takes it only if it fits
exactly behind what the room has, and else reads the log (ADR 0024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Self
from uuid import UUID

from storage.documents import Batch

DIGEST_BYTES: Final = 16
NO_ACTOR: Final = "-"


@dataclass(frozen=True, slots=True)
class Written:
    """The rows after ``before`` up to ``seq``, one update each, as the log has them.

    ``claims`` are the client ids first used in them, with the actors they belong to. ``digest``
    covers everything, the document too.
    """

    epoch: int
    before: int
    seq: int
    access_version: int
    updates: tuple[bytes, ...]
    claims: Mapping[int, UUID | None]
    digest: bytes

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """What a batch that is durable now has added."""
        updates = tuple(row.update for row in batch.rows)
        end = batch.seq + len(updates)
        place = (batch.epoch, batch.seq, end, batch.access_version)
        claims = dict(batch.new_clients)
        return cls(*place, updates, claims, digest(batch.document_id, place, updates, claims))

    @property
    def size(self) -> int:
        """Bytes of text it carries."""
        return sum(map(len, self.updates))

    def is_sound(self, document_id: UUID) -> bool:
        """Whether this is what was told of this document, to the last bit."""
        place = (self.epoch, self.before, self.seq, self.access_version)
        return (
            len(self.updates) == self.seq - self.before > 0
            and digest(document_id, place, self.updates, self.claims) == self.digest
        )


def digest(
    document_id: UUID,
    place: tuple[int, int, int, int],
    updates: Sequence[bytes],
    claims: Mapping[int, UUID | None],
) -> bytes:
    """A sum over all of it; the sizes tell where one update ends and the next begins."""
    owners = (
        f"{client}={NO_ACTOR if actor is None else actor.hex}"
        for client, actor in sorted(claims.items())
    )
    told = [document_id.hex, *map(str, place), *(str(len(each)) for each in updates), *owners]
    found = blake2b(" ".join(told).encode(), digest_size=DIGEST_BYTES)
    for update in updates:
        found.update(update)
    return found.digest()
