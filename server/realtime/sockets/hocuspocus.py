"""``/collab``: many documents on one socket, for the hocuspocus provider.

A client presents a token for each document before anything else; while it is looked up, nothing
further is read, so the frames that follow find the seat. The token is a bearer token, or any
other text where the upgrade itself has said who comes (cookie, header).
"""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.process.actors import Actor
from collab.sync.messages import Authenticate, Detach, Ignored, PermissionDenied
from collab.sync.protocols import hocuspocus
from server.auth.secrets import hash_of
from server.auth.visitor import authenticate_token
from server.monitoring.metrics.sockets import denied
from server.realtime.hub import hub_of
from server.realtime.open_rooms import NotAdmitted
from server.realtime.rooms.client import RETRIED
from server.realtime.sockets.connection import CLOSE_TRY_AGAIN_LATER
from server.realtime.sockets.entry import enter
from server.realtime.sockets.seats import CollabSocket
from server.services import services_of
from storage.database import StorageUnavailable

DOCUMENTS_PER_SOCKET_MAX = 16


async def endpoint(websocket: WebSocket) -> None:
    """Let one hocuspocus client begin."""
    services = services_of(websocket)
    entered = await enter(services, websocket, "hocuspocus")
    if entered is not None:
        ManyDocuments(services, hub_of(services), *entered).begin()


class ManyDocuments(CollabSocket):
    """A socket whose frames say which document they are about."""

    def take(self, frame: bytes) -> None:
        """One frame: authentication opens a seat, everything else needs one."""
        address, message = hocuspocus.parse(frame)
        seat = self.seats.get(address)
        match message:
            case Ignored():
                return
            case Detach():
                self.stand_up(address)
            case Authenticate(token):
                if seat is None:
                    self.do_meanwhile(self._authenticate(address, token))
            case _ if seat is not None:
                seat.hand_in(message)
            case _ if address not in self.ended:
                self._deny(address, "sign-in")

    async def _authenticate(self, address: str, token: str) -> None:
        try:
            if len(self.seats) >= DOCUMENTS_PER_SOCKET_MAX:
                raise NotAdmitted("too-many-documents")
            async with self.hub.doorway:
                self.actor = await self._actor_of(token)
                name = hocuspocus.document_name(address)
                await self.sit_down(address, name, is_hocuspocus=True)
        except StorageUnavailable:
            self._deny(address, "try-again")
        except NotAdmitted as refusal:
            self._deny(address, refusal.reason)

    async def _actor_of(self, token: str) -> Actor:
        """The person whose token this is; who came with the upgrade stays who he is."""
        if self.actor.person_id is not None:
            return self.actor
        actor = await authenticate_token(self.services, token)
        if actor is None:
            return self.actor
        self.connection.token_key = hash_of(token)
        if self.is_lost:
            raise NotAdmitted("try-again")
        if not self.hub.sockets.add(self.connection, actor.person_id):
            raise NotAdmitted("try-again")
        return actor

    def _deny(self, address: str, reason: str) -> None:
        denied(reason)
        self.note_ended(address)
        if reason in RETRIED:
            # The provider takes a denial for final, and comes back when the socket closes.
            self.connection.close(CLOSE_TRY_AGAIN_LATER, reason)
        else:
            self.connection.send(hocuspocus.encode(address, PermissionDenied(reason)))
