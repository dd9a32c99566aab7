"""The part of the idea's page about guiding ideas, and its forms without a script."""

import re

from tests.server.alignment.stating import LONG, review, state, statements
from tests.server.idea.arena_of_all import Everyone

KEY = "guiding-ideas.resilient"


async def test_f20_the_team_states_changes_and_withdraws_by_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    author = await arena.client("author")
    form = f"/ideas/{ref}/alignment/statement?goal={KEY}"
    assert "Resiliente Stadt" in (await author.get(f"/ideas/{ref}")).text
    assert 'name="expected_revision" value="0"' in (await author.get(form)).text
    fields = {"expected_revision": "0", "act": "state", "contribution": "Kühlt.", "effect": "Ruhe"}
    sent = await author.post(form, data=fields, follow_redirects=False)
    assert sent.headers["location"] == f"/ideas/{ref}#statement-{KEY}"
    page = (await author.get(f"/ideas/{ref}")).text
    assert "Kühlt." in page
    assert "Ruhe" in page
    await author.post(form, data={"expected_revision": "1", "act": "withdraw"})
    assert await statements(arena, ref) == []


async def test_f20_a_refused_form_keeps_every_word(arena: Everyone) -> None:
    ref = await arena.idea("open")
    author = await arena.client("author")
    form = f"/ideas/{ref}/alignment/statement?goal={KEY}"
    fields = {"expected_revision": "0", "act": "state", "contribution": " ", "conflict": "Lärm"}
    refused = await author.post(form, data=fields)
    assert refused.status_code == 422
    assert "Lärm" in refused.text
    await state(arena, ref, by="lead")
    overtaken = await author.post(form, data={**fields, "contribution": "Meine Worte."})
    assert overtaken.status_code == 409
    assert LONG in overtaken.text
    assert "Meine Worte." in overtaken.text
    assert 'name="expected_revision" value="1"' in overtaken.text


async def test_f21_a_reviewer_and_the_team_talk_by_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    expert, author = await arena.client("expert"), await arena.client("author")
    assert f"alignment/review?goal={KEY}" in (await expert.get(f"/ideas/{ref}")).text
    assert f"alignment/review?goal={KEY}" not in (await author.get(f"/ideas/{ref}")).text
    form = f"/ideas/{ref}/alignment/review?goal={KEY}"
    refused = await expert.post(form, data={"revision": "1", "verdict": "doubt", "text": ""})
    assert refused.status_code == 422
    await expert.post(form, data={"revision": "1", "verdict": "doubt", "text": "Und nachts?"})
    page = (await author.get(f"/ideas/{ref}")).text
    assert "Und nachts?" in page
    found = re.search(r"alignment/answer\?review=([0-9a-f-]+)", page)
    assert found is not None
    answer = f"/ideas/{ref}/alignment/answer?review={found[1]}"
    assert "Und nachts?" in (await author.get(answer)).text
    await author.post(answer, data={"text": "Auch nachts."})
    assert "Auch nachts." in (await expert.get(f"/ideas/{ref}")).text


async def test_f21_nobody_of_the_team_gets_the_form_to_review(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    form = f"/ideas/{ref}/alignment/review?goal={KEY}"
    assert (await (await arena.client("editor")).get(form)).status_code == 403


async def test_f22_a_late_answer_keeps_its_words(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    doubt = (await review(arena, ref, verdict="doubt", text="Und nachts?")).json()["reviews"][0]
    author = await arena.client("author")
    form = f"/ideas/{ref}/alignment/answer?review={doubt['id']}"
    await author.post(form, data={"text": "Auch nachts."})
    late = await author.post(form, data={"text": "Meine Antwort."})
    assert late.status_code == 409
    assert "Meine Antwort." in late.text


async def test_what_is_said_is_shown_as_said_and_never_as_markup(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref, contribution="<script>alert(1)</script>", indicator="<b>1</b>")
    page = (await (await arena.client("guest")).get(f"/ideas/{ref}")).text
    assert "<script>alert(1)" not in page
    assert "<b>1</b>" not in page
