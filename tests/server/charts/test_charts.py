"""Judgements as bars and tables: readable without seeing, n beside every number, nobody hidden."""

import re

from tests.server.feasibility.acts import judge
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.pages.reading import Page, get


async def judged(arena: Everyone) -> str:
    """An idea of which three people hold two views."""
    ref = await arena.idea("feasibility")
    await judge(arena, ref, "expert", verdict="feasible", confidence="low", reason="")
    await judge(arena, ref, "signatory", verdict="feasible", confidence="low")
    await judge(
        arena, ref, "participant", verdict="not_feasible", confidence="high", reason="Die Brücke."
    )
    return ref


async def numbers(arena: Everyone, ref: str, query: str = "") -> Page:
    """The page of numbers as a guest reads it."""
    return await get(await arena.client("guest"), f"/ideas/{ref}/feasibility{query}")


def rows(page: Page) -> list[str]:
    return [each.text for each in page.all("tr")]


async def test_w3_a_table_says_what_every_bar_shows_and_bars_are_kept_from_screen_readers(
    arena: Everyone,
) -> None:
    page = await numbers(arena, await judged(arena))
    drawn = page.all("svg", class_="verdict-bar")
    assert drawn
    assert all(each["aria-hidden"] == "true" for each in drawn)
    assert len(page.all("figure")) == len(page.all("figcaption")) == 2
    overview = next(each for each in rows(page) if each.startswith("Rechtlich"))
    assert overview.split()[1:] == ["2", "0", "0", "1", "3", "67", "%"]
    assert "Alle 2 0 0 1 3" in rows(page)
    assert "unsicher 2 0 0 0 2" in rows(page)
    assert "sehr sicher 0 0 0 1 1" in rows(page)


async def test_w3_no_verdict_is_told_by_colour_alone(arena: Everyone) -> None:
    page = await numbers(arena, await judged(arena))
    patterns = {each["id"] for each in page.all("pattern")}
    used = set(re.findall(r"url\(#([\w-]+)\)", page.source))
    assert used <= patterns
    assert len(patterns) == 5


async def test_w3_each_view_says_what_it_does_and_how_many_judged(arena: Everyone) -> None:
    ref = await judged(arena)
    plain, sure = await numbers(arena, ref), await numbers(arena, ref, "?weighting=confidence")
    assert "dreifach" in sure.text
    assert "In dieser Sicht zählen 3 von n = 3." in sure.text
    overview = next(each for each in rows(sure) if each.startswith("Rechtlich"))
    assert overview.split()[1:] == ["40", "%", "0", "%", "0", "%", "60", "%", "3", "86", "%"]
    assert sure.one("option", selected="")["value"] == "confidence"
    region = sure.all("div", **{"data-topic": f"idea:{ref}:judgements"})[0]
    fragment = await get(await arena.client("guest"), region["data-fragment"])
    assert rows(fragment) == rows(sure)
    assert plain.one("option", selected="")["value"] == "none"


async def test_w3_an_unknown_or_hostile_view_is_the_plain_one(arena: Everyone) -> None:
    ref = await judged(arena)
    for name in ("nobody", "%3Cscript%3E", "confidence%0d%0a", "x" * 3000):
        page = await numbers(arena, ref, f"?weighting={name}")
        assert page.one("option", selected="")["value"] == "none"


async def test_w3_a_single_doubt_stands_as_high_as_the_many(arena: Everyone) -> None:
    page = await numbers(arena, await judged(arena))
    heads = [each.text for each in page.all("h3")]
    assert heads == ["Machbar 2", "Nicht machbar 1"]
    assert "Die Brücke." in page.text
    assert not page.all("details")


async def test_w3_what_saw_an_earlier_text_has_a_hatched_bar_of_its_own(arena: Everyone) -> None:
    ref = await judged(arena)
    await write(arena, ref, "author", "situation", "Jetzt kostet es 90.000 Euro.")
    page = await numbers(arena, ref)
    assert "Für einen früheren Text (3, schraffiert):" in page.text
    assert "ein früherer Text 2 0 0 1 3" in rows(page)
    assert "url(#verdict-earlier)" in page.source


async def test_reasons_are_rendered_as_words_whatever_is_in_them(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, reason='<script>alert(1)</script><svg onload="x">')
    page = await numbers(arena, ref)
    assert "<script>alert" not in page.source
    assert "<script>alert(1)</script>" in page.text


async def test_a_draft_has_no_page_of_numbers_for_others(arena: Everyone) -> None:
    ref = await arena.idea("draft")
    assert (await numbers(arena, ref)).status == 404
