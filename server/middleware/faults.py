"""What has gone wrong inside is answered here, within the headers that every answer gets.

Starlette answers faults outside of all middleware, so its answer would have none of them.
"""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import on_fault, on_outage
from storage.database import StorageUnavailable


class Faults:
    """Answers for whatever raises, in an endpoint or on the way to it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noting_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except ClientDisconnect:
            if has_begun:
                raise
            # He hung up within his own request. Nobody hears this, but it is counted as his doing.
            await Response(status_code=400)(scope, receive, send)
        except Exception as error:
            if has_begun:
                raise
            answer = on_outage if isinstance(error, StorageUnavailable) else on_fault
            response = await answer(Request(scope), error)
            await response(scope, receive, send)
