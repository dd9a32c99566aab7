"""Experts are suggested by field with the reason, asked, and appointed to nothing (AC-A8c)."""

from sqlalchemy import select

from collab.process.experts.invitations import LAPSES_AFTER, OPEN_PER_PERSON_MAX, RESTS_FOR
from server.clock.runner import Runner
from storage import people
from storage.database import METADATA
from storage.following import notices
from tests.server.experts.asking import answer, declare, invite, seen, suggested
from tests.server.feasibility.acts import change, judge
from tests.server.idea.arena_of_all import Everyone

ROLES = METADATA.tables["idea_role"]


async def code(response: object) -> str:
    """The code of a refusal."""
    found = response.json()  # type: ignore[attr-defined]
    return str(found["code"])


async def test_ac_a8c_experts_are_suggested_by_field_and_the_suggestion_explains_itself(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    client = await arena.client("author")
    stated = await client.put(
        f"/api/v1/ideas/{ref}/alignment/fields-of-action/open_it_ecosystems",
        json={"contribution": "Alles wird offen entwickelt. " * 5, "expected_revision": 0},
    )
    assert stated.status_code == 200, stated.text
    await declare(arena, "expert", fields=["regenerative_economy"], keywords=["die Texte"])
    await declare(arena, "support", dimensions=["ecological"])
    await declare(arena, "lead")
    await declare(arena, "qualifier", may_be_asked=False)
    await declare(arena, "observer")
    assert await suggested(arena, ref) == {"expert": ["unjudged", "field", "keyword"]}


async def test_ac_a8c_who_says_yes_is_appointed_to_nothing(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    invited = (await invite(arena, ref, "expert")).json()
    assert [each["kind"] for each in invited["reasons"]] == ["unjudged"]
    before = await roles(arena, ref)
    accepted = await answer(arena, ref, invited["id"], "expert")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert await roles(arena, ref) == before
    public = await seen(arena, ref, "guest")
    assert [each["handle"] for each in public["willing"]] == ["expert"]
    assert (public["suggestions"], public["invitations"]) == ([], [])


async def roles(arena: Everyone, ref: str) -> set[tuple[object, ...]]:
    """Every role at any idea, and those of the expert in the arena."""
    async with arena.arena.services.database.read() as tx:
        person = await people.by_handle(tx, "expert")
        assert person is not None
        held = {tuple(row) for row in await tx.run(select(ROLES))}
        return held | {(each,) for each in await people.roles(tx, person.id)}


async def test_w4_who_judged_or_was_asked_is_not_suggested_again(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    for handle in ("expert", "support", "participant"):
        await declare(arena, handle)
    assert set(await suggested(arena, ref)) == {"expert", "support", "participant"}
    await judge(arena, ref, "support", "data_protection")
    await invite(arena, ref, "expert")
    assert await suggested(arena, ref) == {"participant": ["too_few"]}


async def test_w4_j12_a_judgement_of_an_earlier_text_leaves_the_dimension_to_be_judged(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "participant", dimensions=["technical"])
    for handle in ("support", "expert"):
        await judge(arena, ref, handle, "technical")
    assert await suggested(arena, ref) == {}
    await change(arena, ref)
    assert await suggested(arena, ref) == {"participant": ["too_few"]}


async def test_w4_suspended_people_are_neither_listed_nor_suggested(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "moderator-2")
    assert "moderator-2" in await suggested(arena, ref)
    office = await arena.client("office")
    await office.put("/api/v1/people/moderator-2/suspension", json={"reason": "Pause."})
    async with arena.arena.services.database.write() as tx:
        person = await people.by_handle(tx, "moderator-2")
        assert person is not None
        await people.suspend(tx, person.id, "Pause.", arena.arena.clock.now)
    assert await suggested(arena, ref) == {}
    listed = (await (await arena.client("guest")).get("/api/v1/experts")).json()
    assert listed == {"experts": [], "next": None}
    assert await code(await invite(arena, ref, "moderator-2")) == "expert-not-to-be-asked"
    async with arena.arena.services.database.write() as tx:
        await people.restore(tx, person.id)


async def test_w5_nobody_is_asked_against_his_will_twice_or_soon_after_a_no(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    assert await code(await invite(arena, ref, "expert")) == "expert-not-to-be-asked"
    await declare(arena, "expert")
    first = await invite(arena, ref, "expert")
    assert first.status_code == 201
    assert await code(await invite(arena, ref, "expert")) == "expert-already-asked"
    said = await answer(arena, ref, first.json()["id"], "expert", "decline", "Keine Zeit.")
    assert (said.json()["state"], said.json()["answer"]) == ("declined", "Keine Zeit.")
    assert await code(await answer(arena, ref, first.json()["id"], "expert")) == "invitation-moved"
    assert await code(await invite(arena, ref, "expert")) == "expert-left-in-peace"
    arena.arena.clock.pass_by(days=RESTS_FOR.days)
    assert (await invite(arena, ref, "expert")).status_code == 201


async def test_w5_a_person_is_asked_by_five_ideas_at_a_time(arena: Everyone) -> None:
    await declare(arena, "expert")
    for _ in range(OPEN_PER_PERSON_MAX):
        ref = await arena.idea("feasibility")
        assert (await invite(arena, ref, "expert")).status_code == 201
    one_more = await arena.idea("feasibility")
    assert await code(await invite(arena, one_more, "expert")) == "expert-asked-by-many"
    rows = (await seen(arena, ref))["invitations"]
    client = await arena.client("author")
    taken = await client.delete(f"/api/v1/ideas/{ref}/experts/{rows[0]['id']}")
    assert taken.json()["state"] == "withdrawn"
    assert (await invite(arena, one_more, "expert")).status_code == 201


async def test_w5_an_invitation_lapses_by_itself_and_is_told(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    invited = (await invite(arena, ref, "expert")).json()
    runner = Runner(arena.arena.services)
    arena.arena.clock.pass_by(seconds=LAPSES_AFTER.total_seconds() - 1)
    await runner.tick()
    assert (await seen(arena, ref))["invitations"][0]["state"] == "open"
    arena.arena.clock.pass_by(seconds=1)
    await runner.tick()
    await runner.tick()
    assert (await seen(arena, ref))["invitations"][0]["state"] == "lapsed"
    assert await code(await answer(arena, ref, invited["id"], "expert")) == "invitation-moved"


async def test_w5_who_is_asked_learns_by_whom_and_why_and_nobody_else_can_answer(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    invited = (await invite(arena, ref, "expert", question="Reicht eine Zählung?")).json()
    async with arena.arena.services.database.read() as tx:
        person = await people.by_handle(tx, "expert")
        assert person is not None
        told = await notices.of_person(tx, person.id, 1)
    assert [each.reason for each in told] == ["invited"]
    client = await arena.client("expert")
    mine = (await client.get("/api/v1/me/invitations")).json()["invitations"]
    assert (mine[0]["invited_by"]["handle"], mine[0]["question"]) == (
        "author",
        "Reicht eine Zählung?",
    )
    assert mine[0]["note"] == "Sie kennen sich damit aus."
    other = await answer(arena, ref, invited["id"], "participant")
    assert (other.status_code, await code(other)) == (404, "invitation-not-found")
    theirs = (await (await arena.client("participant")).get("/api/v1/me/invitations")).json()
    assert theirs == {"invitations": []}


async def test_w5_a_question_may_point_at_a_comment_of_the_same_idea(arena: Everyone) -> None:
    ref, elsewhere = await arena.idea("feasibility"), await arena.idea("feasibility")
    await declare(arena, "expert")
    client = await arena.client("author")
    said = {"kind": "question", "text": "Wie viele Kameras?"}
    comment = (await client.post(f"/api/v1/ideas/{ref}/comments", json=said)).json()["id"]
    refused = await invite(arena, elsewhere, "expert", comment_id=comment)
    assert refused.json()["fields"] == {"comment_id": "unknown-choice"}
    invited = await invite(arena, ref, "expert", comment_id=comment)
    assert invited.json()["comment_id"] == comment


async def test_faulty_invitations_name_the_field(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    for changes, field in (
        ({"note": " "}, "note"),
        ({"note": "x" * 1001}, "note"),
        ({"question": "x" * 501}, "question"),
        ({"handle": "nobody-here"}, "handle"),
    ):
        refusal = await invite(arena, ref, **{"handle": "expert", **changes})
        assert (refusal.status_code, list(refusal.json()["fields"])) == (422, [field])


async def test_i4_a_draft_asks_nobody(arena: Everyone) -> None:
    ref = await arena.idea("draft")
    await declare(arena, "expert")
    assert (await invite(arena, ref, "expert")).status_code == 403
    guest = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/experts")
    assert guest.status_code == 404
