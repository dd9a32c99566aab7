"""What one person sent after the text was settled: judged and read, but not part of the text.

A shelf is a copy of the document in which all that is kept for this person has been applied, so
that what he sends next is judged behind it and nothing is kept twice. It may be behind the
document; whoever holds it makes it anew when something does not fit, before he refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from collab.sync.document import Admission, Document
from collab.sync.formats.changes import Passage, changed_passages
from collab.sync.text import render


@dataclass(frozen=True, slots=True)
class Addition:
    """What a late update adds: the part of it that is new, and how that reads."""

    update: bytes
    clients: tuple[tuple[int, int, int], ...]
    new_clients: frozenset[int]
    passages: tuple[Passage, ...]


class Shelf:
    """One person's late text, behind the document as it was when the shelf was made."""

    def __init__(
        self,
        document: Document,
        owners: Mapping[int, UUID | None],
        *,
        actor: UUID,
        kept: Sequence[bytes],
        sections: Iterable[str],
    ) -> None:
        """``kept`` are the updates that wait for the next version, in their order."""
        self.actor = actor
        self.count = len(kept)
        self._owners = dict(owners)
        self._sections = tuple(sections)
        self._document = document.copy()
        batch = [(update, actor) for update in kept]
        for verdict in self._document.admit_and_apply(batch, self._owners):
            if isinstance(verdict, Admission):
                self._own(verdict)

    def news(self, update: bytes) -> bytes | None:
        """What of an update is not on the shelf, without putting it there; ``None``: all of it is.

        Raises:
            FrameRefused: it would not fit the text either.
        """
        found = self._document.admit(update, actor=self.actor, owners=self._owners)
        return found.brought if found.news else None

    def put(self, update: bytes) -> Addition | None:
        """Put an update on the shelf; ``None`` if all of it lies there already.

        Raises:
            FrameRefused: it would not fit the text either.
            DocumentBroken: pycrdt failed on it.
        """
        before = render(self._document, self._sections)
        (verdict,) = self._document.admit_and_apply([(update, self.actor)], self._owners)
        if not isinstance(verdict, Admission):
            raise verdict
        if not verdict.news:
            return None
        self._own(verdict)
        self.count += 1
        passages = changed_passages(before, render(self._document, self._sections))
        return Addition(verdict.brought, verdict.inserted, verdict.new_clients, passages)

    def _own(self, admission: Admission) -> None:
        self._owners.update(dict.fromkeys(admission.new_clients, self.actor))
