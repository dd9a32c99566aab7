"""Sends what was rendered for many: compressed already, and not at all to who has it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.auth.visitor import Visitor
from server.pages.many.sheet import Body

NOT_MODIFIED: Final = 304


def answer(request: Request, visitor: Visitor, body: Body) -> Response:
    """The body as this request can take it.

    Only guests are told its name: what a signed-in person was sent is kept nowhere.
    """
    headers: dict[str, str] = {"Content-Language": visitor.language}
    if not visitor.is_signed_in:
        headers["ETag"] = body.tag
        if body.tag in _named(request.headers.get("if-none-match", "")):
            return Response(status_code=NOT_MODIFIED, headers=headers)
    if not body.is_large:
        return HTMLResponse(body.plain, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(body.plain, headers=headers)
    return HTMLResponse(body.gzipped, headers={**headers, "Content-Encoding": "gzip"})


def _named(header: str) -> frozenset[str]:
    return frozenset(each.strip() for each in header.split(","))
