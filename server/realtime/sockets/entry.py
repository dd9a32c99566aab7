"""At the door of the sockets: who comes, and from which page."""

from __future__ import annotations

from starlette.websockets import WebSocket

from collab.errors import NotAllowed
from collab.process.actors import GUEST, Actor
from collab.sync.address import DocumentAddress
from server.auth.secrets import hash_of
from server.auth.visitor import authenticate, bearer_token, origin_allowed, redeem_ticket
from server.realtime.sockets.connection import CLOSE_SIGN_IN, Connection
from server.services import Services


async def enter(
    services: Services, websocket: WebSocket, document: DocumentAddress | None = None
) -> tuple[Connection, Actor] | None:
    """Accept a socket and say whose it is; ``None`` if it was turned away.

    A foreign page's socket is denied before it is accepted (cross-site hijacking). A ticket is
    good for one connect to ``document``.
    """
    if not origin_allowed(services.settings, websocket.headers):
        await websocket.close(1008, "origin")
        return None
    try:
        visitor = await authenticate(services, websocket)
    except NotAllowed:
        await websocket.accept()
        await websocket.close(CLOSE_SIGN_IN, "bad-token")
        return None
    actor = visitor.actor
    ticket = websocket.query_params.get("ticket")
    if ticket and document is not None:
        actor = await redeem_ticket(services, ticket, document.document) or GUEST
    await websocket.accept()
    token = bearer_token(websocket.headers)
    connection = Connection(
        websocket,
        person_id=actor.person_id,
        session_key=visitor.session_key,
        token_key=hash_of(token) if token else None,
    )
    return connection, actor
