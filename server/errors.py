"""What a refused or failed request gets: problem+json for programs, a page for people.

The kinds of refusal are in ``collab.errors``, their wording in ``server.messages``.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from collab.errors import (
    Conflict,
    Invalid,
    Limited,
    NotAllowed,
    NotFound,
    Refusal,
    Unmet,
)
from server.auth.visitor import visitor_of
from server.messages import field_message, message
from server.services import services_of

PROBLEM = "application/problem+json"
SIGN_IN_REQUIRED: Final = "sign-in-required"
UNAUTHENTICATED = frozenset({SIGN_IN_REQUIRED, "bad-token"})
STATUS: Mapping[type[Refusal], int] = {
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Unmet: 422,
    Invalid: 422,
    Limited: 429,
}
HTTP_CODES: Mapping[int, str] = {
    400: "bad-request",
    404: NotFound.code,
    405: "method-not-allowed",
    413: "too-big",
    415: "media-type",
}
# Pydantic's error types, worded as our field codes; anything else is "malformed".
FIELD_CODES: Mapping[str, str] = {
    "missing": "missing",
    "string_too_short": "too-short",
    "string_too_long": "too-long",
    "too_long": "too-long",
    "too_short": "too-short",
    "extra_forbidden": "unknown",
    "literal_error": "unknown-choice",
    "enum": "unknown-choice",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-big",
}

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """A refusal as programs read it (RFC 9457); ``code`` is stable, the texts are not."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:arena:problem:not-found"])
    title: str
    status: int
    code: str
    detail: str


def status_of(refusal: Refusal) -> int:
    """The HTTP status of ``refusal``."""
    if refusal.code in UNAUTHENTICATED:
        return 401
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 400)


def refused(connection: HTTPConnection, refusal: Refusal) -> Response:
    """The answer to a request that was refused."""
    status = status_of(refusal)
    if refusal.code == SIGN_IN_REQUIRED and _may_go_to_sign_in(connection):
        back = quote(connection.url.path, safe="/")
        return RedirectResponse(f"/sign-in?next={back}", 303)
    response = _answer(connection, status, refusal.code, refusal.data)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, Limited) and "retry_after_s" in refusal.data:
        response.headers["Retry-After"] = str(refusal.data["retry_after_s"])
    return response


async def on_refusal(request: Request, error: Exception) -> Response:
    """Starlette's handler for every refusal that an endpoint raises."""
    assert isinstance(error, Refusal)
    return refused(request, error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's handler for what the framework itself refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    code = HTTP_CODES.get(error.status_code, "refused")
    response = _answer(request, error.status_code, code, {})
    response.headers.update(error.headers or {})
    return response


async def on_fault(request: Request, error: Exception) -> Response:
    """Starlette's handler for our own faults; the traceback goes to the log, not to the reader."""
    route = getattr(request.scope.get("route"), "path", "none")
    log.error("request_failed", route=route, exc_info=error)
    return _answer(request, 500, "fault", {})


async def on_outage(request: Request, error: Exception) -> Response:
    """Starlette's handler for a database that is away; the reason goes to the log.

    One line: everybody comes back and asks again, and the log may lie on the disk that is full.
    """
    log.error("storage_unavailable", reason=str(error) or type(error).__name__)
    response = _answer(request, 503, "unavailable", {})
    response.headers["Retry-After"] = "5"
    return response


def invalid_from(error: ValidationError, prefix: str = "") -> Invalid:
    """A model's complaints as one refusal that names every faulty field."""
    fields = {
        prefix + ".".join(map(str, each["loc"])): FIELD_CODES.get(each["type"], "malformed")
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    }
    return Invalid(fields=fields)


def wants_json(connection: HTTPConnection) -> bool:
    """A program asks: by the path, or by accepting JSON and not HTML."""
    accept = connection.headers.get("accept", "")
    return connection.url.path.startswith("/api/") or (
        "json" in accept and "text/html" not in accept
    )


def _may_go_to_sign_in(connection: HTTPConnection) -> bool:
    return connection.scope.get("method") in {"GET", "HEAD"} and not wants_json(connection)


def _answer(
    connection: HTTPConnection, status: int, code: str, data: Mapping[str, Any]
) -> Response:
    language = visitor_of(connection).language
    catalogue = services_of(connection).pages.catalogues[language]
    text = message(code, data, catalogue)
    if not wants_json(connection):
        fields = {
            name: field_message(each, catalogue) for name, each in data.get("fields", {}).items()
        }
        context = {"status": status, "code": code, "message": text, "fields": fields, **data}
        context["fields"] = fields
        # No page of a form answers: nobody shall have written in vain.
        connection.state.lost = getattr(connection.state, "words", ())
        return services_of(connection).pages.render(connection, "error.html", context, status)
    problem = Problem(
        type=f"urn:arena:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=text,
        **{name: value for name, value in data.items() if name not in Problem.model_fields},
    )
    return JSONResponse(
        problem.model_dump(mode="json"), status, {"Content-Language": language}, PROBLEM
    )
