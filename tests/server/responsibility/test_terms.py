"""Roles for a time: they begin and end by the clock, in open sockets too."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from collab.process.actors import Role
from server.clock.runner import Runner
from server.realtime.access import grants
from storage import ideas
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.writing import document_of
from tests.server.responsibility.test_offers import NOBODY_YET

TODAY, LATER = "2026-11-23", "2026-11-25"


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


async def call(
    arena: Everyone, handle: str, method: str, path: str, /, **body: Any
) -> httpx2.Response:
    client = await arena.client(handle)
    return await client.request(method, f"/api/v1{path}", json=body or None)


async def tick(arena: Everyone) -> None:
    await Runner(arena.arena.services).tick()


async def may_write(arena: Everyone, ref: str, handle: str) -> bool:
    """What an open socket of the person is told when rights are judged again."""
    actor, document_id = await arena.actor(handle), await document_of(arena, ref)
    async with arena.arena.services.database.read() as tx:
        return (await grants(tx, document_id, [actor.person_id]))[actor.person_id].write


async def test_ac_g5_a_partner_of_a_draft_is_out_a_tick_after_the_last_day(
    arena: Everyone,
) -> None:
    ref = await arena.idea(**NOBODY_YET)
    body = {"handle": "expert", "role": "partner", "last": LATER}
    assert (await call(arena, "expert", "GET", f"/ideas/{ref}")).status_code == 404
    made = await call(arena, "author", "POST", f"/ideas/{ref}/terms", **body)
    assert (made.status_code, made.json()["state"]) == (201, "running")
    assert made.json()["valid_until"] == "2026-11-25T22:59:59Z"
    assert (await call(arena, "expert", "GET", f"/ideas/{ref}")).status_code == 200
    assert await may_write(arena, ref, "expert")
    arena.arena.clock.pass_by(days=2, hours=13, minutes=29, seconds=59)
    await tick(arena)
    assert await may_write(arena, ref, "expert")
    arena.arena.clock.pass_by(seconds=1)
    await tick(arena)
    assert not await may_write(arena, ref, "expert")
    assert (await call(arena, "expert", "GET", f"/ideas/{ref}")).status_code == 404
    log = (await call(arena, "author", "GET", f"/ideas/{ref}/events")).json()["events"]
    ends = [each for each in log if each["kind"] == "team_changed"]
    assert [each["payload"]["granted"] for each in ends] == [True, False]


async def test_ac_g5_rooms_and_pages_hear_of_the_end(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref, services = await arena.idea(**NOBODY_YET), arena.arena.services
    body = {"handle": "expert", "role": "partner", "last": TODAY}
    await call(arena, "author", "POST", f"/ideas/{ref}/terms", **body)
    judged: list[object] = []
    reseated: list[object] = []

    async def access_changed(document_id: object) -> None:
        judged.append(document_id)

    monkeypatch.setattr(services.hub, "access_changed", access_changed)
    monkeypatch.setattr(services.live, "reseat", reseated.append)
    arena.arena.clock.pass_by(days=1)
    await tick(arena)
    assert judged == [await document_of(arena, ref)]
    assert reseated == [(await arena.actor("expert")).person_id]


async def test_ac_g1_a_deputy_decides_in_the_window_and_not_outside(arena: Everyone) -> None:
    body = {"role": "deputy", "first": "2026-11-24", "last": LATER}
    for handle in ("moderator", "cdo", "expert"):
        refused = await call(arena, handle, "POST", "/people/expert/terms", **body)
        assert refused.status_code == 403
    made = await call(arena, "office", "POST", "/people/expert/terms", **body)
    assert made.json()["state"] == "planned"
    assert Role.DEPUTY not in (await arena.actor("expert")).roles
    arena.arena.clock.pass_by(days=1)
    await tick(arena)
    assert Role.DEPUTY in (await arena.actor("expert")).roles
    arena.arena.clock.pass_by(days=2)
    await tick(arena)
    assert Role.DEPUTY not in (await arena.actor("expert")).roles
    assert Role.EXPERT in (await arena.actor("expert")).roles


async def test_ac_g1_a_decision_of_a_deputy_says_so(arena: Everyone) -> None:
    await call(arena, "office", "POST", "/people/expert/terms", role="deputy", last=LATER)
    ref = await arena.idea("decision", **NOBODY_YET)
    revision, version = await arena.state(ref)
    body = {"to": "declined", "expected_revision": revision, "text_version": version}
    answer = await call(arena, "expert", "POST", f"/ideas/{ref}/stage", **body, reason="Nein.")
    assert answer.status_code == 200
    page = await (await arena.client("guest")).get(f"/ideas/{ref}/fragments/stage")
    assert "in Vertretung" in page.text


async def test_r10_a_role_that_needs_an_end_is_not_given_without(arena: Everyone) -> None:
    ref = await arena.idea(**NOBODY_YET)
    for path in (f"/ideas/{ref}/team/expert/partner", "/people/expert/roles/deputy"):
        handle = "author" if "ideas" in path else "office"
        refused = await call(arena, handle, "PUT", path)
        assert (refused.status_code, refused.json()["code"]) == (422, "role-needs-end")


async def test_r10_terms_are_given_once_and_ended_once(arena: Everyone) -> None:
    ref = await arena.idea(**NOBODY_YET)
    body = {"handle": "expert", "role": "partner", "last": LATER}
    path = f"/ideas/{ref}/terms"
    made = (await call(arena, "author", "POST", path, **body)).json()
    again = await call(arena, "author", "POST", path, **body)
    assert (again.status_code, again.json()["code"]) == (409, "role-held")
    assert len((await call(arena, "author", "GET", path)).json()["terms"]) == 1
    assert (await call(arena, "expert", "DELETE", f"{path}/{made['id']}")).status_code == 403
    assert (await call(arena, "author", "DELETE", f"{path}/{made['id']}")).status_code == 204
    ended = await call(arena, "author", "DELETE", f"{path}/{made['id']}")
    assert (ended.status_code, ended.json()["code"]) == (409, "term-over")
    assert (await call(arena, "expert", "GET", f"/ideas/{ref}")).status_code == 404
    assert (await call(arena, "author", "POST", path, **body)).status_code == 201
    # Whoever leaves the team by himself ends his term with it.
    left = await call(arena, "expert", "DELETE", f"/ideas/{ref}/team/expert/partner")
    assert left.status_code == 204
    assert (await call(arena, "author", "GET", path)).json()["terms"] == []


async def test_r10_a_term_of_another_idea_or_person_is_not_found(arena: Everyone) -> None:
    ref, other = [await arena.idea(**NOBODY_YET) for _ in range(2)]
    body = {"handle": "expert", "role": "partner", "last": LATER}
    made = (await call(arena, "author", "POST", f"/ideas/{ref}/terms", **body)).json()
    path = f"/ideas/{other}/terms/{made['id']}"
    assert (await call(arena, "author", "DELETE", path)).status_code == 404
    path = f"/people/expert/terms/{made['id']}"
    assert (await call(arena, "office", "DELETE", path)).status_code == 404


async def test_r10_an_erased_person_begins_nothing(arena: Everyone) -> None:
    ref, services = await arena.idea(**NOBODY_YET), arena.arena.services
    body = {"handle": "expert", "role": "partner", "first": "2026-11-24", "last": LATER}
    await call(arena, "author", "POST", f"/ideas/{ref}/terms", **body)
    person_id = (await arena.actor("expert")).person_id
    assert person_id is not None
    async with services.database.write() as tx:
        table = ideas.Idea.metadata.tables["person"]
        values = {"erased_at": services.clock()}
        await tx.run(table.update().where(table.c.id == person_id).values(values))
    arena.arena.clock.now += timedelta(days=1)
    await tick(arena)
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        assert await ideas.roles(tx, idea.id, person_id) == frozenset()
