"""``/collab``: many documents on one socket, for the hocuspocus provider.

A client presents a token for each document before anything else; frames for it that arrive
meanwhile wait in the socket, because they are read in order. The token is a bearer token, or any
other text where the upgrade itself has said who comes (cookie, header).
"""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.process.actors import Actor
from collab.sync.messages import Authenticate, Detach, Ignored, Incoming, PermissionDenied
from collab.sync.protocols import hocuspocus
from server.auth.secrets import hash_of
from server.auth.visitor import authenticate_token
from server.realtime.hub import NotAdmitted, hub_of
from server.realtime.sockets.entry import enter
from server.realtime.sockets.seats import CollabSocket, frames_of, run
from server.services import services_of

DOCUMENTS_PER_SOCKET_MAX = 16


async def endpoint(websocket: WebSocket) -> None:
    """Serve one hocuspocus client."""
    services = services_of(websocket)
    entered = await enter(services, websocket)
    if entered is None:
        return
    connection, actor = entered
    socket = CollabSocket(services, hub_of(services), connection, actor)

    async def read() -> None:
        async for frame in frames_of(websocket):
            address, message = hocuspocus.parse(frame)
            await _take(socket, address, message)

    await run(socket, read)


async def _take(socket: CollabSocket, address: str, message: Incoming) -> None:
    """One frame: authentication opens a seat, everything else needs one."""
    seat = socket.seats.get(address)
    match message:
        case Ignored():
            return
        case Detach():
            socket.stand_up(address)
        case Authenticate(token):
            if seat is None:
                await _authenticate(socket, address, token)
        case _ if seat is not None:
            await seat.hand_in(message)
        case _ if address not in socket.ended:
            _deny(socket, address, "sign-in")


async def _authenticate(socket: CollabSocket, address: str, token: str) -> None:
    try:
        if len(socket.seats) >= DOCUMENTS_PER_SOCKET_MAX:
            raise NotAdmitted("too-many-documents")
        socket.actor = await _actor_of(socket, token)
        name = hocuspocus.document_name(address)
        await socket.sit_down(address, name, is_hocuspocus=True)
    except NotAdmitted as refusal:
        _deny(socket, address, refusal.reason)


async def _actor_of(socket: CollabSocket, token: str) -> Actor:
    """The person whose token this is; who came with the upgrade stays who he is."""
    if socket.actor.person_id is not None:
        return socket.actor
    actor = await authenticate_token(socket.services, token)
    if actor is None:
        return socket.actor
    socket.connection.person_id = actor.person_id
    socket.connection.token_key = hash_of(token)
    return actor


def _deny(socket: CollabSocket, address: str, reason: str) -> None:
    socket.note_ended(address)
    socket.connection.send(hocuspocus.encode(address, PermissionDenied(reason)))
