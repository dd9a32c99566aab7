"""Declaring and inviting the way clients do."""

from typing import Any

import httpx2

from tests.server.idea.arena_of_all import Everyone


async def declare(arena: Everyone, handle: str, **changes: Any) -> dict[str, Any]:
    """The person declares something, is listed and may be asked, but for ``changes``."""
    body = {
        "ground": "research",
        "dimensions": ["data_protection"],
        "is_listed": True,
        "may_be_asked": True,
    }
    client = await arena.client(handle)
    answer = await client.put("/api/v1/me/expertise", json={**body, **changes})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def invite(
    arena: Everyone, ref: str, handle: str, by: str = "author", **changes: Any
) -> httpx2.Response:
    """Ask the person, with a note."""
    body = {"handle": handle, "note": "Sie kennen sich damit aus."}
    client = await arena.client(by)
    return await client.post(f"/api/v1/ideas/{ref}/experts", json={**body, **changes})


async def answer(
    arena: Everyone, ref: str, invitation: str, by: str, act: str = "accept", text: str = ""
) -> httpx2.Response:
    """Say yes or no."""
    client = await arena.client(by)
    path = f"/api/v1/ideas/{ref}/experts/{invitation}/answer"
    return await client.post(path, json={"act": act, "text": text})


async def seen(arena: Everyone, ref: str, by: str = "author") -> dict[str, Any]:
    """Suggestions and invitations as the person sees them."""
    found = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/experts")
    assert found.status_code == 200, found.text
    read: dict[str, Any] = found.json()
    return read


async def suggested(arena: Everyone, ref: str, by: str = "author") -> dict[str, list[str]]:
    """Whom the idea could ask, with the kinds of reasons."""
    return {
        each["person"]["handle"]: [reason["kind"] for reason in each["reasons"]]
        for each in (await seen(arena, ref, by))["suggestions"]
    }
