"""Who a connection comes from: by bearer token, session cookie, one-use ticket, or nobody.

Nothing here decides what a visitor may do; that is ``collab.process.permissions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from starlette.requests import HTTPConnection

from collab.errors import NotAllowed
from collab.process.actors import GUEST, Actor
from server.auth import holders
from server.auth.cookie import session_secret
from server.language import Language, choose_language
from server.services import Services
from server.settings import Settings

Via = Literal["cookie", "bearer", "ticket", "none"]
BEARER = "bearer "


@dataclass(frozen=True)
class Visitor:
    """An actor as he came: how he showed who he is, and the language he reads."""

    actor: Actor
    via: Via
    session_key: str | None
    """The hash of the session's secret; only with ``via == "cookie"``."""
    language: Language
    unread: int = 0
    """What is addressed to him and not read yet; only with ``via == "cookie"``."""

    @property
    def is_signed_in(self) -> bool:
        """The visitor is a known person."""
        return self.actor.person_id is not None


def visitor_of(connection: HTTPConnection) -> Visitor:
    """The visitor of this request; a guest where nobody has looked yet, as in early errors."""
    visitor = connection.scope.get("state", {}).get("visitor")
    return visitor if isinstance(visitor, Visitor) else guest(connection)


def guest(connection: HTTPConnection) -> Visitor:
    """Nobody in particular, with the language his browser asks for."""
    return Visitor(GUEST, "none", None, choose_language(connection))


async def authenticate(services: Services, connection: HTTPConnection) -> Visitor:
    """The visitor behind a request or a socket's upgrade; a guest if he shows nothing valid.

    Raises:
        NotAllowed: a bearer token was shown, but it is unknown, expired or revoked.
    """
    if token := bearer_token(connection.headers):
        found = await holders.by_token(services, token)
        if found is None:
            raise NotAllowed("bad-token")
        return Visitor(found.actor, "bearer", None, choose_language(connection, found.language))
    if secret := session_secret(services.settings, connection):
        known = await holders.by_session(services, secret)
        if known is not None:
            language = choose_language(connection, known.language)
            return Visitor(known.actor, "cookie", known.session_key, language, known.unread)
    return guest(connection)


async def authenticate_token(services: Services, token: str) -> Actor | None:
    """The person of a bearer token, for instance the one in a hocuspocus auth message."""
    found = await holders.by_token(services, token)
    return found.actor if found else None


async def redeem_ticket(services: Services, ticket: str, document: UUID) -> Actor | None:
    """The person to whom ``ticket`` was given for ``document``; the ticket is used up."""
    found = await holders.by_ticket(services, ticket, document)
    return found.actor if found else None


def bearer_token(headers: Mapping[str, str]) -> str | None:
    """The token of an Authorization header; None for another scheme."""
    value = headers.get("authorization", "")
    return value[len(BEARER) :].strip() if value.lower().startswith(BEARER) else None


def origin_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a request that may carry a cookie comes from a page of ours.

    Browsers send Origin with every socket upgrade and every unsafe request; where it is missing
    there is no browser, and only a cookie would make the request dangerous.
    """
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers
    if origin in {settings.address, *settings.origins}:
        return True
    own = headers.get("host", "").lower()
    schemes = ("https://",) if settings.is_secure else ("https://", "http://")
    return bool(own) and origin.lower() in {scheme + own for scheme in schemes}
