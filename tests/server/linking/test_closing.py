"""Ending a case on which others rely: who acts is warned, and they are told (AC-G13)."""

import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP
from pathlib import Path
from uuid import UUID

import pytest

from server.actions.linking import neighbours
from storage import people
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.linking.linked import link, log, move


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    """A fresh one: who has a mailbox, and what lies in the outbox, is asked here."""
    async with everyone(tmp_path) as arena:
        yield arena


async def give_address(arena: Everyone, handle: str, language: str = "de") -> UUID:
    """Let the person have a mailbox."""
    person_id = (await arena.actor(handle)).person_id
    assert person_id is not None
    async with arena.arena.services.database.write() as tx:
        await people.set_email(tx, person_id, f"{handle}@example.org")
        await people.set_language(tx, person_id, language)
    return person_id


async def mails(arena: Everyone) -> dict[str, Message]:
    """The mails about an end in the outbox, by who gets them."""
    await arena.arena.services.mail.close()
    found = [
        message_from_bytes(path.read_bytes(), policy=SMTP)
        for path in arena.arena.services.settings.outbox.glob("*.eml")
    ]
    about_ends = [mail for mail in found if re.search("beendet|ended", str(mail["Subject"]))]
    assert len({str(mail["To"]) for mail in about_ends}) == len(about_ends)
    return {str(mail["To"]): mail for mail in about_ends}


async def test_ac_g13_closing_a_case_warns_and_tells_those_who_depend_on_it(
    arena: Everyone,
) -> None:
    case, builds, adds = [await arena.idea("open") for _ in range(3)]
    await link(arena, builds, case, "builds_on")
    await link(arena, adds, case, "complements")
    await give_address(arena, "author")
    await give_address(arena, "lead", "en")
    page = (await (await arena.client("moderator")).get(f"/ideas/{case}")).text
    warning = page[page.index('class="closing"') :].split("</div>")[0]
    assert builds in warning
    assert adds not in warning
    assert (await move(arena, case, "declined")).status_code == 200
    told = ("dependency_closed", {"ref": case, "stage": "declined"})
    assert (await log(arena, builds))[-1] == told
    assert told not in await log(arena, adds)
    found = await mails(arena)
    assert found.keys() == {"author@example.org", "lead@example.org"}
    assert f"/ideas/{builds}#links" in found["author@example.org"].as_string()
    assert "Abgelehnt" in found["author@example.org"].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Declined" in found["lead@example.org"].get_payload(decode=True).decode()  # type: ignore[union-attr]


async def test_f29_nobody_is_told_of_a_step_that_ends_nothing_or_of_his_own(
    arena: Everyone,
) -> None:
    case, builds = await arena.idea("open"), await arena.idea("open")
    await link(arena, builds, case, "builds_on")
    await give_address(arena, "author")
    await move(arena, case, "returned")
    assert [kind for kind, _ in await log(arena, builds)][-1] == "ideas_linked"
    await move(arena, case, "withdrawn", "author")
    assert [kind for kind, _ in await log(arena, builds)][-1] == "dependency_closed"
    assert await mails(arena) == {}


async def test_f29_who_left_is_not_written_to(arena: Everyone) -> None:
    case, builds = await arena.idea("open"), await arena.idea("open")
    await link(arena, builds, case, "builds_on")
    person_id = await give_address(arena, "author")
    async with arena.arena.services.database.write() as tx:
        await people.suspend(tx, person_id, "Drohung.", arena.arena.services.clock())
    await move(arena, case, "declined")
    assert await mails(arena) == {}


async def test_f29_one_end_sends_a_bounded_number_of_mails(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "MAILS_MAX", 1)
    case, builds = await arena.idea("open"), await arena.idea("open")
    await link(arena, builds, case, "builds_on")
    for handle in ("author", "lead", "editor"):
        await give_address(arena, handle)
    await move(arena, case, "declined")
    assert len(await mails(arena)) == 1
