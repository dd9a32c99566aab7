"""``/collab/{document_id}``: one document on one socket, for y-websocket and its kin."""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.sync.address import DocumentAddress
from collab.sync.messages import PermissionDenied
from collab.sync.protocols import ywebsocket
from collab.sync.refusals import FrameRefused
from server.monitoring.metrics.sockets import denied
from server.realtime.hub import hub_of
from server.realtime.open_rooms import NotAdmitted
from server.realtime.rooms.client import CLOSE_CODES
from server.realtime.sockets.connection import CLOSE_REFUSED
from server.realtime.sockets.entry import enter
from server.realtime.sockets.seats import CollabSocket
from server.services import services_of


async def endpoint(websocket: WebSocket) -> None:
    """Seat one y-websocket client; what it says is heard from then on."""
    services = services_of(websocket)
    name = websocket.path_params["document_id"]
    entered = await enter(services, websocket, "y-websocket", _document_of(name))
    if entered is None:
        return
    socket = OneDocument(services, hub_of(services), *entered)
    try:
        await socket.sit_down(name, name, is_hocuspocus=False)
    except NotAdmitted as refusal:
        socket.deny(refusal.reason)
    except Exception as error:
        socket.fail(error)
    socket.begin()


class OneDocument(CollabSocket):
    """A socket whose every frame is about one document."""

    def take(self, frame: bytes) -> None:
        message = ywebsocket.parse(frame)
        for seat in self.seats.values():
            seat.hand_in(message)

    def deny(self, reason: str) -> None:
        """Say why there is no seat, and close."""
        denied(reason)
        denial = ywebsocket.encode(PermissionDenied(reason))
        assert denial is not None
        self.connection.send(denial)
        self.connection.close(CLOSE_CODES.get(reason, CLOSE_REFUSED), reason)


def _document_of(name: str) -> DocumentAddress | None:
    try:
        return DocumentAddress.parse(name)
    except (ValueError, FrameRefused):
        return None
