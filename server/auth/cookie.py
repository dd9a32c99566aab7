"""The session cookie: its name, its flags, and what is in it."""

from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.auth.secrets import SECRET_LENGTH_MAX
from server.settings import Settings

SESSION_IDLE = timedelta(days=14)
SESSION_AT_MOST = timedelta(days=60)


def cookie_name(settings: Settings) -> str:
    """``arena_session``, bound to the host by its prefix where there is TLS."""
    return "__Host-arena_session" if settings.is_secure else "arena_session"


def session_secret(settings: Settings, connection: HTTPConnection) -> str | None:
    """The secret in the connection's cookie; None if there is none or it cannot be ours."""
    secret = connection.cookies.get(cookie_name(settings))
    return secret if secret and len(secret) <= SECRET_LENGTH_MAX else None


def set_session_cookie(settings: Settings, response: Response, secret: str) -> None:
    """Give the browser the secret of a new session; it replaces any older one."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(SESSION_AT_MOST.total_seconds()),
        path="/",
        secure=settings.is_secure,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(settings: Settings, response: Response) -> None:
    """Take the secret away from the browser."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.is_secure, httponly=True, samesite="lax"
    )
