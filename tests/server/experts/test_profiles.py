"""A profile is one's own word: bounded, found only as one likes, gone when one is."""

from sqlalchemy import select

from server.actions.erasure.holdings import holdings_of
from storage import people
from storage.database import METADATA
from storage.erasure import people as erasing
from storage.erasure.topics.experts import erase_words
from tests.server.experts.asking import declare, invite
from tests.server.idea.arena_of_all import Everyone

INVITATION = METADATA.tables["expert_invitation"]


async def listed(arena: Everyone, query: str = "") -> list[str]:
    """Whom everybody finds."""
    found = await (await arena.client("guest")).get(f"/api/v1/experts{query}")
    assert found.status_code == 200, found.text
    return [each["handle"] for each in found.json()["experts"]]


async def test_w6_only_who_wants_to_be_found_is_found_by_what_he_declares(
    arena: Everyone,
) -> None:
    await declare(arena, "expert", dimensions=["legal", "social"])
    await declare(arena, "support", dimensions=["social"])
    await declare(arena, "lead", dimensions=["social"], is_listed=False)
    assert await listed(arena) == ["expert", "support"]
    assert await listed(arena, "?dimension=legal") == ["expert"]
    assert await listed(arena, "?dimension=social&after=expert") == ["support"]
    assert await listed(arena, "?field=nothing%27%3B--") == []


async def test_w6_the_last_word_counts_and_a_profile_can_be_taken_back(arena: Everyone) -> None:
    await declare(arena, "expert", dimensions=["legal"], keywords=["Straßenrecht"])
    again = await declare(arena, "expert", dimensions=["social"], about="  Neu.\r\n")
    assert (again["dimensions"], again["keywords"], again["about"]) == (["social"], [], "Neu.")
    client = await arena.client("expert")
    assert (await client.get("/api/v1/me/expertise")).json() == again
    assert (await client.delete("/api/v1/me/expertise")).status_code == 204
    assert (await client.get("/api/v1/me/expertise")).status_code == 404
    assert (await client.delete("/api/v1/me/expertise")).status_code == 404


async def test_w6_hostile_profiles_are_refused_by_field(arena: Everyone) -> None:
    client = await arena.client("expert")
    for changes, field in (
        ({"ground": "none"}, "ground"),
        ({"dimensions": ["<script>"]}, "dimensions"),
        ({"fields": ["moon"]}, "fields"),
        ({"keywords": [f"Wort {n}" for n in range(11)]}, "keywords"),
        ({"keywords": ["x" * 61]}, "keywords"),
        ({"about": "x" * 601}, "about"),
    ):
        body = {"ground": "lived", "dimensions": ["legal"], **changes}
        refusal = await client.put("/api/v1/me/expertise", json=body)
        assert (refusal.status_code, list(refusal.json()["fields"])) == (422, [field])


async def test_w6_who_speaks_privately_is_shown_without_his_organisation(
    arena: Everyone,
) -> None:
    await declare(arena, "expert", shows_organisation=False)
    services = arena.arena.services
    async with services.database.write() as tx:
        person = await people.by_handle(tx, "expert")
        body = await people.organisations(tx)
        assert person is not None
        if not body:
            now = services.clock()
            made = await people.create_organisation(
                tx, organisation_id=person.id, name="Institut", actor_class="science", kind="x"
            )
            await people.affiliate(tx, person.id, made.id, confirmed_at=now)
    guest = await arena.client("guest")
    shown = (await guest.get("/api/v1/experts")).json()["experts"][0]
    assert (shown["organisation"], shown["actor_class"]) == (None, "resident")
    await declare(arena, "expert", shows_organisation=True)
    shown = (await guest.get("/api/v1/experts")).json()["experts"][0]
    assert (shown["organisation"], shown["actor_class"]) == ("Institut", "science")


async def test_x2_a_profile_and_what_one_was_asked_go_with_the_person(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "participant", keywords=["Straßenrecht"])
    await declare(arena, "expert")
    await invite(arena, ref, "participant", note="Vertraulich.")
    await invite(arena, ref, "expert", note="Bleibt.", question="Wer?")
    services = arena.arena.services
    async with services.database.read() as tx:
        asked, author = [await people.by_handle(tx, each) for each in ("participant", "author")]
    assert asked is not None
    assert author is not None
    held = await holdings_of(services, asked)
    assert [each["note"] for each in held["expert_invitations"]] == ["Vertraulich."]
    assert [each["value"] for each in held["expertise_topics"]][-1] == "Straßenrecht"
    sent = (await holdings_of(services, author))["experts_asked"]
    assert {each["note"] for each in sent} == {"Vertraulich.", "Bleibt."}
    async with services.database.write() as tx:
        now = services.clock()
        await erasing.pseudonymise(tx, asked.id, handle="weg-1", name="Weg", now=now)
        await erase_words(tx, author.id, None, "[…]")
        left = list((await tx.run(select(INVITATION))).mappings())
    assert [(row["note"], row["question"]) for row in left] == [("[…]", "[…]")]
    assert "weg-1" not in await listed(arena)
