"""Merging ideas as honest clients do: propose, answer, carry out, separate."""

from typing import Any

import httpx2

from collab.process.actors import Role
from storage import ideas, people
from storage.following import follows
from tests.server.idea.arena_of_all import Everyone
from tests.server.linking.linked import move

ONE = {"author": Role.AUTHOR}
OTHER = {"participant": Role.AUTHOR}
REASON = "Beide wollen Schatten."


async def pair(arena: Everyone, kind: str = "proposal") -> tuple[str, str]:
    """Two open ideas; ``author`` wrote the first one, ``participant`` the other."""
    source = await arena.idea("open", kind=kind, title="Mehr Bäume", team=ONE)
    target = await arena.idea("open", kind=kind, title="Mehr Schatten", team={})
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, target)
        author = await people.by_handle(tx, "author")
        other = await people.by_handle(tx, "participant")
        assert idea is not None
        assert author is not None
        assert other is not None
        await ideas.remove_role(tx, idea.id, author.id, Role.AUTHOR)
        await ideas.add_role(tx, idea.id, other.id, Role.AUTHOR)
    return source, target


async def propose(
    arena: Everyone, source: str, target: str, by: str = "author", reason: str = REASON
) -> httpx2.Response:
    client = await arena.client(by)
    body = {"to": target, "reason": reason}
    return await client.post(f"/api/v1/ideas/{source}/merges", json=body)


async def answer(
    arena: Everyone, ref: str, merge_id: str, by: str, said: str = "yes", note: str = ""
) -> httpx2.Response:
    client = await arena.client(by)
    body = {"answer": said, "note": note}
    return await client.post(f"/api/v1/ideas/{ref}/merges/{merge_id}/answer", json=body)


async def agreed(arena: Everyone, source: str, target: str) -> str:
    """A merge that ``author`` proposes and ``participant`` agrees to; its id."""
    made = await propose(arena, source, target)
    assert made.status_code == 201, made.text
    merge_id: str = made.json()["id"]
    said = await answer(arena, target, merge_id, "participant")
    assert said.status_code == 200, said.text
    return merge_id


async def merged(arena: Everyone, source: str, target: str) -> str:
    """A merge that was carried out; its id."""
    merge_id = await agreed(arena, source, target)
    done = await carry_out(arena, source)
    assert done.status_code == 200, done.text
    return merge_id


async def carry_out(arena: Everyone, source: str, by: str = "moderator") -> httpx2.Response:
    return await move(arena, source, "merged", by, "Alle sind dafür.")


async def separate(arena: Everyone, source: str, by: str = "moderator") -> httpx2.Response:
    return await move(arena, source, "open", by, "Doch zwei Ideen.")


async def merges(arena: Everyone, ref: str, by: str = "guest") -> list[dict[str, Any]]:
    """The merges of the idea as somebody sees them."""
    found = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/merges")
    assert found.status_code == 200, found.text
    listed: list[dict[str, Any]] = found.json()["merges"]
    return listed


async def comment(
    arena: Everyone, ref: str, by: str, text: str = "Gut.", **more: Any
) -> dict[str, Any]:
    body = {"kind": "note", "text": text, **more}
    made = await (await arena.client(by)).post(f"/api/v1/ideas/{ref}/comments", json=body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def comments(arena: Everyone, ref: str, by: str = "guest") -> list[str]:
    """The texts of the comments at the idea, replies too."""
    found = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/comments")
    assert found.status_code == 200, found.text
    return [each["text"] for each in found.json()["comments"]]


async def followers(arena: Everyone, ref: str) -> set[str]:
    """The handles of everybody who follows the idea."""
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        found = await follows.followers(tx, idea.id, 1_000)
        known = await people.named(tx, found)
    return {each.handle for each in known.values()}
