"""What a request may use: the services of one process, built once by ``server.app``.

The realtime parts are known here by what the HTTP side asks of them; ``server.realtime`` provides
them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from starlette.requests import HTTPConnection

from server.settings import Settings

if TYPE_CHECKING:
    from collab.process.version import TextVersion
    from collab.sync.rooms.turns import ServerChange
    from collab.sync.text import DossierText
    from server.auth.limits import Limiter
    from server.auth.passwords import Passwords
    from server.mail import Mail
    from server.meaning.nearest import Meanings
    from server.pages.render import Pages
    from server.realtime.live import Live
    from server.realtime.relay.relay import Relay
    from storage.database import Database
    from storage.events import StoredEvent

Clock = Callable[[], datetime]
"""Now, as an aware datetime in UTC."""


class Present(Protocol):
    """A person who has a document open."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def handle(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def colour(self) -> str: ...


class Hub(Protocol):
    """The rooms of this process, as actions and pages use them."""

    is_draining: bool
    """The process is about to end and takes nobody in."""

    async def flush(self, document_id: UUID) -> None:
        """Commit what is pending in the document and write its projection."""

    async def text(self, document_id: UUID) -> "tuple[DossierText, TextVersion]":
        """The durable text and its version."""

    def present(self, document_id: UUID) -> Sequence[Present]:
        """Who has the document open, at whatever process."""

    def presence(self) -> dict[UUID, int]:
        """How many people have each open document open."""

    async def revoke(self, person_id: UUID) -> None:
        """Close the person's sockets."""

    async def revoke_session(self, session_key: str) -> None:
        """Close the sockets of one sign-in."""

    async def drain(self) -> None:
        """Commit and acknowledge what has arrived, then close the sockets."""

    async def access_changed(self, document_id: UUID) -> None:
        """Judge again what the document's sessions may do."""

    def tell_changed(self, document_id: UUID) -> None:
        """Something beside the text of the document has changed that walls count."""

    async def apply_server_update(
        self,
        document_id: UUID,
        update: bytes,
        actor_id: UUID | None,
        epoch: int | None = None,
        access_version: int | None = None,
    ) -> None:
        """Commit and broadcast an update made by the server for the document of ``epoch``.

        ``access_version`` is that of the rights it was made under; under others it is refused.
        """

    async def apply_server_change(self, document_id: UUID, change: "ServerChange") -> int | None:
        """Change the text as it is; the seq that has it, or ``None`` if it has no place there."""


class Announcer(Protocol):
    """Tells everyone who looks what has been committed."""

    async def announce(self, events: "Sequence[StoredEvent]") -> None:
        """Tell of committed events; never before their transaction has ended."""


@dataclass(frozen=True)
class Realtime:
    """The live half of a process."""

    hub: Hub
    live: "Live"
    announcer: Announcer
    relay: "Relay | None" = None
    """None: this process is the only one."""


@dataclass(frozen=True)
class Services:
    """Everything an action or a page works with."""

    settings: Settings
    database: "Database"
    clock: Clock
    hub: Hub
    live: "Live"
    announcer: Announcer
    pages: "Pages"
    limiter: "Limiter"
    passwords: "Passwords"
    mail: "Mail"
    meanings: "Meanings"
    relay: "Relay | None" = None


def services_of(connection: HTTPConnection) -> Services:
    """The services of the process that serves this request or socket."""
    services = connection.app.state.services
    assert isinstance(services, Services)
    return services
