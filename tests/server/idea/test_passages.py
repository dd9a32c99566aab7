"""Comments and the passages they are about: chosen by typing, and in sight when they are gone."""

from __future__ import annotations

import pytest

from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_comments import ANCHOR, say, seen

GONE = {**ANCHOR, "quote": "eine Seilbahn über den Fluss", "prefix": "", "suffix": ""}
HEADING = "Kommentare, deren Textstelle es nicht mehr gibt"


async def test_c21_the_api_says_what_became_of_the_passage(arena: Everyone) -> None:
    ref = await arena.idea("open")
    mine = {"section": "situation", "start": "", "end": "", "prefix": "", "suffix": ""}
    for quote in ("Text zu situation", "Text zu costs", "Texte zur situation", "eine Seilbahn"):
        answer = await say(arena, ref, text=quote, anchor={**mine, "quote": quote})
        assert answer.status_code == 201, answer.text
    await say(arena, ref, text="ohne Stelle")
    states = {each["text"]: each["anchor_state"] for each in await seen(arena, ref, "guest")}
    assert states["Text zu situation"] == "here"
    assert states["eine Seilbahn"] == "gone"
    assert states["ohne Stelle"] is None
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/comments/anchors")
    assert {each["anchor_state"] for each in answer.json()["anchors"]} <= set(states.values())


async def test_c21_comments_whose_words_are_gone_are_listed_with_their_quote(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    await say(arena, ref, anchor=ANCHOR)
    guest = await arena.client("guest")
    before = (await guest.get(f"/ideas/{ref}/fragments/comments")).text
    assert 'data-orphans aria-labelledby="orphans-label" hidden' in before
    lost = (await say(arena, ref, text="Zu teuer.", anchor=GONE)).json()["id"]
    for path in (f"/ideas/{ref}", f"/ideas/{ref}/fragments/comments"):
        page = (await guest.get(path)).text
        listed = page.partition(HEADING)[2].partition("</section>")[0]
        assert "<q>eine Seilbahn über den Fluss</q>" in listed
        assert f"/ideas/{ref}/comments/{lost}" in listed
        assert "Text zu" not in listed
        assert "Diese Textstelle gibt es nicht mehr." in page


async def test_c22_without_a_script_the_words_are_typed(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client = await arena.client("participant")
    form = {"kind": "question", "text": "Wer misst das?", "quote": "  Text zu\r\n situation "}
    answer = await client.post(f"/ideas/{ref}/comments", data=form)
    assert answer.status_code == 303
    (found,) = await seen(arena, ref, "guest")
    assert (found["anchor"]["section"], found["anchor"]["start"]) == ("situation", "")
    assert (found["anchor"]["quote"], found["anchor_state"]) == ("Text zu situation", "here")


@pytest.mark.parametrize(
    ("quote", "section"),
    [("eine Seilbahn", ""), ("Text zu situation", "costs"), ("x" * 501, "")],
)
async def test_c22_words_that_do_not_stand_there_come_back_with_the_form(
    arena: Everyone, quote: str, section: str
) -> None:
    ref = await arena.idea("open")
    client = await arena.client("participant")
    form = {"kind": "note", "text": "Mein Satz.", "quote": quote, "quote_section": section}
    answer = await client.post(f"/ideas/{ref}/comments", data=form)
    assert answer.status_code == 422
    assert 'id="e-quote"' in answer.text
    assert "Mein Satz." in answer.text
    assert await seen(arena, ref, "guest") == []


async def test_c22_an_anchor_has_both_positions_or_none(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await say(arena, ref, anchor={**ANCHOR, "start": ""})
    assert answer.json()["fields"] == {"anchor.start": "malformed"}
    assert (await say(arena, ref, anchor={**ANCHOR, "start": "", "end": ""})).status_code == 201
