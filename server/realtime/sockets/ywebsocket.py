"""``/collab/{document_id}``: one document on one socket, for y-websocket and its kin."""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.sync.address import DocumentAddress
from collab.sync.messages import PermissionDenied
from collab.sync.protocols import ywebsocket
from collab.sync.refusals import FrameRefused
from server.realtime.hub import NotAdmitted, hub_of
from server.realtime.rooms.client import CLOSE_CODES
from server.realtime.sockets.connection import CLOSE_REFUSED
from server.realtime.sockets.entry import enter
from server.realtime.sockets.seats import CollabSocket, frames_of, run
from server.services import services_of


async def endpoint(websocket: WebSocket) -> None:
    """Serve one y-websocket client."""
    services = services_of(websocket)
    name = websocket.path_params["document_id"]
    entered = await enter(services, websocket, _document_of(name))
    if entered is None:
        return
    connection, actor = entered
    socket = CollabSocket(services, hub_of(services), connection, actor)

    async def read() -> None:
        try:
            await socket.sit_down(name, name, is_hocuspocus=False)
        except NotAdmitted as refusal:
            denial = ywebsocket.encode(PermissionDenied(refusal.reason))
            assert denial is not None
            connection.send(denial)
            connection.close(CLOSE_CODES.get(refusal.reason, CLOSE_REFUSED), refusal.reason)
            return
        async for frame in frames_of(websocket):
            message = ywebsocket.parse(frame)
            seat = socket.seats.get(name)
            if seat is None:
                return
            await seat.hand_in(message)

    await run(socket, read)


def _document_of(name: str) -> DocumentAddress | None:
    try:
        return DocumentAddress.parse(name)
    except (ValueError, FrameRefused):
        return None
