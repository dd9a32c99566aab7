"""A measure with a transfer kit, organisations that take it over, and what they write."""

from typing import Any

import httpx2

from storage.process.casefile import evidence
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.linking.linked import idea_of, make_measure
from tests.server.responsibility.organisations import MEMBER, Bodies

KIT = {
    "needed": "Gießkannen",
    "pitfalls": "Ferien",
    "contacts": "Umweltamt",
    "licence": "cc_by",
    "credit": "Bezirksamt Mitte",
}


async def a_measure(bodies: Bodies, stage: str = "implementation", *, kit: bool = True) -> str:
    """A measure that the district of Mitte leads."""
    arena = bodies.arena
    ref = await arena.idea(stage)
    await make_measure(arena, ref)
    await bodies.join("lead", "amt")
    await bodies.lead(ref, "amt", by="lead")
    if kit:
        await put_kit(arena, ref)
    return ref


async def put_kit(arena: Everyone, ref: str, **changes: str) -> None:
    """Put the transfer kit on record."""
    idea, actor = await idea_of(arena, ref), await arena.actor("lead")
    assert actor.person_id is not None
    services = arena.arena.services
    async with services.database.write() as tx:
        await evidence.append(
            tx,
            idea_id=idea.id,
            kind="transfer_kit",
            revision=1,
            data={**KIT, **changes},
            by=actor.person_id,
            by_name=actor.name,
            now=services.clock(),
        )


async def take_over(
    bodies: Bodies, ref: str, key: str = "land", by: str = MEMBER, **body: Any
) -> httpx2.Response:
    """Take the measure over for one of the organisations; published at once unless told."""
    given = {"organisation_id": str(bodies.ids[key]), "submit": True, **body}
    return await (await bodies.arena.client(by)).post(f"/api/v1/ideas/{ref}/replicas", json=given)


async def a_replica(bodies: Bodies, ref: str, **body: Any) -> str:
    """The reference of a replica."""
    made = await take_over(bodies, ref, **body)
    assert made.status_code == 201, made.text
    return str(made.json()["ref"])


async def replicas(bodies: Bodies, ref: str, by: str = "guest") -> dict[str, Any]:
    """Where the idea was taken over from and to."""
    found: dict[str, Any] = await bodies.call(by, "GET", f"{ref}/replicas")
    return found


async def offers(bodies: Bodies, ref: str) -> list[dict[str, Any]]:
    """What the origin has offered."""
    found = await bodies.call("guest", "GET", f"{ref}/offers")
    return list(found["offers"])


async def change_and_offer(
    bodies: Bodies, ref: str, text: str = "Neu.", section: str = "idea"
) -> None:
    """Let the origin's text grow by a paragraph, and its lead offer that."""
    await write(bodies.arena, ref, "lead", section, text)
    await bodies.call("lead", "POST", f"{ref}/replicas/offers")


async def decide(
    bodies: Bodies, ref: str, offer: dict[str, Any], decision: str, by: str = MEMBER
) -> httpx2.Response:
    """Take or decline an offer as somebody who has seen it."""
    body = {"decision": decision, "version": offer["version"]}
    path = f"/api/v1/ideas/{ref}/offers/{offer['id']}"
    return await (await bodies.arena.client(by)).post(path, json=body)


async def text(bodies: Bodies, ref: str) -> str:
    """The text of an idea."""
    client = await bodies.arena.client("moderator")
    return (await client.get(f"/api/v1/ideas/{ref}/text?format=markdown")).text
