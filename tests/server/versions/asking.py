"""What tests ask of versions, as people do over the API."""

from typing import Any

import httpx2

from tests.server.idea.arena_of_all import Everyone


async def name(arena: Everyone, ref: str, called: str, by: str = "author") -> httpx2.Response:
    """Give the text as it is now a name."""
    path = f"/api/v1/ideas/{ref}/versions/named"
    return await (await arena.client(by)).post(path, json={"name": called})


async def restore(
    arena: Everyone, ref: str, version: str, by: str = "author", **body: Any
) -> httpx2.Response:
    """Bring a version back."""
    path = f"/api/v1/ideas/{ref}/versions/{version}/restore"
    return await (await arena.client(by)).post(path, json={"reason": "Versehen.", **body})


async def versions(arena: Everyone, ref: str, by: str = "author") -> list[dict[str, Any]]:
    """The kept versions, oldest first."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/versions")
    found: list[dict[str, Any]] = answer.json()["versions"]
    return found


async def plain(arena: Everyone, ref: str, by: str = "author") -> str:
    """The text as it reads now."""
    path = f"/api/v1/ideas/{ref}/text?format=markdown"
    return (await (await arena.client(by)).get(path)).text
