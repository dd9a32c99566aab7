"""Suggesting wording and deciding about it, as honest clients do."""

from typing import Any

import httpx2

from collab.sync.suggesting.passages import passage_at
from tests.server.idea.arena_of_all import Everyone

WORDS = "Text zu idea."


async def suggest(
    arena: Everyone,
    ref: str,
    quote: str = WORDS,
    text: str = "Bänke am See.",
    *,
    by: str = "participant",
    section: str = "idea",
    **body: Any,
) -> httpx2.Response:
    """Suggest other words for a passage of the text as it is now."""
    flat = (await words(arena, ref, section)).replace("\n", " ")
    at = flat.index(quote)
    passage = passage_at(flat, at, at + len(quote)).to_json()
    given = {"section": section, "passage": passage, "text": text, **body}
    return await (await arena.client(by)).post(f"/api/v1/ideas/{ref}/suggestions", json=given)


async def suggested(arena: Everyone, ref: str, *args: Any, **named: Any) -> dict[str, Any]:
    """A suggestion that was made."""
    made = await suggest(arena, ref, *args, **named)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def act(
    arena: Everyone, ref: str, row: dict[str, Any], deed: str, by: str = "author", **body: Any
) -> httpx2.Response:
    """Accept, decline or withdraw a suggestion as it was seen."""
    given = {"accept": {"revision": row["revision"]}, "decline": {"reason": "Zu lang."}}
    path = f"/api/v1/ideas/{ref}/suggestions/{row['id']}/{deed}"
    return await (await arena.client(by)).post(path, json={**given.get(deed, {}), **body})


async def listed(arena: Everyone, ref: str, by: str = "guest") -> list[dict[str, Any]]:
    """All suggestions of the idea."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/suggestions")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["suggestions"])


async def words(arena: Everyone, ref: str, section: str = "idea") -> str:
    """The words of a section, one line a paragraph."""
    answer = await (await arena.client("author")).get(f"/api/v1/ideas/{ref}/text")
    assert answer.status_code == 200, answer.text
    nodes = answer.json()["sections"][section]
    return "\n".join("".join(run["text"] for run in node.get("content", [])) for node in nodes)
