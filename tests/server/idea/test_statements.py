"""Reasons for those concerned, by page, API and mail; and acts that are taken back."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP
from typing import Any
from uuid import uuid4

import httpx2

from server.actions.seam.statements import TOLD_WITHIN, tell_concerned
from storage import ideas, people, stages
from tests.server.board.test_acts import body, prepare, publish
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import write

REASON = "Das gibt es im Nachbarbezirk schon."


async def addresses(arena: Everyone, *handles: str, language: str = "de") -> None:
    """Give these persons an address and a language."""
    async with arena.arena.services.database.write() as tx:
        for handle in handles:
            person = await people.by_handle(tx, handle)
            assert person is not None
            person.email, person.language = f"{handle}@example.org", language
            tx.add(person)


async def mails(arena: Everyone) -> list[Message]:
    """What lies in the outbox."""
    services = arena.arena.services
    await services.mail.close()
    files = sorted(services.settings.outbox.glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]


async def declined(arena: Everyone, by: str = "moderator", **given: Any) -> str:
    """An idea that was declined; its reference."""
    ref = await arena.idea("open")
    changes = {"reason": REASON, "reason_code": "exists", **given}
    answer = await move(arena, ref, "declined", by, **changes)
    assert answer.status_code == 200, answer.text
    return ref


async def undo(
    arena: Everyone, ref: str, revision: int, by: str = "moderator", reason: str = "Versehen."
) -> httpx2.Response:
    client = await arena.client(by)
    path = f"/api/v1/ideas/{ref}/acts/{revision}/undo"
    return await client.post(path, json={"reason": reason})


async def page(arena: Everyone, path: str, by: str = "guest") -> httpx2.Response:
    return await (await arena.client(by)).get(path)


async def test_l12_a_declined_idea_has_a_page_with_everything_about_the_decision(
    arena: Everyone,
) -> None:
    ref = await declined(arena)
    shown = (await page(arena, f"/ideas/{ref}/acts/3")).text
    for words in ("Ablehnen", "Moderator", "Moderator:in", "Gibt es schon", REASON):
        assert words in shown
    for words in ("Bringen Sie sich bei dem ein", "Widersprechen", "Beispiel:", "Textstand 1."):
        assert words in shown
    assert f'/ideas/{ref}/acts/3"' in (await page(arena, f"/ideas/{ref}")).text
    english = (await page(arena, f"/ideas/{ref}/acts/3?lang=en")).text
    assert "Exists already" in english
    found = (await page(arena, f"/api/v1/ideas/{ref}/acts/3")).json()
    assert (found["reason_code"], found["office"], found["undone_by"]) == (
        "exists",
        "moderator",
        None,
    )
    assert len(found["advice"]) == 2


async def test_l12_an_act_that_owes_no_reasons_has_no_such_page(arena: Everyone) -> None:
    ref = await arena.idea()
    assert (await move(arena, ref, "open", "author")).status_code == 200
    for path in (f"/ideas/{ref}/acts/2", f"/ideas/{ref}/acts/99", f"/ideas/{ref}/acts/x"):
        assert (await page(arena, path)).status_code == 404
    assert (await page(arena, f"/api/v1/ideas/{ref}/acts/2")).status_code == 404


async def test_l13_the_team_is_told_once_each_in_his_language_and_not_who_acted(
    arena: Everyone,
) -> None:
    await addresses(arena, "author", "moderator", "expert")
    await addresses(arena, "editor", language="en")
    ref = await declined(arena)
    services = arena.arena.services
    assert await tell_concerned(services) == 0
    assert await asyncio.gather(*(tell_concerned(services) for _ in range(3))) == [0, 0, 0]
    found = {str(mail["To"]): mail for mail in await mails(arena)}
    assert found.keys() == {"author@example.org", "editor@example.org"}
    german, english = (
        found[f"{who}@example.org"].get_payload(decode=True).decode()  # type: ignore[union-attr]
        for who in ("author", "editor")
    )
    assert REASON in german
    assert f"http://arena.test/ideas/{ref}/acts/3" in german
    assert "Guten Tag" in german
    assert "Guten Tag" not in english
    assert len(await mails(arena)) == 2


async def test_l13_what_a_process_left_untold_is_told_by_the_next_and_old_acts_are_not(
    arena: Everyone,
) -> None:
    await addresses(arena, "author")
    ref = await arena.idea("open")
    services = arena.arena.services
    version = await arena.version(ref)
    async with services.database.write() as tx:
        idea, mo = await ideas.by_ref(tx, ref), await people.by_handle(tx, "moderator")
        assert idea is not None
        assert mo is not None
        for days, revision in ((0, 3), (8, 4)):
            await stages.append(
                tx,
                change_id=uuid4(),
                idea_id=idea.id,
                transition="decline",
                from_stage="open",
                to_stage="declined",
                reason=REASON,
                actor_id=mo.id,
                actor_name=mo.name,
                revision=revision,
                version=version,
                now=services.clock() - days * (TOLD_WITHIN / 7),
            )
    told = await asyncio.gather(tell_concerned(services), tell_concerned(services))
    assert sum(told) == 1
    assert len(await mails(arena)) == 1


async def test_l14_an_undone_act_leaves_both_rows_and_everybody_concerned_is_told(
    arena: Everyone,
) -> None:
    await addresses(arena, "author")
    ref = await declined(arena)
    answer = await undo(arena, ref, 3)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["transition"], found["to_stage"], found["undoes"]) == ("undo", "open", 3)
    client = await arena.client("guest")
    assert (await client.get(f"/api/v1/ideas/{ref}")).json()["stage"] == "open"
    history = (await client.get(f"/api/v1/ideas/{ref}/stages")).json()["changes"]
    assert [each["transition"] for each in history] == ["decline", "undo"]
    assert (await page(arena, f"/api/v1/ideas/{ref}/acts/3")).json()["undone_by"] == 4
    assert "rückgängig gemacht" in (await page(arena, f"/ideas/{ref}/acts/3")).text
    assert "Versehen." in (await page(arena, f"/ideas/{ref}/acts/4")).text
    subjects = [str(mail["Subject"]) for mail in await mails(arena)]
    assert sorted("zurückgenommen" in each for each in subjects) == [False, True]


async def test_l14_undoing_asks_for_a_reason_and_names_the_field(arena: Everyone) -> None:
    ref = await declined(arena)
    answer = await undo(arena, ref, 3, reason="  ")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"reason": "empty"})
    answer = await undo(arena, ref, 3, reason="x" * 2001)
    assert answer.json()["fields"] == {"reason": "too-long"}


async def test_l14_whom_it_is_not_to_undo_or_too_late(arena: Everyone) -> None:
    ref = await declined(arena)
    assert (await undo(arena, ref, 3, "author")).status_code == 403
    assert (await undo(arena, ref, 3, "participant")).status_code == 403
    assert (await undo(arena, ref, 3, "guest")).status_code == 401
    assert (await undo(arena, ref, 9)).status_code == 404
    arena.arena.clock.pass_by(hours=48, seconds=1)
    answer = await undo(arena, ref, 3, "moderator-2")
    assert (answer.status_code, answer.json()["code"]) == (409, "undo-over")


async def test_l14_not_after_something_else_has_happened(arena: Everyone) -> None:
    ref = await declined(arena)
    assert (await move(arena, ref, "open")).status_code == 200
    answer = await undo(arena, ref, 3)
    assert (answer.status_code, answer.json()["code"]) == (409, "act-followed")


async def test_l15_of_two_who_undo_at_once_one_wins(arena: Everyone) -> None:
    ref = await declined(arena)
    answers = await asyncio.gather(
        *(undo(arena, ref, 3, by) for by in ("moderator", "moderator-2") * 3)
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 409, 409, 409, 409, 409]


async def test_l15_it_does_not_return_to_a_settled_text_that_was_changed_since(
    arena: Everyone,
) -> None:
    ref = await arena.idea("proposal")
    assert (await move(arena, ref, "elaboration", "lead")).status_code == 200
    await write(arena, ref, "lead", "situation", "Inzwischen anders.")
    answer = await undo(arena, ref, 3, "lead")
    assert (answer.status_code, answer.json()["code"]) == (409, "text-moved")


async def test_l14_the_history_offers_it_with_the_time_left_and_the_form_does_it(
    arena: Everyone,
) -> None:
    ref = await declined(arena)
    arena.arena.clock.pass_by(hours=18)
    offered = (await page(arena, f"/ideas/{ref}", "moderator")).text
    assert f"/ideas/{ref}/acts/3/undo" in offered
    assert "noch 30 Stunden möglich" in offered
    assert "/undo" not in (await page(arena, f"/ideas/{ref}", "author")).text
    client = await arena.client("moderator")
    assert "Warum?" in (await client.get(f"/ideas/{ref}/acts/3/undo")).text
    empty = await client.post(f"/ideas/{ref}/acts/3/undo", data={"undo_reason": " "})
    assert empty.status_code == 422
    assert 'href="#f-undo_reason"' in empty.text
    answer = await client.post(
        f"/ideas/{ref}/acts/3/undo", data={"undo_reason": "Versehen."}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ideas/{ref}#stage")
    late = await client.post(f"/ideas/{ref}/acts/3/undo", data={"undo_reason": "Noch einmal."})
    assert late.status_code == 409
    assert "Noch einmal." in late.text


async def test_l13_acts_published_together_tell_those_concerned_too(arena: Everyone) -> None:
    await addresses(arena, "author")
    act = await body(arena, await arena.idea("open"), "declined")
    prepared = (await prepare(arena, act)).json()["acts"]
    await publish(arena, prepared)
    assert [str(mail["To"]) for mail in await mails(arena)] == ["author@example.org"]
