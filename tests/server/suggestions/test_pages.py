"""Suggesting and deciding by forms, without a script."""

import re

import httpx2
import pytest

from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.suggestions.suggesting import listed, suggested, words

CHECKING = "feasibility"


async def test_q14_who_changes_a_paragraph_suggests_the_smallest_change(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    await write(arena, ref, "author", "idea", "Eine alte Bank am See.")
    person = await arena.client("participant")
    chosen = await person.get(f"/ideas/{ref}/suggestions/new?section=idea")
    assert "Eine alte Bank am See." in chosen.text
    page = await person.get(f"/ideas/{ref}/suggestions/new?section=idea&paragraph=1")
    form = {**hidden(page), "text": "Eine neue Bank am See.\r\n", "reason": "Morsch."}
    made = await person.post(f"/ideas/{ref}/suggestions/new", data=form)
    assert made.status_code == 303, made.text
    (row,) = await listed(arena, ref)
    assert (row["passage"]["quote"], row["text"], row["kind"]) == ("alte", "neue", "replace")
    shown = await person.get(f"/ideas/{ref}/suggestions")
    assert re.search(r"<del>.*?alte</del>", shown.text)
    assert re.search(r"<ins>.*?neue</ins>", shown.text)
    assert "Morsch." in shown.text


@pytest.mark.parametrize(
    ("paragraph", "text", "wanted"),
    [
        ("0", "Text zu idea.\r\n\r\nMit Brunnen.", "Text zu idea.\nMit Brunnen."),
        ("0", "", ""),
        ("end", "Mit Brunnen.", "Text zu idea.\nMit Brunnen."),
    ],
)
async def test_q14_a_paragraph_can_be_added_parted_and_taken_out(
    arena: Everyone, paragraph: str, text: str, wanted: str
) -> None:
    ref = await arena.idea(CHECKING)
    person, author = await arena.client("expert"), await arena.client("author")
    page = await person.get(f"/ideas/{ref}/suggestions/new?section=idea&paragraph={paragraph}")
    form = {**hidden(page), "text": text}
    assert (await person.post(f"/ideas/{ref}/suggestions/new", data=form)).status_code == 303
    (row,) = await listed(arena, ref)
    path = f"/ideas/{ref}/suggestions/{row['id']}/accept"
    assert (await author.post(path, data={"revision": "1"})).status_code == 303
    assert await words(arena, ref) == wanted


async def test_q14_who_was_overtaken_reads_what_stands_there_and_keeps_his_words(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    person = await arena.client("participant")
    page = await person.get(f"/ideas/{ref}/suggestions/new?section=idea&paragraph=0")
    form = {**hidden(page), "text": "Meine Worte."}
    form["before"] = "Was vorher dastand, Text zu idea."
    late = await person.post(f"/ideas/{ref}/suggestions/new", data=form)
    assert late.status_code == 409
    assert "Meine Worte." in late.text
    assert "Text zu idea." in late.text
    for faulty in ({"passage": "[]"}, {"passage": '{"x": 1}'}, {"paragraph": "x"}):
        answer = await person.post(f"/ideas/{ref}/suggestions/new", data={**form, **faulty})
        assert answer.status_code == 422


async def test_q6_of_several_that_are_ticked_those_that_fit_are_accepted(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    one = await suggested(arena, ref, "Text", "Wort")
    two = await suggested(arena, ref, "idea.", "Ufer.", by="expert")
    three = await suggested(arena, ref, "idea.", "See.", by="support")
    author = await arena.client("author")
    ticked = [f"{each['id']}.1" for each in (one, two, three)]
    page = await author.get(f"/ideas/{ref}/suggestions")
    assert all(each in page.text for each in ticked)
    done = await author.post(f"/ideas/{ref}/suggestions/accept", data={"suggestion": ticked})
    assert done.status_code == 409
    assert "Die Stelle lautet inzwischen anders" in done.text
    assert await words(arena, ref) == "Wort zu Ufer."
    states = {each["id"]: each["state"] for each in await listed(arena, ref)}
    assert [states[each["id"]] for each in (one, two, three)] == ["accepted", "accepted", "open"]
    nothing = await author.post(f"/ideas/{ref}/suggestions/accept", data={})
    assert nothing.status_code == 422


async def test_q7_declining_and_withdrawing_by_form(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    one = await suggested(arena, ref)
    two = await suggested(arena, ref, text="Zwei.")
    author, person = await arena.client("author"), await arena.client("participant")
    path = f"/ideas/{ref}/suggestions"
    empty = await author.post(f"{path}/{one['id']}/decline", data={"decision": ""})
    assert empty.status_code == 422
    assert f"#f-decision-{one['id']}" in empty.text
    await author.post(f"{path}/{one['id']}/decline", data={"decision": "Zu lang."})
    edit = await person.get(f"{path}/{two['id']}/edit")
    changed = {**hidden(edit), "text": "Drei", "reason": "So."}
    assert (await person.post(f"{path}/{two['id']}/edit", data=changed)).status_code == 303
    stale = {**changed, "text": "Vier"}
    assert (await person.post(f"{path}/{two['id']}/edit", data=stale)).status_code == 409
    await person.post(f"{path}/{two['id']}/withdraw", data={})
    page = (await person.get(path)).text
    assert "Zu lang." in page
    assert "zurückgezogen" in page
    assert "Drei" in page


async def test_q5_the_page_shows_competing_ones_as_a_group_and_filters_by_section(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    await suggested(arena, ref)
    await suggested(arena, ref, text="Anders.", by="expert")
    await suggested(arena, ref, "Text zu benefit.", "Schatten.", section="benefit")
    guest = await arena.client("guest")
    page = (await guest.get(f"/ideas/{ref}/suggestions")).text
    assert "2 Vorschläge zur selben Stelle" in page
    only = (await guest.get(f"/ideas/{ref}/suggestions?section=benefit")).text
    assert "Schatten" in only
    assert "Anders" not in only
    assert "3 offene Vorschläge zum Text" in (await guest.get(f"/ideas/{ref}")).text


def hidden(page: httpx2.Response) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    assert page.status_code == 200, page.text
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return dict(found)


async def test_q14_selected_words_are_sent_from_the_page_of_the_idea(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    person = await arena.client("participant")
    passage = '{"quote":"idea","prefix":"Text zu ","suffix":"."}'
    form = {"from": "idea", "section": "idea", "passage": passage, "text": "See", "reason": ""}
    made = await person.post(f"/ideas/{ref}/suggestions/new", data=form)
    assert (made.status_code, made.headers["location"]) == (303, f"/ideas/{ref}")
    assert "1 offener Vorschlag" in (await person.get(f"/ideas/{ref}/fragments/suggestions")).text
    drawn = (await person.get(f"/ideas/{ref}/fragments/suggested")).text
    assert "data-suggestion=" in drawn
