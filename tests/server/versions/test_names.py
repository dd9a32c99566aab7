"""Names of versions over HTTP: who gives them, what they keep, how they are bounded and erased."""

import asyncio
from uuid import uuid4

from collab.process.version import TextVersion
from collab.process.versions import names as rules
from server.actions.erasure.people import CHOICES, erase_person
from storage import texts
from storage.ideas import by_ref
from storage.versions import names
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import write
from tests.server.versions.asking import name, versions


async def test_h1_the_exact_text_is_kept_under_a_name(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "idea", "Mit allem, was eben getippt wurde.")
    made = await name(arena, ref, "  Stand nach\n dem Workshop ", "moderator")
    assert made.status_code == 201, made.text
    assert made.json()["name"] == "Stand nach dem Workshop"
    assert (await arena.version(ref)).sha256 == (await versions(arena, ref))[-1]["text_version"][
        "sha256"
    ]
    await write(arena, ref, "participant", "idea", "Danach.")
    text = (await (await arena.client("guest")).get(made.headers["location"])).text
    assert "eben getippt" in text
    assert "Danach." not in text
    (last,) = (each for each in await versions(arena, ref, "guest") if each["names"])
    assert last["names"][0]["name"] == "Stand nach dem Workshop"
    assert last["names"][0]["by"] == "moderator"


async def test_h1_only_the_team_and_moderators_name_and_only_within_bounds(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    for by, status in (("guest", 401), ("participant", 403), ("observer", 403)):
        assert (await name(arena, ref, "x", by)).status_code == status
    for called in (" ", "x" * (rules.NAME_CHARS_MAX + 1)):
        faulty = await name(arena, ref, called)
        assert (faulty.status_code, set(faulty.json()["fields"])) == (422, {"name"})
    fits = await name(arena, ref, "x" * rules.NAME_CHARS_MAX)
    assert fits.status_code == 201
    again = await name(arena, ref, "Noch einmal", "lead")
    assert (again.status_code, again.json()["code"]) == (409, "already-named")


async def test_h1_how_many_versions_carry_a_name_is_bounded(arena: Everyone) -> None:
    ref = await arena.idea("open")
    services, actor = arena.arena.services, await arena.actor("author")
    assert actor.person_id is not None
    async with services.database.read() as tx:
        idea = await by_ref(tx, ref)
        assert idea is not None
    first = (await name(arena, ref, "1")).json()
    epoch, seq = map(int, first["version"].split("."))
    async with services.database.write() as tx:
        pinned = await texts.pinned(tx, idea.document_id, epoch, seq)
        assert pinned is not None
        for _ in range(rules.NAMED_MAX - 2):
            await names.add(
                tx,
                TextVersion(epoch, seq, pinned.sha256),
                named_id=uuid4(),
                idea_id=idea.id,
                document_id=idea.document_id,
                kind=names.NAMED,
                name="x",
                note="",
                by=actor.person_id,
                now=services.clock(),
            )
    await write(arena, ref, "author", "idea", "Neu.")
    assert (await name(arena, ref, "Die letzte")).status_code == 201
    await write(arena, ref, "author", "idea", "Noch neuer.")
    over = await name(arena, ref, "Eine zu viel")
    assert (over.status_code, over.json()["code"]) == (409, "versions-full")


async def test_h1_of_two_names_at_once_for_one_text_one_is_given(arena: Everyone) -> None:
    ref = await arena.idea("open")
    both = await asyncio.gather(name(arena, ref, "Eins"), name(arena, ref, "Zwei", "lead"))
    assert sorted(each.status_code for each in both) == [201, 409]


async def test_h2_who_named_a_version_renames_it_and_nobody_else(arena: Everyone) -> None:
    ref = await arena.idea("open")
    made = (await name(arena, ref, "Tippfheler")).json()
    path = f"/api/v1/ideas/{ref}/versions/named/{made['id']}"
    body = {"name": "Tippfehler", "note": "Jetzt richtig."}
    statuses = {
        by: (await (await arena.client(by)).patch(path, json=body)).status_code
        for by in ("guest", "participant", "moderator", "author")
    }
    assert statuses == {"guest": 401, "participant": 403, "moderator": 403, "author": 204}
    (found,) = (row for each in await versions(arena, ref) for row in each["names"])
    assert (found["name"], found["note"]) == ("Tippfehler", "Jetzt richtig.")
    client = await arena.client("author")
    unknown = f"/api/v1/ideas/{ref}/versions/named/{uuid4()}"
    assert (await client.patch(unknown, json=body)).status_code == 404
    assert (await client.delete(path)).status_code == 405


async def test_i4_names_given_in_a_drafts_time_stay_with_its_team(arena: Everyone) -> None:
    ref = await arena.idea()
    await name(arena, ref, "Geheimer Anfang")
    await write(arena, ref, "author", "idea", "Danach.")
    await move(arena, ref, "open", "author")
    for by, known in (("guest", False), ("participant", False), ("editor", True)):
        page = await (await arena.client(by)).get(f"/ideas/{ref}/versions")
        assert ("Geheimer Anfang" in page.text) is known
        assert ("Geheimer Anfang" in str(await versions(arena, ref, by))) is known
    feed = await (await arena.client("guest")).get(f"/ideas/{ref}/feed.atom")
    assert "Geheim" not in feed.text


async def test_x2_names_are_handed_out_and_go_with_the_words(arena: Everyone) -> None:
    ref = await arena.idea("open")
    made = (await name(arena, ref, "Lead war hier", "lead")).json()
    client = await arena.client("lead")
    held = (await client.get("/api/v1/me/data")).json()
    assert [each["name"] for each in held["named_versions"]] == ["Lead war hier"]
    await erase_person(arena.arena.services, "lead", CHOICES["erase"])
    (found,) = (row for each in await versions(arena, ref) for row in each["names"])
    assert found["id"] == made["id"]
    assert "Lead" not in str(found)
