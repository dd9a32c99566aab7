"""Many look at one idea: what they all see is rendered once, and what is due is not kept."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from server.language import Language
from server.pages.many import kept
from server.pages.many.kept import ENTRIES_MAX, Kept
from server.pages.render import Pages
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_comments import say

GUESTS = 300


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were rendered, one for each time."""
    found: list[str] = []
    original = Pages.text_for_many

    def text_for_many(
        self: Pages, language: Language, template: str, context: Mapping[str, Any], now: datetime
    ) -> str:
        found.append(template)
        return original(self, language, template, context, now)

    monkeypatch.setattr(Pages, "text_for_many", text_for_many)
    return found


async def test_c24_the_talk_is_rendered_once_for_300_guests(
    arena: Everyone, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow the machine is that asks 300 times.
    monkeypatch.setattr(kept, "KEPT_S", 3600.0)
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
    texts, begun, go_on = Kept[str](), asyncio.Event(), asyncio.Event()

    async def render() -> str:
        begun.set()
        await go_on.wait()
        return "fertig"

    first = asyncio.create_task(texts.of("a", render))
    await begun.wait()
    second = asyncio.create_task(texts.of("a", render))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go_on.set()
    assert await second == "fertig"


async def test_c24_only_so_many_texts_are_kept() -> None:
    texts = Kept[str]()

    async def render() -> str:
        return "x"

    for number in range(ENTRIES_MAX + 5):
        await texts.of(number, render)
    assert len(texts) == ENTRIES_MAX


async def test_c24_what_is_too_old_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, rendered = Kept[str](), []

    async def render() -> str:
        rendered.append("x")
        return "x"

    monkeypatch.setattr(kept, "KEPT_S", 0.0)
    for number in range(3):
        await texts.of(number, render)
    await texts.of(2, render)
    assert len(texts) == 1
    assert len(rendered) == 4
