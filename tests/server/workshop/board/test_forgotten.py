"""Notes that were written silently and that nobody has revealed: nobody forgets them."""

from __future__ import annotations

from server.actions.workshop import leading
from server.actions.workshop.board.silent import show_notes
from server.actions.workshop.doors import end_workshop, resume_workshop
from tests.server.workshop.board.table import texts, write
from tests.server.workshop.board.test_pages import browser
from tests.server.workshop.evening import Evening

LEFT = "1 Zettel ist noch verdeckt."
NEVER = "1 Zettel wurde nie aufgedeckt."


async def test_ws19_who_leads_is_told_of_notes_that_nobody_has_revealed(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    page, path = await kiez.everyone.client("moderator"), f"/w/{kiez.code}"
    _, ana = await kiez.guest("Ana")
    await write(kiez, ana, "note-1", "Mehr Bänke")
    # While the step runs there is one quiet button, and a word where the evening is ended.
    during = (await page.get(path)).text
    assert during.count('value="show-notes"') == 1
    assert during.count(LEFT) == 1
    await leading.go_to_step(services, boss, kiez.code, 1)
    left = (await page.get(f"{path}/fragments/lead")).text
    assert left.count(LEFT) == 2
    assert "Der stille Schritt ist vorbei." in left
    await end_workshop(services, boss, kiez.code)
    over = (await page.get(path)).text
    assert NEVER in over
    assert 'value="show-notes"' in over
    assert "Mehr Bänke" not in over
    # The button still does it.
    lead, reveal = f"{path}/board/lead", {"deed": "show-notes"}
    live = await page.post(lead, data=reveal, headers={"X-Live-Form": "1"})
    assert live.status_code == 204, "one stays where one is"
    assert (await page.post(lead, data=reveal)).status_code == 303
    assert await texts(kiez) == ["Mehr Bänke"]
    await resume_workshop(services, boss, kiez.code)
    again = await page.get(path)
    assert again.status_code == 200
    assert 'value="show-notes"' not in again.text
    await end_workshop(services, boss, kiez.code)
    shown = await page.get(path)
    assert shown.status_code == 200
    assert NEVER not in shown.text


async def test_ws19_in_the_harvest_an_author_reads_what_was_never_revealed_and_nobody_else(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    ana, bo = await browser(kiez, "Ana"), await browser(kiez, "Bo")
    answer = await ana.post(
        f"/w/{kiez.code}/board/notes",
        data={"id": "note-1", "text": "Mehr Bänke", "colour": "yellow"},
    )
    assert answer.status_code == 303
    path = f"/w/{kiez.code}/harvest"
    assert "Mehr Bänke" not in (await ana.get(path)).text, "the evening goes on"
    await end_workshop(services, boss, kiez.code)
    own = (await ana.get(path)).text
    assert "Ihre verdeckten Zettel" in own
    assert "Mehr Bänke" in own
    leads = (await (await kiez.everyone.client("moderator")).get(path)).text
    assert NEVER in leads
    for text in (leads, (await bo.get(path)).text, (await ana.get(f"{path}.md")).text):
        assert "Mehr Bänke" not in text
    assert NEVER not in (await bo.get(path)).text
    await show_notes(services, boss, kiez.code)
    assert "Ihre verdeckten Zettel" not in (await ana.get(path)).text
