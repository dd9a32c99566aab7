"""What an erasure does with the record of a case: official it stays, words go where chosen."""

import pytest

from collab.process.actors import Role
from collab.sync.removal.erase import MARK
from server.actions import people
from server.actions.erasure import people as erasure
from server.actions.erasure.people import CHOICES
from storage import ideas
from storage.people import by_handle
from tests.server.casefile.records import TRIAL_PLAN, call, put
from tests.server.casefile.test_indicators import measure, set_new
from tests.server.idea.arena_of_all import Everyone

NAME = "Wilhelmine Kanarienvogel"


@pytest.fixture
async def ref(arena: Everyone) -> str:
    """A running measure at which a person of the team has left words everywhere."""
    handle, ref = "canary", await arena.idea("implementation")
    services = arena.arena.services
    await people.add_person(services, None, handle=handle, name=NAME, roles=[Role.PARTICIPANT])
    async with services.database.write() as tx:
        person, idea = await by_handle(tx, handle), await ideas.by_ref(tx, ref)
        assert person is not None
        assert idea is not None
        await ideas.add_role(tx, idea.id, person.id, Role.EDITOR)
    plan = TRIAL_PLAN | {"test_group": f"Alle, sagt {NAME}."}
    assert (await put(arena, ref, "trial_plan", plan, by=handle)).status_code == 200
    await set_new(arena, ref, handle, text="Menschen")
    await measure(arena, ref, "2026-11-01", 7, handle)
    asked = {"text": "Kanarientext.", "recorded_for": "Tante Kanarie"}
    await call(arena, handle, "POST", f"{ref}/requirements", **asked)
    await call(arena, "author", "POST", f"{ref}/requirements", text="Etwas anderes.")
    answer = {"state": "not", "because": "Kanarienantwort.", "expected_revision": 0}
    await call(arena, handle, "PUT", f"{ref}/requirements/2/answer", **answer)
    held = await call(arena, handle, "GET", "../me/data")
    assert all(word in held.text for word in ("Kanarientext", "Kanarienantwort", "Alle, sagt"))
    return ref


async def everything(arena: Everyone, ref: str) -> str:
    parts = ("logbook", "indicators", "requirements", "conditions")
    found = [(await call(arena, "guest", "GET", f"{ref}/{part}")).text for part in parts]
    page = await (await arena.client("guest")).get(f"/ideas/{ref}")
    return "".join([*found, page.text])


async def test_f16_records_stay_under_the_pseudonym_and_words_go_where_chosen(
    arena: Everyone, ref: str
) -> None:
    await erasure.erase_person(arena.arena.services, "canary", CHOICES["erase"])
    left = await everything(arena, ref)
    for gone in (NAME, "Kanarientext", "Tante Kanarie", "Kanarienantwort"):
        assert gone not in left
    for kept in (TRIAL_PLAN["hypothesis"], "Menschen", "Ehemalige Person", MARK, "Etwas anderes."):
        assert kept in left
