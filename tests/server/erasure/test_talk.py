"""What an erasure does with mentions, reactions, tasks and what settled a thread."""

from __future__ import annotations

import json

from collab.process.actors import Role
from server.actions import people
from server.actions.erasure import people as erasure
from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES
from server.actions.talk import comments, outcomes, reactions, settling
from storage import people as stored
from storage.talk import reactions as stored_reactions
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_comments import seen


async def test_c17_an_erasure_takes_reactions_and_the_handle_that_others_wrote(
    either: Everyone,
) -> None:
    services, ref = either.arena.services, await either.idea("open")
    roles = [Role.PARTICIPANT, Role.MODERATOR]
    await people.add_person(services, None, handle="kea", name="Kea", roles=roles)
    kea, expert = await either.actor("kea"), await either.actor("expert")
    asked = await comments.add_comment(
        services, expert, ref, kind="note", text="@kea, `@kea` und kea@kea.example: @Kea? @expert"
    )
    await reactions.react(services, kea, ref, asked.id, "agree")
    await reactions.react(services, expert, ref, asked.id, "unsure")
    await outcomes.make_task(services, kea, ref, asked.id, text="kanarienaufgabe", owner="kea")
    await settling.resolve_comment(
        services, kea, ref, asked.id, resolved=True, note="kanariennotiz"
    )
    async with services.database.read() as tx:
        person = await stored.by_handle(tx, "kea")
    assert person is not None
    held = json.dumps(await holdings_of(services, person))
    assert all(word in held for word in ("kanarienaufgabe", "kanariennotiz", '"agree"'))

    await erasure.erase_person(services, "kea", CHOICES["erase"])
    (found,) = await seen(either, ref, "guest")
    assert found["mentions"] == ["expert"]
    assert found["text"].count("@former-") == 2
    assert found["text"].endswith("? @expert")
    assert "`@kea`" in found["text"]
    assert found["reactions"]["n"] == 1
    assert "kanarien" not in json.dumps(found)
    guest = await either.client("guest")
    assert "kanarien" not in (await guest.get(f"/ideas/{ref}/tasks")).text
    async with services.database.read() as tx:
        assert len(await stored_reactions.of_idea(tx, asked.idea_id)) == 1
