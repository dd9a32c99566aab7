"""Mails leave through a server or land in the outbox; either way nobody waits for them."""

import asyncio
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from server.mail import Mail, mail_of, smtp
from server.settings import Misconfigured, load_settings

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def outbox(folder: Path) -> list[EmailMessage]:
    files = sorted((folder / "outbox").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def modes(folder: Path) -> set[str]:
    """The permissions of everything in the outbox."""
    return {oct(file.stat().st_mode & 0o777) for file in (folder / "outbox").glob("*.eml")}


async def test_mails_without_a_server_land_in_the_outbox(tmp_path: Path) -> None:
    mail = mail_of(load_settings(var=tmp_path), lambda: NOW)
    assert await mail.send(
        "ana@example.org", "Grüße", "Schöner Link:\nhttps://x.example/" + "y" * 90
    )
    message = outbox(tmp_path)[0]
    assert (message["To"], message["Subject"]) == ("ana@example.org", "Grüße")
    assert message["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert "https://x.example/" + "y" * 90 in message.get_content()
    assert modes(tmp_path) == {"0o600"}


async def test_a_server_that_is_away_is_no_fault_of_the_action() -> None:
    async def refused() -> bool:
        mail = mail_of(load_settings(smtp_url="smtp://127.0.0.1:1"), lambda: NOW)
        return await mail.send("ana@example.org", "Hallo", "Text")

    assert not await asyncio.wait_for(refused(), 20)


async def test_mails_on_their_way_are_waited_for_at_the_end() -> None:
    sent: list[EmailMessage] = []

    async def keep(message: EmailMessage) -> None:
        sent.append(message)

    mail = Mail("arena@example.org", keep, lambda: NOW)
    mail.post("ana@example.org", "Eins", "1")
    mail.post("ben@example.org", "Zwei", "2")
    await mail.close()
    assert {message["To"] for message in sent} == {"ana@example.org", "ben@example.org"}


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtps://", ""])
def test_a_wrong_mail_server_is_named(url: str) -> None:
    with pytest.raises(Misconfigured, match="ARENA_SMTP_URL"):
        smtp(url)


@pytest.mark.parametrize("subject", ["Hallo\nBcc: eve@example.org", "Hallo\r\nX: y"])
async def test_headers_cannot_be_smuggled_in(tmp_path: Path, subject: str) -> None:
    mail = mail_of(load_settings(var=tmp_path), lambda: NOW)
    with pytest.raises(ValueError, match="linefeed"):
        await mail.send("ana@example.org", subject, "Text")


async def test_n10_a_long_address_in_a_header_stays_what_it_is(tmp_path: Path) -> None:
    mail = mail_of(load_settings(var=tmp_path), lambda: NOW)
    link = "<https://arena.example/unsubscribe/" + "y" * 300 + ">"
    await mail.send("ana@example.org", "Grüße", "Ü", {"List-Unsubscribe": link})
    assert f"List-Unsubscribe: {link}\r\n".encode() in written(tmp_path)
    assert written(tmp_path).isascii(), "whichever server takes it"


def written(folder: Path) -> bytes:
    """The only mail in the outbox, as it is."""
    (file,) = (folder / "outbox").glob("*.eml")
    return file.read_bytes()
