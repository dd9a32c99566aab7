"""Mails: sent through ``ARENA_SMTP_URL``, or laid down as files in the outbox when it is unset.

A mail that cannot be sent is logged and does not fail the action that asked for it: the answer
to the reader must not tell whether there was anybody to write to. What is to be tried again is
kept by the clock (``server.clock.following.leaving``, ``server.actions.abuse.answers``).
"""

import asyncio
import os
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from aiosmtplib import SMTP, SMTPException

from collab.process.following.mailing import ATTEMPTS_MAX
from server.monitoring.metrics.jobs import mails_total
from server.services import Clock
from server.settings import Misconfigured, Settings

# Lines as long as the standard allows: a folded address would be encoded, and work no more.
MAIL_POLICY = SMTP_POLICY.clone(max_line_length=998, cte_type="7bit")
TIMEOUT_S = 20
TLS_PORT = 465
STARTTLS_PORT = 587

log = structlog.get_logger(__name__)


Way = Callable[[EmailMessage], Awaitable[None]]
"""How a finished message leaves."""

WAITING_MAX = 1_000
"""So many mails are on their way at most; of more it is logged that they did not leave."""


class Mail:
    """Writes plain-text mails and hands them to a way out."""

    def __init__(self, sender: str, way: Way, clock: Clock) -> None:
        self._sender = sender
        self._way = way
        self._clock = clock
        self._sending: set[asyncio.Task[bool]] = set()

    def post(self, to: str, subject: str, text: str) -> None:
        """Send one mail soon; whoever asked need not wait, and cannot tell from the time."""
        if len(self._sending) >= WAITING_MAX:
            log.error("mail_not_sent", reason="too many on their way")
            mails_total.labels("refused").inc()
            return
        task = asyncio.create_task(self.send(to, subject, text), name="mail")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Wait for the mails that are on their way."""
        await asyncio.gather(*self._sending)

    async def send(
        self, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None
    ) -> bool:
        """Send one mail and say whether it left; ``headers`` come besides or instead of ours."""
        message = EmailMessage(policy=MAIL_POLICY)
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = make_msgid(domain="arena.invalid")
        message["Auto-Submitted"] = "auto-generated"
        for name, value in (headers or {}).items():
            del message[name]
            message[name] = value
        message.set_content(text)
        try:
            await self._way(message)
        except (OSError, SMTPException) as error:
            log.error("mail_not_sent", reason=type(error).__name__)
            mails_total.labels("failed").inc()
            return False
        mails_total.labels("sent").inc()
        return True


def message_id(name: str, origin: str) -> str:
    """The ``Message-ID`` that is the same at every attempt, so that two mails are known as one."""
    host = urlsplit(origin).hostname or ""
    return f"<{name}@{host if host and ':' not in host else 'arena.invalid'}>"


def give_up(kind: str) -> None:
    """Say to the operator that somebody was not reached after all attempts; not whom."""
    log.error("mail_given_up", kind=kind, attempts=ATTEMPTS_MAX)
    mails_total.labels("given_up").inc()


def mail_of(settings: Settings, clock: Clock) -> Mail:
    """The mail service that the settings ask for.

    Raises:
        Misconfigured: ``ARENA_SMTP_URL`` is not a mail server's URL.
    """
    way = smtp(settings.smtp_url) if settings.smtp_url else outbox(settings.outbox)
    return Mail(settings.mail_from, way, clock)


def outbox(folder: Path) -> Way:
    """One ``.eml`` file per mail, readable by the operator only."""

    async def write(message: EmailMessage) -> None:
        await asyncio.to_thread(lay_down, message)

    def lay_down(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        path = folder / f"{name}.eml"
        path.touch(mode=0o600)
        path.write_bytes(message.as_bytes())
        log.info("mail_in_outbox", folder=str(folder))

    return write


@dataclass(frozen=True, slots=True)
class LaidDown:
    """A mail in the outbox."""

    path: Path
    subject: str
    date: str


def mails_about(folder: Path, email: str | None, name: str) -> list[LaidDown]:
    """Mails in the outbox that go to this address, or name it or the person; the oldest first."""
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    found = []
    for path in sorted(folder.glob("*.eml"), key=lambda each: each.stat().st_mtime):
        message = message_from_bytes(path.read_bytes(), policy=MAIL_POLICY)
        words = "\n".join([str(message["To"]), str(message["Subject"]), _text_of(message)])
        if named.search(words) or (email and email in words.lower()):
            found.append(LaidDown(path, str(message["Subject"]), str(message["Date"])))
    return found


def remove_mails(mails: Iterable[LaidDown]) -> int:
    """Overwrite and remove these mails; return how many there were."""
    count = 0
    for mail in mails:
        if mail.path.exists():
            with mail.path.open("r+b") as file:
                file.write(b"\0" * mail.path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            mail.path.unlink()
            count += 1
    return count


def _text_of(message: Message) -> str:
    assert isinstance(message, EmailMessage), "the policy makes such messages"
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def smtp(url: str) -> Way:
    """Through ``smtp://user:password@host:port`` with STARTTLS, or ``smtps://`` with TLS.

    ``smtp://`` to this machine is not encrypted, for relays that listen there.
    """
    _host_of(url)

    async def send(message: EmailMessage) -> None:
        async with _signed_in(url) as client:
            await client.send_message(message)

    return send


async def greet(url: str) -> str:
    """See that the mail server takes us in, and say which it is; nothing is sent.

    Raises:
        Misconfigured: it does not; the message says what to look at.
    """
    host = _host_of(url)
    try:
        async with _signed_in(url) as client:
            return f"{host}:{client.port} takes mails"
    except (SMTPException, OSError, TimeoutError) as error:
        raise Misconfigured(
            f"The mail server {host} in ARENA_SMTP_URL does not take us in ({error}). See whether "
            "it runs, and whether host, port, user and password are right."
        ) from error


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise Misconfigured("ARENA_SMTP_URL: must look like smtps://user:password@host:465")
    return parts.hostname


@asynccontextmanager
async def _signed_in(url: str) -> AsyncIterator[SMTP]:
    parts, host = urlsplit(url), _host_of(url)
    is_tls = parts.scheme == "smtps"
    is_local = host in {"localhost", "127.0.0.1", "::1"}
    client = SMTP(
        hostname=host,
        port=parts.port or (TLS_PORT if is_tls else STARTTLS_PORT),
        use_tls=is_tls,
        start_tls=not is_tls and not is_local,
        tls_context=ssl.create_default_context(),
        timeout=TIMEOUT_S,
    )
    async with client:
        if parts.username:
            await client.login(unquote(parts.username), unquote(parts.password or ""))
        yield client
