"""The clients of one room, and how they are told what the room decides."""

from __future__ import annotations

from collections.abc import Sequence

from collab.sync.messages import Changes, Outgoing
from collab.sync.rooms.effects import Acknowledge, Broadcast, Effect, End, Reply, Send
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import SessionId
from server.realtime.rooms.client import Client, Frames


class Audience:
    """Performs the effects of ``room`` on the clients that sit in it."""

    def __init__(self, room: Room) -> None:
        self.clients: dict[SessionId, Client] = {}
        self._room = room

    def perform(self, effects: Sequence[Effect], before_seq: int | None = None) -> None:
        """Do what the room asks.

        ``before_seq`` is the head before these effects: where a client that is behind stands.
        """
        for effect in effects:
            match effect:
                case Acknowledge(session, frames):
                    if (client := self.clients.get(session)) is not None:
                        client.acknowledge(frames)
                case Broadcast(sessions, message):
                    self._broadcast(sessions, message, before_seq)
                case Reply(sessions, message):
                    self._reply(sessions, message)
                case Send(session, message):
                    if (client := self.clients.get(session)) is not None:
                        client.send(message)
                case End(session, reason):
                    self.end(session, reason)

    def end(self, session: SessionId, reason: str) -> None:
        """Send a client away, presence and all."""
        client = self.clients.pop(session, None)
        if client is not None:
            client.end(reason)
        self.perform(self._room.dismiss(session))

    def end_all(self, reason: str) -> None:
        """Send everybody away; nobody is left who would hear who has gone."""
        clients, self.clients = self.clients, {}
        for session, client in clients.items():
            self._room.dismiss(session)
            client.end(reason)

    def _broadcast(
        self, sessions: Sequence[SessionId], message: Outgoing, before_seq: int | None
    ) -> None:
        """Encode once per protocol and spelling, hand the same bytes to everyone."""
        frames: Frames = {}
        clients = self.clients
        for session in sessions:
            client = clients.get(session)
            if client is None:
                continue
            if client.connection.is_behind or client.behind_seq is not None:
                _leave_behind(client, message, before_seq)
            else:
                client.share(message, frames)

    def _reply(self, sessions: Sequence[SessionId], message: Outgoing) -> None:
        """Answer all who have asked the same, once encoded."""
        frames: Frames = {}
        for session in sessions:
            if (client := self.clients.get(session)) is not None:
                client.share(message, frames)
                client.answered()


def _leave_behind(client: Client, message: Outgoing, before_seq: int | None) -> None:
    """A client that does not read gets nothing now; what changed is made up for later."""
    if isinstance(message, Changes) and client.behind_seq is None:
        client.behind_seq = before_seq
