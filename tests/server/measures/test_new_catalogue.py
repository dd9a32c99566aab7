"""A newer version of the principles: what was signed stays, and is to be made anew in time."""

from collab.process.catalogues import edits
from collab.process.catalogues.versions import shipped
from server.actions.catalogues import publishing
from tests.server.measures.measuring import COMPLETE, Measures
from tests.server.responsibility.organisations import SIGNATORY


async def test_ac_m5b_a_new_catalogue_version_changes_nothing_and_opens_a_task_with_a_due_date(
    arena: Measures,
) -> None:
    ref = await arena.recognised()
    before = (await arena.call("guest", "GET", f"{ref}/commitment"))["signed"]
    await arena.tick()
    assert (await arena.call("guest", "GET", f"{ref}/commitment"))["renewal"] is None
    await publish_another_principle(arena)
    seen = await arena.call("guest", "GET", f"{ref}/commitment")
    assert seen["signed"] == before
    await arena.tick()
    await arena.tick()
    task = (await arena.call("guest", "GET", f"{ref}/commitment"))["renewal"]
    assert (task["cause"], task["catalogue_version"]) == ("catalogue", 2)
    # Forty working days from 23 November 2026: Christmas, Boxing Day (a Saturday), New Year.
    assert task["due_at"].startswith("2027-01-20T22:59:59")
    assert await told(arena, ref, "renewal_opened") == 1
    draft = await arena.draft(ref, COMPLETE)
    refused = await arena.call(
        SIGNATORY,
        "POST",
        f"{ref}/commitment/signature",
        422,
        expected_revision=draft["revision"],
    )
    assert refused["unmet"][0]["principles"] == ["circular"]
    more = {**COMPLETE, "circular": {"keeps": True, "how": "Geteilt.", "evidence": "Liste."}}
    await arena.draft(ref, more, seen=1)
    path = f"{ref}/commitment/signature"
    await arena.call(SIGNATORY, "POST", path, expected_revision=2)
    seen = await arena.call("guest", "GET", f"{ref}/commitment")
    assert (seen["signed"]["catalogue_version"], seen["renewal"]) == (2, None)
    assert [(each["id"], each["state"]) for each in seen["past"]] == [(before["id"], "superseded")]
    assert seen["past"][0]["answers"] == before["answers"]


async def publish_another_principle(arena: Measures) -> None:
    """The office adds a principle to the catalogue."""
    services = arena.arena.arena.services
    newest = shipped("principles")[-1]
    data = edits.next_version(newest, services.clock().date())
    entry = {
        "id": "circular",
        "label": {"de": "Teilen", "en": "Share"},
        "source": "example",
    }
    made = edits.with_entry(data, entry)
    await publishing.publish(services, await arena.arena.actor("office"), made, "Neu.")


async def told(arena: Measures, ref: str, kind: str) -> int:
    """How often the idea's log tells of something."""
    found = await arena.call("guest", "GET", f"{ref}/events")
    return [each["kind"] for each in found["events"]].count(kind)
