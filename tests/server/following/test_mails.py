"""When mails leave, to whom, and what they say."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import update
from structlog.testing import CapturingLogger

from collab.process.following.mailing import ATTEMPTS_MAX
from collab.process.following.notices import NoticeReason
from server.actions.following import choosing
from server.clock.jobs import JOBS, MAIL_JOBS
from server.clock.runner import Runner
from server.mail import Mail, smtp
from storage.database import METADATA, Database
from tests.server.following.news import MAILS, News

IDEA = METADATA.tables["idea"]


async def addressed_idea(arena: News, handle: str = "participant") -> str:
    """An idea at which something was just addressed to the person."""
    ref = await arena.all.idea("open")
    await arena.comment("expert", ref)
    await arena.address(handle, ref)
    return ref


async def test_n6_an_instant_mail_waits_and_does_not_come_for_what_was_seen(arena: News) -> None:
    seen, unseen = await addressed_idea(arena), await addressed_idea(arena)
    arena.pass_by(minutes=4, seconds=59)
    assert await arena.mail() == []
    await arena.call("participant", "POST", f"/ideas/{seen}/seen", json={"event": 10**6})
    arena.pass_by(seconds=1)
    (mail,) = await arena.mail()
    assert mail["To"] == "participant@example.org"
    assert f"/ideas/{unseen}#comment-" in mail.get_content()
    assert seen not in mail.get_content()


async def test_n6_one_idea_sends_one_mail_an_hour_and_bundles_what_came(arena: News) -> None:
    ref = await addressed_idea(arena)
    arena.pass_by(minutes=5)
    assert len(await arena.mail()) == 1
    for number in range(22):
        await arena.comment("expert", ref, f"Das Wort Nummer {number}.")
        await arena.address("participant", ref)
    arena.pass_by(minutes=54)
    assert len(await arena.mail()) == 1
    arena.pass_by(minutes=6)
    _, bundle = await arena.mail()
    text = bundle.get_content()
    assert "22 Nachrichten für Sie" in bundle["Subject"]
    assert (text.count("erwähnt"), "und 2 weitere" in text) == (20, True)


async def test_n6_at_night_no_mail_comes_unless_chosen(arena: News) -> None:
    await arena.call("expert", "PUT", "/me/mails", json={"keeps_quiet": False})
    arena.at("2026-11-23T19:00:00+00:00")
    ref = await arena.all.idea("open")
    await arena.comment("author", ref)
    for handle in ("participant", "expert"):
        await arena.address(handle, ref)
    arena.pass_by(minutes=30)
    assert [each["To"] for each in await arena.mail()] == ["expert@example.org"]
    arena.at("2026-11-24T05:59:00+00:00")
    assert len(await arena.mail()) == 1
    arena.at("2026-11-24T06:00:00+00:00")
    assert len(await arena.mail()) == 2


async def test_n7_many_processes_mail_each_event_once(arena: News) -> None:
    await addressed_idea(arena)
    arena.pass_by(minutes=5)
    other = await Database.open(str(arena.services.database.url))
    chosen = [job for job in JOBS if job.name in MAILS]
    two = [
        Runner(each, chosen) for each in (arena.services, replace(arena.services, database=other))
    ]
    await asyncio.gather(*(runner.tick() for runner in two))
    await other.close()
    assert len(await arena.mail()) == 1
    arena.pass_by(days=1)
    assert len(await arena.mail()) == 1


async def test_n8_a_digest_comes_in_the_morning_newest_first_and_never_twice(arena: News) -> None:
    await arena.call("participant", "PUT", "/me/mails", json={"followed": "daily"})
    refs = [await arena.all.idea("open") for _ in range(22)]
    for ref in refs:
        await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
        arena.pass_by(minutes=1)
        await arena.comment("expert", ref)
    arena.at("2026-11-24T05:59:59+00:00")
    assert await arena.mail() == []
    arena.at("2026-11-24T06:00:00+00:00")
    await arena.mail()
    (digest,) = arena.to("participant")
    text = digest.get_content()
    assert re.findall(r"\((\d{4}-\d{5})\): 1 Kommentar", text) == refs[:1:-1]
    assert "/catch-up" in text, "the two oldest are beyond the bound"
    arena.at("2026-11-25T06:00:00+00:00")
    await arena.mail()
    assert len(arena.to("participant")) == 1, "each event is mailed once"


async def test_n8_who_chose_nothing_gets_a_digest_on_mondays(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    await arena.comment("expert", ref)
    arena.at("2026-11-29T12:00:00+00:00")
    await arena.mail()
    assert arena.to("participant") == []
    arena.at("2026-11-30T06:00:00+00:00")
    await arena.mail()
    assert len(arena.to("participant")) == 1
    assert arena.to("signatory") == [], "who follows nothing gets nothing"


async def test_n8_what_is_addressed_can_wait_for_the_digest(arena: News) -> None:
    wanted = {"addressed": "digest", "followed": "never"}
    await arena.call("participant", "PUT", "/me/mails", json=wanted)
    await addressed_idea(arena)
    arena.pass_by(hours=2)
    assert await arena.mail() == []
    arena.at("2026-11-24T06:00:00+00:00")
    await arena.mail()
    (digest,) = arena.to("participant")
    assert "Expert hat Sie in einem Kommentar erwähnt." in digest.get_content()


async def test_n9_what_cannot_leave_is_tried_less_and_less_and_then_given_up(
    arena: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = CapturingLogger()
    monkeypatch.setattr("server.mail.log", heard)
    tried: list[str] = []

    async def refuse(message: EmailMessage) -> None:
        tried.append(str(message["Message-ID"]))
        raise ConnectionRefusedError

    monkeypatch.setattr(arena.services.mail, "_way", refuse)
    await addressed_idea(arena)
    arena.pass_by(minutes=5)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        await arena.mail()
        assert len(tried) == attempt
        arena.pass_by(minutes=5 * 3 ** (attempt - 1) - 1)
        await arena.tick("mail-leaves")
        assert len(tried) == attempt, "not before its time"
        arena.pass_by(minutes=1)
    await arena.tick("mail-leaves")
    assert len(tried) == ATTEMPTS_MAX
    assert len(set(tried)) == 1, "a mail that came twice can be known as one"
    said = [call.args for call in heard.calls]
    assert said == [("mail_not_sent",)] * ATTEMPTS_MAX + [("mail_given_up",)]


async def test_n10_one_click_ends_the_mails_without_signing_in(arena: News) -> None:
    await addressed_idea(arena)
    arena.pass_by(minutes=5)
    (mail,) = await arena.mail()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    async with arena.all.arena.browser() as browser:
        assert "Abbestellen" in (await browser.get(link)).text
        assert (await arena.call("participant", "GET", "/me/mails"))["addressed"] == "instant"
        # As mail programs send it: from nowhere, without a cookie.
        del browser.headers["Origin"]
        done = await browser.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "Abbestellt" in done.text) == (200, True)
        forged = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")
        for wrong in (forged, f"{choosing.PLACE}/x", f"{choosing.PLACE}/{'A' * 65}"):
            assert (await browser.post(wrong)).status_code == 404
    assert (await arena.call("participant", "GET", "/me/mails"))["addressed"] == "never"
    ref = await addressed_idea(arena)
    arena.pass_by(hours=2)
    assert len(await arena.mail()) == 1
    assert await arena.reasons("participant") == ["mentioned", "mentioned"], ref


async def test_n11_a_title_cannot_smuggle_headers_or_markup_into_a_mail(arena: News) -> None:
    ref = await addressed_idea(arena)
    title = "Mehr\r\nBcc: eve@example.org\u2028<script>alert(1)</script>\u202e"
    async with arena.services.database.write() as tx:
        await tx.run(update(IDEA).where(IDEA.c.ref == ref).values(title=title))
    arena.pass_by(minutes=5)
    (mail,) = await arena.mail()
    assert mail["Bcc"] is None
    assert "Mehr Bcc: eve@example.org <script>alert(1)</script>" in mail["Subject"]
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] == f"<idea-{ref}@arena.test>"


async def test_n6_mails_are_in_the_language_of_their_reader(arena: News) -> None:
    await arena.call("participant", "PATCH", "/me", json={"language": "en"})
    await addressed_idea(arena)
    arena.pass_by(minutes=5)
    (mail,) = await arena.mail()
    assert "Expert mentioned you in a comment." in mail.get_content()


class Letterbox:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.kept.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


@asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[Letterbox, int]]:
    box = Letterbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="arena.test", loop=loop), "127.0.0.1", 0
    )
    yield box, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def test_n6_mails_leave_through_a_mail_server(arena: News) -> None:
    await addressed_idea(arena)
    arena.pass_by(minutes=5)
    async with mail_server() as (box, port):
        mail = Mail("arena@example.org", smtp(f"smtp://127.0.0.1:{port}"), arena.services.clock)
        sending = replace(arena.services, mail=mail)
        await arena.tick(*MAILS)
        assert await Runner(sending, MAIL_JOBS).tick() == 1
    (message,) = box.kept
    assert message["To"] == "participant@example.org"
    assert "Expert hat Sie in einem Kommentar erwähnt." in message.get_content()


async def test_n12_nobody_is_mailed_what_he_may_not_read_at_that_time(arena: News) -> None:
    """A matrix: who is told of what happens at a public idea and at one that is a draft."""
    told: dict[str, set[str]] = {}
    for stage in ("open", "draft"):
        ref = await arena.all.idea(stage)
        handles = ("author", "editor", "moderator", "participant", "observer", "signatory")
        if stage == "open":
            await arena.comment("expert", ref)
        for handle in handles:
            await arena.address(handle, ref, NoticeReason.ASSIGNED)
        told[stage] = set(handles)
    await suspend(arena, "signatory")
    arena.pass_by(minutes=5)
    await arena.mail()
    reached = {
        handle: sorted(
            re.findall(r"/ideas/(\S+?)(?:#|\s)", "".join(m.get_content() for m in found))
        )
        for handle in sorted(told["open"])
        if (found := arena.to(handle))
    }
    opened, draft = "2026-00001", "2026-00002"
    assert {handle: set(refs) for handle, refs in reached.items()} == {
        "author": {opened},
        "editor": {opened, draft},
        "moderator": {opened},
        "participant": {opened},
        "observer": {opened},
    }, "who began the draft acted himself; a suspended person gets nothing"
    assert await arena.reasons("participant") == ["assigned"]


async def suspend(arena: News, handle: str) -> None:
    """A moderator's act that ends what the person may do."""
    body = {"reason": "Werbung."}
    await arena.call("office", "PUT", f"/people/{handle}/suspension", json=body)
