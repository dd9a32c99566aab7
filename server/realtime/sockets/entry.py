"""At the door of the sockets: who comes, and from which page."""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.errors import NotAllowed
from collab.process.actors import GUEST, Actor
from collab.sync.address import DocumentAddress
from server.auth.secrets import hash_of
from server.auth.visitor import authenticate, bearer_token, origin_allowed, redeem_ticket
from server.network.handshake import take_wire
from server.realtime.hub import hub_of
from server.realtime.sockets.connection import (
    CLOSE_NOT_ALLOWED,
    CLOSE_SIGN_IN,
    CLOSE_TRY_AGAIN_LATER,
    Connection,
)
from server.services import Services
from storage.database import StorageUnavailable


async def enter(
    services: Services,
    websocket: WebSocket,
    protocol: str,
    document: DocumentAddress | None = None,
) -> tuple[Connection, Actor] | None:
    """Accept a socket and say whose it is; ``None`` if it was turned away.

    A foreign page's socket is denied before it is accepted (cross-site hijacking). A ticket is
    good for one connect to ``document``. The hub knows the connection from here on; the caller
    lets it begin.
    """
    if not origin_allowed(services.settings, websocket.headers):
        await websocket.close(CLOSE_NOT_ALLOWED, "origin")
        return None
    hub = hub_of(services)
    async with hub.doorway:
        try:
            visitor = await authenticate(services, websocket)
            actor = visitor.actor
            ticket = websocket.query_params.get("ticket")
            if ticket and document is not None:
                actor = await redeem_ticket(services, ticket, document.document) or GUEST
        except NotAllowed:
            (await take_wire(websocket)).close(CLOSE_SIGN_IN, "bad-token")
            return None
        except StorageUnavailable:
            (await take_wire(websocket)).close(CLOSE_TRY_AGAIN_LATER, "try-again")
            return None
    token = bearer_token(websocket.headers)
    connection = Connection(
        await take_wire(websocket),
        person_id=actor.person_id,
        session_key=visitor.session_key,
        token_key=hash_of(token) if token else None,
        protocol=protocol,
    )
    if not hub.sockets.add(connection, actor.person_id):
        connection.close(CLOSE_TRY_AGAIN_LATER, "too-many-sockets")
        return None
    return connection, actor
