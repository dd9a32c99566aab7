"""What an erasure does with the words of a merge, and what its person is handed out."""

import json

from collab.process.actors import Role
from server.actions import people
from server.actions.erasure import people as erasure
from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES
from storage import people as stored
from tests.server.idea.arena_of_all import Everyone
from tests.server.merging.acts import answer, merges, pair, propose


async def test_x1_x2_why_and_what_was_answered_goes_with_the_person(arena: Everyone) -> None:
    services = arena.arena.services
    roles = [Role.PARTICIPANT, Role.MODERATOR]
    await people.add_person(services, None, handle="kea", name="Kea", roles=roles)
    source, target = await pair(arena)
    made = await propose(arena, source, target, "kea", "Kanarienvögel in beiden.")
    merge_id = made.json()["id"]
    refused = await answer(arena, source, merge_id, "author", "no", "Das will nur Kea.")
    assert refused.status_code == 200, refused.text
    async with services.database.read() as tx:
        person = await stored.by_handle(tx, "kea")
    assert person is not None
    held = await holdings_of(services, person)
    assert "Kanarienvögel" in json.dumps(held, ensure_ascii=False)
    assert "source_id" not in held["merges"][0]

    await erasure.erase_person(services, "kea", CHOICES["erase"])
    (found,) = await merges(arena, source)
    said = json.dumps(found, ensure_ascii=False)
    assert "Kanarien" not in said
    assert "Kea" not in said
    assert found["ended_reason"].startswith("Das will nur ")
    assert (found["state"], len(found["asked"])) == ("declined", 2)
