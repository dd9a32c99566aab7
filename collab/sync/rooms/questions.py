"""Answers to those who ask for the text: once a turn, encoded once for all who ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from collab.sync.document import Document
from collab.sync.messages import Fullness, Refused, SyncStep1, SyncStep2
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.effects import Effect, End, Reply, Send
from collab.sync.rooms.session import Session, SessionId
from collab.sync.rooms.turns import Received, Writing

FULLNESS_TOLD: Final = 80
"""From this percentage of its limit on, people are told how full a document is,"""

FULLNESS_STEP: Final = 5
"""each time it has grown by so many percent."""


def replies(
    document: Document, sessions: Mapping[SessionId, Session], writings: Sequence[Writing]
) -> Iterable[Effect]:
    """Answer each session that has sent a step 1; hocuspocus clients are asked for theirs too."""
    questions = {
        writing.session: writing.message.state_vector
        for writing in writings
        if isinstance(writing, Received) and isinstance(writing.message, SyncStep1)
    }
    asking: dict[bytes, list[Session]] = {}
    for session_id, state_vector in questions.items():
        if (session := sessions.get(session_id)) is not None:
            asking.setdefault(state_vector, []).append(session)
    for state_vector, those in asking.items():
        yield from _reply(document, those, state_vector)


def _reply(
    document: Document, sessions: Sequence[Session], state_vector: bytes
) -> Iterable[Effect]:
    try:
        missing = document.diff(state_vector)
    except FrameRefused as refusal:
        for session in sessions:
            yield Send(session.id, Refused(refusal.reason))
            yield End(session.id, refusal.reason.value)
        return
    for session in sessions:
        session.is_synced = True
    everybody = tuple(session.id for session in sessions)
    yield Reply(everybody, SyncStep2(missing))
    asked = tuple(session.id for session in sessions if not session.echoes)
    if asked:
        yield Reply(asked, SyncStep1(document.state_vector()))
    if percent := percent_to_tell(document):
        yield Reply(everybody, Fullness(percent))


def percent_to_tell(document: Document) -> int:
    """How full the document is, in steps; 0 while that concerns nobody."""
    percent = int(document.fullness() * 100)
    return 0 if percent < FULLNESS_TOLD else min(100, percent - percent % FULLNESS_STEP)
