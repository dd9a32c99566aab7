"""A long talk in the browser: reacting by keyboard, finding old comments, tasks, their looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.e2e.idea_page import READY_MS, IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

THREADS = 31


async def a_talk(api: Api, ref: str, threads: int) -> list[str]:
    """So many threads of all kinds, the last but one with many replies; their ids."""
    kinds = ("question", "concern", "evidence", "offer", "praise", "note")
    ids = []
    for number in range(threads):
        kind = kinds[number % len(kinds)]
        text = f"Beitrag {number}: Wer pflegt die Bänke, @participant, wenn es schneit?"
        made = await api.call("POST", f"/ideas/{ref}/comments", 201, text=text, kind=kind)
        ids.append(made["id"])
    for number in range(6):
        body = {"text": f"Antwort {number}.", "reply_to": ids[-2]}
        await api.call("POST", f"/ideas/{ref}/comments", 201, **body)
    return ids


async def test_a_long_talk_is_used_by_keyboard(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        ids = await a_talk(api, idea.ref, THREADS)
        here = f"/ideas/{idea.ref}/comments"
        await api.call("PUT", f"{here}/{ids[-1]}/reaction", reaction="disagree")
    window = IdeaPage(await visits.enter("participant"), idea.ref)
    page = window.page
    await page.goto(f"/ideas/{idea.ref}#comment-{ids[0]}")
    await expect(page).to_have_url(f"{arena.origin}{here}?thread={ids[0]}&page=1#comment-{ids[0]}")
    await expect(page.locator(f"#comment-{ids[0]}")).to_be_visible()

    await window.open()
    await expect(window.comments().locator("> li")).to_have_count(30)
    last = page.locator(f"#comment-{ids[-1]}")
    draft = page.locator("#composer").get_by_label("Ihr Beitrag")
    await draft.fill("Ich schreibe noch")
    disagree = last.get_by_role("button", name="Stimme nicht zu")
    await disagree.focus()
    await page.keyboard.press("Enter")
    await expect(disagree).to_have_attribute("aria-pressed", "true", timeout=READY_MS)
    await expect(last.locator(".mood")).to_contain_text("n = 2")
    await expect(disagree).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(last.locator(".mood")).to_contain_text("n = 1", timeout=READY_MS)
    await expect(draft).to_have_value("Ich schreibe noch")


async def test_the_pages_of_the_talk_and_of_tasks_are_accessible(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    soon = (datetime.now(tz=UTC).date() + timedelta(days=9)).isoformat()
    here, tasks = f"/ideas/{idea.ref}/comments", f"/ideas/{idea.ref}/tasks"
    async with Api(arena.origin, tokens["participant"]) as api:
        ids = await a_talk(api, idea.ref, 4)
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.call("PUT", f"{here}/{ids[3]}/reaction", reaction="disagree")
        body = {"text": "Amt fragen", "owner": "participant"}
        await api.call("POST", f"{here}/{ids[1]}/task", 201, **body)
        note = "Das Amt pflegt sie."
        await api.call("PATCH", f"{here}/{ids[1]}", resolved=True, note=note)
        await api.call("POST", f"{here}/{ids[0]}/hide", reason="Werbung.")
        await api.call("POST", tasks, 201, text="Bänke zählen", due=soon)
        await api.call("PUT", f"{tasks}/1/state", state="done", reason="Das Amt pflegt sie.")
        await api.call("POST", tasks, 201, text="Räumen", owner="participant", due=soon)
    page = await visits.enter("moderator")
    for name, path in {
        "comments": here,
        "comments-thread": f"{here}?thread={ids[-2]}",
        "comment-settle": f"{here}/{ids[3]}/settle",
        "comment-become": f"{here}/{ids[3]}/become",
        "task": f"{tasks}/2",
    }.items():
        await page.set_viewport_size({"width": 1280, "height": 900})
        await page.emulate_media(color_scheme="light")
        await page.goto(path)
        await look_at(page, name)
    visits.expect(page, r"status of 422")
    await page.goto(tasks)
    await page.get_by_label("Was ist zu tun?").fill("Noch etwas")
    await page.get_by_label("Wer macht es?").fill("niemand")
    await page.get_by_role("button", name="Aufgabe planen").click()
    await expect(page.locator(".error-summary")).to_contain_text("Diese Person gibt es nicht")
    await look_at(page, "tasks-refused")
    mine = await visits.enter("participant", "/tasks")
    await expect(mine.locator("main")).to_contain_text("Räumen")
    await picture(mine, "tasks-mine")
