"""Many guests look at one idea: what they all see is rendered once."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from server.pages import shared
from server.pages.render import Pages
from server.pages.shared import ENTRIES_MAX, Shared
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_comments import say

GUESTS = 300


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were rendered, one for each time."""
    found: list[str] = []
    original = Pages.text

    def text(
        self: Pages,
        connection: HTTPConnection,
        template: str,
        context: Mapping[str, Any] | None = None,
    ) -> str:
        found.append(template)
        return original(self, connection, template, context)

    monkeypatch.setattr(Pages, "text", text)
    return found


async def test_c24_the_talk_is_rendered_once_for_300_guests(
    arena: Everyone, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is that asks 300 times.
    monkeypatch.setattr(shared, "KEPT_S", 3600.0)
    ref = await arena.idea("open")
    path = f"/ideas/{ref}/fragments/comments"
    guest = await arena.client("guest")
    await guest.get(path)
    await say(arena, ref, text="Wer zahlt das?")
    rendered.clear()
    answers = await asyncio.gather(*(guest.get(path) for _ in range(GUESTS)))
    assert rendered == ["idea/comments.html"]
    assert all("Wer zahlt das?" in answer.text for answer in answers)
    english = await guest.get(path, headers={"Accept-Language": "en"})
    assert english.headers["content-language"] == "en"
    assert "Kommentar von" not in english.text
    signed_in = await (await arena.client("participant")).get(path)
    assert "data-own" in signed_in.text
    assert "data-own" not in (await guest.get(path)).text


async def test_c24_what_a_guest_may_not_see_any_more_is_not_kept(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/ideas/{ref}/fragments/comments"
    comment = (await say(arena, ref, text="Kauft bei mir!")).json()["id"]
    guest = await arena.client("guest")
    assert "Kauft bei mir!" in (await guest.get(path)).text
    moderator = await arena.client("moderator")
    await moderator.post(
        f"/api/v1/ideas/{ref}/comments/{comment}/hide", json={"reason": "Werbung."}
    )
    assert "Kauft" not in (await guest.get(path)).text
    draft = await arena.idea("draft")
    for _ in range(2):
        assert (await guest.get(f"/ideas/{draft}/fragments/comments")).status_code == 404


async def test_c24_who_hangs_up_does_not_take_the_text_from_the_others() -> None:
    kept, begun, go_on = Shared(), asyncio.Event(), asyncio.Event()

    async def render() -> str:
        begun.set()
        await go_on.wait()
        return "fertig"

    first = asyncio.create_task(kept.text(("a",), render))
    await begun.wait()
    second = asyncio.create_task(kept.text(("a",), render))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go_on.set()
    assert await second == "fertig"


async def test_c24_only_so_many_texts_are_kept() -> None:
    kept = Shared()

    async def render() -> str:
        return "x"

    for number in range(ENTRIES_MAX + 5):
        await kept.text((str(number),), render)
    assert len(kept) == ENTRIES_MAX
