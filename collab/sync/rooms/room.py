"""One live document and its sessions, without I/O: messages in, effects out.

The hub gives the room what arrived since the last turn and performs what it returns. A turn has
two parts. ``attend`` takes comings, goings and presence; its effects may be performed at once.
``write`` takes everything that touches the text; its effects wait for the commit of its
contributions, so whatever anyone else sees is already saved (promise 1). Between turns the
document in memory equals the log; a turn whose commit fails is thrown away with the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from collab.sync.document import Admission, Document
from collab.sync.guard import NOTHING_NEW
from collab.sync.messages import (
    AccessChanged,
    Authenticated,
    Awareness,
    Changes,
    Fullness,
    QueryAwareness,
    SyncStep1,
    Update,
)
from collab.sync.refusals import CATCH_UP_REASONS, FrameRefused, RefusalReason
from collab.sync.rooms import verdicts
from collab.sync.rooms.early import Early
from collab.sync.rooms.effects import Broadcast, Effect, End, Send
from collab.sync.rooms.late import Shelf
from collab.sync.rooms.questions import percent_to_tell, replies
from collab.sync.rooms.session import Grant, Participant, Session, SessionId, is_full_for
from collab.sync.rooms.shown import Shown
from collab.sync.rooms.turns import (
    Judged,
    Received,
    ServerUpdate,
    Turn,
    Writing,
    update_of,
)


class Room:
    """The sessions of one document, and the document itself.

    ``owners`` maps client ids to the actors they belong to; the room adds the claims of its own
    turns once they are committed.
    """

    def __init__(self, document: Document, owners: dict[int, UUID | None]) -> None:
        self.document = document
        self.shown = Shown()
        self._early = Early()
        self._told_percent = 0
        self._owners = owners
        self._sessions: dict[SessionId, Session] = {}

    # Attending: comings, goings, presence.

    def join(self, session: Session, *, greets: bool) -> list[Effect]:
        """Let a session in. ``greets``: this protocol's server speaks first (y-websocket)."""
        if is_full_for(session.participant, self._sessions.values()):
            return [End(session.id, "room-full")]
        self._sessions[session.id] = session
        effects: list[Effect] = []
        if greets:
            effects.append(Send(session.id, SyncStep1(self.document.state_vector())))
        else:
            effects.append(Send(session.id, Authenticated(session.grant.write)))
        everybody = self.shown.everybody()
        if everybody is not None:
            effects.append(Send(session.id, everybody))
        return effects

    def leave(self, session: SessionId, *, leaves_at: float) -> None:
        """Let a session go; its presence stays for the grace period."""
        if self._sessions.pop(session, None) is not None:
            self.shown.leave(session, leaves_at)

    def dismiss(self, session: SessionId) -> list[Effect]:
        """Take a session out at once, presence and all."""
        if self._sessions.pop(session, None) is None:
            return []
        self._early.forget(session)
        return self._presence_effects(self.shown.remove(session))

    def attend(self, received: Received) -> list[Effect]:
        """Take a message about presence; what it changes is told by ``spread_presence``."""
        session = self._sessions.get(received.session)
        if session is None:
            return []
        if isinstance(received.message, Awareness):
            self.shown.report(session, received.message)
        elif isinstance(received.message, QueryAwareness):
            everybody = self.shown.everybody()
            return [] if everybody is None else [Send(session.id, everybody)]
        return []

    def spread_presence(self) -> list[Effect]:
        """Tell everybody what has changed: the newest of each client, in one message."""
        return self._presence_effects(self.shown.spread())

    def expire(self, now: float) -> list[Effect]:
        """Announce those who have left for good."""
        return self._presence_effects(self.shown.expire(now))

    def change_grant(self, session_id: SessionId, grant: Grant) -> list[Effect]:
        """Give a session other rights, from this moment on."""
        session = self._sessions.get(session_id)
        if session is None or session.grant == grant:
            return []
        had, session.grant = session.grant, grant
        if not grant.read:
            return [*self.dismiss(session_id), End(session_id, grant.reason or "forbidden")]
        if had.write == grant.write:
            return []
        return [Send(session_id, AccessChanged(grant.write, grant.reason))]

    # Writing: everything that touches the text.

    def write(self, writings: Sequence[Writing]) -> Turn:
        """Judge and apply a turn's changes, and answer those who ask for the text.

        The whole turn is one transaction of the document. Each refused change is answered to
        its author and leaves the others untouched.
        """
        changes = [writing for writing in writings if self._is_change(writing)]
        if not changes:
            return Turn(effects=tuple(replies(self.document, self._sessions, writings)))
        early = self._early.sort(self._judge(changes, self._owners))
        judged = list(early.final)
        if early.again:
            claimed = verdicts.claims(judged, self._actor_of)
            judged += self._judge(early.again, {**self._owners, **claimed})
        contributions = verdicts.contributions(judged, self._actor_of, self.document.merge)
        effects = [
            *verdicts.answers(judged),
            *self._spread(judged),
            *self._warn(),
            *replies(self.document, self._sessions, writings),
        ]
        return Turn(
            contributions,
            verdicts.claims(judged, self._actor_of),
            tuple(effects),
            verdicts.refused(judged),
            verdicts.late(judged),
            early,
        )

    def may_change(self, writings: Sequence[Writing]) -> bool:
        """Whether any of these, from somebody who may write, could change the text."""
        return any(self._is_change(each) and self._may_write(each) for each in writings)

    def committed(self, turn: Turn) -> Sequence[Effect]:
        """The turn is durable, or had nothing to commit: its effects may be performed."""
        self._owners.update(turn.claims)
        if turn.early is not None:
            self._early.settle(turn.early)
        return turn.effects

    def replace_document(self, document: Document, owners: dict[int, UUID | None]) -> None:
        """Start again from what is durable, after a turn that could not be committed."""
        self.document = document
        self._owners = owners

    def take_in(self, updates: Sequence[bytes], owners: Mapping[int, UUID | None]) -> None:
        """Bring in what another process has committed behind what is here.

        Raises:
            DocumentBroken: it does not fit; begin again from what is durable.
        """
        self.document.apply(updates)
        self._owners.update(owners)

    def catch_up(self, updates: Iterable[bytes]) -> list[Effect]:
        """Tell everybody what another process has committed; the document holds it already."""
        merged = self.document.merge(list(updates))
        readers = self._readers()
        return [Broadcast(readers, Update(merged))] if readers else []

    def shelf(self, actor: UUID, kept: Sequence[bytes], sections: Iterable[str]) -> Shelf:
        """A copy of the text for what this person has sent, and sends, too late."""
        return Shelf(self.document, self._owners, actor=actor, kept=kept, sections=sections)

    # Views.

    @property
    def sessions(self) -> Iterable[Session]:
        return self._sessions.values()

    def session(self, session_id: SessionId) -> Session | None:
        return self._sessions.get(session_id)

    def people(self) -> list[tuple[Participant, str]]:
        """Everybody who shows himself at this process, with his colour class."""
        return list(self.shown.presence.participants())

    # Helpers, in the order they are called.

    def _judge(self, changes: Sequence[Writing], owners: Mapping[int, UUID | None]) -> list[Judged]:
        """A verdict for each change; those of writers are applied, in one transaction."""
        permitted = [writing for writing in changes if self._may_write(writing)]
        barred = [writing for writing in changes if not self._may_write(writing)]
        admissions = self.document.admit_and_apply(
            [(update_of(writing), self._actor_of(writing)) for writing in permitted], owners
        )
        judged: list[Judged] = list(zip(permitted, admissions, strict=True))
        return judged + [(writing, self._refusal(writing)) for writing in barred]

    def _is_change(self, writing: Writing) -> bool:
        if isinstance(writing, ServerUpdate):
            return True
        return writing.session in self._sessions and isinstance(writing.message, Changes)

    def _may_write(self, writing: Writing) -> bool:
        if isinstance(writing, ServerUpdate):
            return True
        session = self._sessions[writing.session]
        return session.grant.write and session.participant.person_id is not None

    def _actor_of(self, writing: Writing) -> UUID | None:
        if isinstance(writing, ServerUpdate):
            return writing.actor
        return self._sessions[writing.session].participant.person_id

    def _refusal(self, writing: Writing) -> Admission | FrameRefused:
        """Judge what a reader sent: nothing new is no offence, clients answer every step 1.

        What follows on an earlier refused change does not fit the document; it is refused for
        the same reason as that.
        """
        try:
            admission = self.document.admit(
                update_of(writing), actor=self._actor_of(writing), owners=self._owners
            )
            if not admission.news or self.document.holds(admission):
                return NOTHING_NEW
        except FrameRefused as refusal:
            if refusal.reason not in CATCH_UP_REASONS:
                return refusal
        assert isinstance(writing, Received)
        grant = self._sessions[writing.session].grant
        if grant.late:
            return FrameRefused(RefusalReason.LATE, "the text was settled before it came")
        why = grant.reason if grant.reason in verdicts.STAYING else RefusalReason.READ_ONLY
        return FrameRefused(RefusalReason(why), "this session may not write now")

    def _spread(self, judged: Sequence[Judged]) -> Iterable[Effect]:
        """One merged update for everybody; a lone update skips the author who needs no echo."""
        news = [
            (writing, admission.brought)
            for writing, admission in judged
            if isinstance(admission, Admission) and admission.news
        ]
        if not news:
            return
        author = news[0][0]
        lone = author if len(news) == 1 and isinstance(author, Received) else None
        skipped = self._sessions.get(lone.session) if lone is not None else None
        readers = tuple(
            session.id
            for session in self._sessions.values()
            if session.is_synced and (session is not skipped or session.echoes)
        )
        if readers:
            merged = self.document.merge([brought for _, brought in news])
            yield Broadcast(readers, Update(merged))

    def _warn(self) -> Iterable[Effect]:
        """Tell everybody that the document fills up, each time it has filled up further."""
        percent = percent_to_tell(self.document)
        if percent > self._told_percent:
            yield Broadcast(self._readers(), Fullness(percent))
        self._told_percent = percent

    def _readers(self) -> tuple[SessionId, ...]:
        return tuple(s.id for s in self._sessions.values() if s.is_synced)

    def _presence_effects(self, heard: Awareness | None) -> list[Effect]:
        """Presence goes to everybody, the speaker too: his provider takes silence for death."""
        if heard is None or not self._sessions:
            return []
        return [Broadcast(tuple(self._sessions), heard)]
