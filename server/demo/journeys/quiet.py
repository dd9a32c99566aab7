"""Services for acts that belong to one transaction, while nobody looks on.

Actions ask for a transaction of their own; here each gets the one in which the whole demonstration
is written, so an interrupted filling leaves nothing. Nobody is connected and nobody gets mail.
Text is written as a room would write it: past the guard, into the log, and shown at once.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from argon2 import PasswordHasher

from collab.process.version import TextVersion
from collab.sync.guard import Admission
from collab.sync.rooms.turns import ServerChange
from collab.sync.text import DossierText, render, sha256
from server.auth.limits import Limiter
from server.auth.passwords import Passwords
from server.mail import Mail
from server.meaning.nearest import Meanings
from server.pages.render import arena_pages
from server.realtime.live import Live
from server.realtime.rooms.loading import load
from server.realtime.rooms.projector import project
from server.services import Present, Services
from server.settings import Settings
from storage import documents
from storage.database import Database, Transaction
from storage.documents import LogRow
from storage.events import StoredEvent

# Nobody of the demonstration has a password; there is nothing to protect by a slow hash.
_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class OneTransaction(Database):
    """A database whose transactions are all the same one; who gave it ends it."""

    def __init__(self, database: Database, tx: Transaction) -> None:
        self.url = database.url
        self._tx = tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """The transaction; what was read in it before is forgotten, as in a new one."""
        async with self.write() as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """The transaction; it becomes durable with all the others, or not at all."""
        yield self._tx
        await self._tx.flush()
        self._tx.expunge_all()


class MovedClock:
    """A clock that stands where it was put last."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class NobodyThere:
    """The rooms and the announcer of a process to which nobody is connected."""

    is_draining = False

    def __init__(self, database: Database, clock: MovedClock) -> None:
        self._database = database
        self._clock = clock

    async def flush(self, document_id: UUID) -> None:
        """Nothing is pending."""

    async def text(self, document_id: UUID) -> tuple[DossierText, TextVersion]:
        """The text as it is stored."""
        async with self._database.read() as tx:
            loaded = await load(tx, document_id)
        text = render(loaded.document, loaded.sections)
        return text, TextVersion(loaded.head.epoch, loaded.head.seq, sha256(text))

    def tell_changed(self, document_id: UUID) -> None:
        """Nobody looks."""

    def present(self, document_id: UUID) -> Sequence[Present]:
        """Nobody."""
        return ()

    def presence(self) -> dict[UUID, int]:
        """Nobody, anywhere."""
        return {}

    async def revoke(self, person_id: UUID) -> None:
        """There are no sockets."""

    async def revoke_session(self, session_key: str) -> None:
        """There are no sockets."""

    async def drain(self) -> None:
        """Nothing has arrived."""

    async def access_changed(self, document_id: UUID) -> None:
        """There are no sessions."""

    async def apply_server_update(
        self,
        document_id: UUID,
        update: bytes,
        actor_id: UUID | None,
        epoch: int | None = None,
        access_version: int | None = None,
    ) -> None:
        """Refused: no act of the demonstration brings an update that was made before."""
        raise AssertionError(f"{document_id}: a text was to be changed by the server")

    async def apply_server_change(self, document_id: UUID, change: ServerChange) -> int | None:
        """Make the change of the stored text, and show it as it reads then."""
        async with self._database.write() as tx:
            loaded = await load(tx, document_id)
            update = change.make(loaded.document)
            if update is None:
                return None
            verdict = loaded.document.admit_and_apply([(update, change.actor)], loaded.owners)[0]
            assert isinstance(verdict, Admission), verdict
            head = (await documents.lock_heads(tx, [document_id]))[document_id]
            owned = dict.fromkeys(verdict.new_clients, change.actor)
            await documents.claim(tx, document_id, head.epoch, owned)
            row = LogRow(update, change.actor, verdict.inserted)
            seq = await documents.append(tx, head, [row], self._clock())
            text = render(loaded.document, loaded.sections)
            version = TextVersion(head.epoch, seq, sha256(text))
            assert loaded.listed is not None, "a demonstration writes in ideas"
            await project(tx, loaded.listed.idea_id, text, version, self._clock())
        return seq

    async def announce(self, events: Sequence[StoredEvent]) -> None:
        """Nobody waits for it."""


@asynccontextmanager
async def quiet_services(
    database: Database, tx: Transaction, clock: MovedClock
) -> AsyncIterator[Services]:
    """Services whose acts are part of ``tx`` and happen when ``clock`` says."""
    settings = Settings()
    one = OneTransaction(database, tx)
    nobody = NobodyThere(one, clock)
    mail, passwords = Mail(settings.mail_from, _dropped, clock), Passwords(_HASHER)
    try:
        yield Services(
            settings=settings,
            database=one,
            clock=clock,
            hub=nobody,
            live=Live(),
            announcer=nobody,
            pages=arena_pages(),
            limiter=Limiter(),
            passwords=passwords,
            mail=mail,
            meanings=Meanings(is_on=False),
        )
    finally:
        await mail.close()
        passwords.close()


async def _dropped(_: EmailMessage) -> None:
    """What happened in a demonstration is nothing to write to anybody about."""
