"""Sockets whose session or token has ended elsewhere: in another process, or by its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog

from server.realtime.sockets.connection import CLOSE_SIGN_IN, Connection
from storage import access
from storage.database import Database

log = structlog.get_logger()


async def close_ended(database: Database, now: datetime, connections: Iterable[Connection]) -> None:
    """Close the connections that were opened with what is valid no longer.

    A database that is away is no reason: it is asked again the next time. Nor is a key that a
    connection has shown only since it was asked for.
    """
    asked = [(each, each.session_key, each.token_key) for each in connections]
    try:
        async with database.read() as tx:
            sessions = await access.open_sessions(tx, {key for _, key, _ in asked}, now)
            tokens = await access.open_tokens(tx, {key for _, _, key in asked}, now)
    except Exception as error:
        log.warning("sessions cannot be read", exc_info=error)
        return
    for connection, session_key, token_key in asked:
        if session_key not in sessions or token_key not in tokens:
            connection.close(CLOSE_SIGN_IN, "signed-out")
