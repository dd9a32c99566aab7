"""What settles a thread, what becomes of comments, and tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from collab.process.following.notices import NoticeReason
from collab.process.talk.tasks import OPEN_TASKS_MAX
from storage import ideas
from storage.database import METADATA
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.test_comments import ANCHOR, say, seen
from tests.server.idea.test_talk import page, send, told
from tests.server.idea.writing import write


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    """One for all: each test has ideas of its own."""
    folder: Path = tmp_path_factory.mktemp("outcomes")
    async with everyone(folder) as arena:
        yield arena


async def test_c10_the_change_since_a_comment_settles_it(arena: Everyone) -> None:
    ref = await arena.idea("open")
    comment = (await say(arena, ref, text="Der Preis fehlt.")).json()["id"]
    path = f"{ref}/comments/{comment}"
    same = await page(arena, f"/ideas/{path}/settle", "author")
    assert "hat sich am Text nichts geändert" in same
    arena.arena.clock.pass_by(seconds=5)
    await write(arena, ref, "author", "situation", "Es kostet 5.000 Euro.")
    assert 'name="since_comment"' in await page(arena, f"/ideas/{path}/settle", "author")
    client = await arena.client("author")
    form = {
        "resolved": "yes",
        "with_reason": "yes",
        "note": "Steht jetzt da.",
        "since_comment": "yes",
    }
    long = await client.post(f"/ideas/{path}/resolve", data={**form, "note": "x" * 501})
    assert long.status_code == 422
    sent = await client.post(f"/ideas/{path}/resolve", data=form)
    assert sent.status_code == 303, sent.text[-3000:]
    (found,) = await seen(arena, ref, "guest")
    (settled,) = found["settled"]
    assert (settled["note"], settled["reopened_at"]) == ("Steht jetzt da.", None)
    html = await page(arena, f"/ideas/{ref}")
    change = settled["change"]
    diff = f"/ideas/{ref}/versions/{change['change_from']}/diff/{change['change_to']}"
    assert f'href="{diff}"' in html
    assert "Steht jetzt da." in html
    assert "Es kostet 5.000 Euro." in await page(arena, diff)


async def test_c10_what_settled_a_thread_stays_when_it_is_opened_again(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"{ref}/comments/{(await say(arena, ref)).json()['id']}"
    for note in ("Erst.", "Dann."):
        body = {"resolved": True, "note": note, "since_comment": True}
        answer = await send(arena, "lead", "PATCH", path, **body)
        assert answer.status_code == 200, answer.text
        if note == "Erst.":
            await send(arena, "lead", "PATCH", path, resolved=False)
    (found,) = await seen(arena, ref, "guest")
    assert [(each["note"], each["reopened_at"] is None) for each in found["settled"]] == [
        ("Erst.", False),
        ("Dann.", True),
    ]
    assert [each["change"] for each in found["settled"]] == [None, None]
    assert "War schon einmal erledigt" in await page(arena, f"/ideas/{ref}")


async def test_c10_a_change_lies_between_versions_that_are_kept(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"{ref}/comments/{(await say(arena, ref)).json()['id']}"
    change = {"change_from": "1.1", "change_to": "1.99"}
    answer = await send(arena, "lead", "PATCH", path, resolved=True, change=change)
    assert answer.json()["fields"] == {"change_from": "unknown", "change_to": "unknown"}
    assert (await seen(arena, ref, "guest"))[0]["resolved_at"] is None


async def test_c11_in_its_own_words_it_is_its_authors_requirement(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = (await say(arena, ref, text="Rollstühle passen.", anchor=ANCHOR)).json()["id"]
    other = (await say(arena, ref, text="Licht!")).json()["id"]
    for comment, text in ((said, ""), (other, "Nachts ist es hell.")):
        path = f"{ref}/comments/{comment}/requirement"
        assert (await send(arena, "expert", "POST", path, text=text)).status_code == 403
        made = await send(arena, "editor", "POST", path, text=text)
        assert made.status_code == 201
        again = await send(arena, "editor", "POST", path, text=text)
        assert (again.status_code, again.json()["code"]) == (409, "already-made")
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/requirements")
    first, second = answer.json()["requirements"]
    assert (first["raised_by"]["handle"], first["recorded_for"], first["anchor"]) == (
        "participant",
        None,
        ANCHOR,
    )
    assert (second["raised_by"]["handle"], second["recorded_for"], second["text"]) == (
        "editor",
        "Participant",
        "Nachts ist es hell.",
    )
    became = [each["became"] for each in await seen(arena, ref, "guest")]
    assert became == [[{"kind": "requirement", "target": str(n)}] for n in (1, 2)]
    assert f'href="/ideas/{ref}#requirement-1"' in await page(arena, f"/ideas/{ref}")


async def test_c11_a_comment_becomes_a_task(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = (await say(arena, ref, text="Jemand frage das Amt.", anchor=ANCHOR)).json()["id"]
    path = f"/ideas/{ref}/comments/{said}"
    html = await page(arena, f"{path}/become", "editor")
    assert "Jemand frage das Amt.</textarea>" in html
    assert f"/ideas/{ref}/suggestions/new?comment={said}" in html
    client = await arena.client("editor")
    form = {"task_text": "Amt fragen", "task_owner": "nobody", "task_due": "gestern"}
    refused = await client.post(f"{path}/task", data=form)
    assert refused.status_code == 422
    assert "Das ist nicht lesbar." in refused.text
    refused = await client.post(f"{path}/task", data=form | {"task_due": ""})
    assert "Diese Person gibt es nicht, oder" in refused.text
    assert 'value="nobody"' in refused.text
    done = await client.post(f"{path}/task", data=form | {"task_due": "", "task_owner": "@Lead"})
    assert done.status_code == 303
    assert f'href="/ideas/{ref}/tasks#task-1"' in await page(arena, f"/ideas/{ref}")
    tasks = await page(arena, f"/ideas/{ref}/tasks")
    assert "Amt fragen" in tasks
    assert f'href="{path}"' in tasks
    assert await told(arena, ref, "lead") == [NoticeReason.ASSIGNED]


async def test_c12_who_plans_and_whose_it_is_finish_a_task(arena: Everyone) -> None:
    ref = await arena.idea("open")
    for owner in ("expert", "", "expert"):
        await send(arena, "author", "POST", f"{ref}/tasks", text="Fragen", owner=owner)
    assert (await send(arena, "expert", "POST", f"{ref}/tasks", text="x")).status_code == 403
    settle = {"state": "done", "reason": "Das Amt ist einverstanden."}
    foreign = await send(arena, "expert", "PUT", f"{ref}/tasks/2/state", **settle)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not-your-task")
    mine = await send(arena, "expert", "PUT", f"{ref}/tasks/1/state", **settle)
    assert (mine.json()["state"], mine.json()["settled_by"]["handle"]) == ("done", "expert")
    dropped = {"state": "dropped", "reason": ""}
    answer = await send(arena, "moderator", "PUT", f"{ref}/tasks/1/state", **dropped)
    assert answer.json()["fields"] == {"reason": "empty"}
    late = await send(
        arena, "moderator", "PUT", f"{ref}/tasks/1/state", state="dropped", reason="x"
    )
    assert (late.status_code, late.json()["code"]) == (409, "task-settled")
    again = await send(arena, "moderator", "PUT", f"{ref}/tasks/1/state", state="open")
    assert (again.json()["settled_at"], again.json()["reason"]) == (None, "")
    assert (
        await send(arena, "lead", "PUT", f"{ref}/tasks/9/state", state="done")
    ).status_code == 404
    own = await (await arena.client("expert")).get("/api/v1/tasks")
    assert [(each["idea"], each["task"]["number"]) for each in own.json()["tasks"]] == [
        (ref, 1),
        (ref, 3),
    ]
    assert "Fragen" in await page(arena, "/tasks", "expert")


async def test_c13_what_is_late_says_so_on_both_pages(arena: Everyone) -> None:
    ref = await arena.idea("open")
    today = arena.arena.clock().date()
    body = {"text": "Messen", "due": today.isoformat(), "owner": "editor"}
    made = await send(arena, "author", "POST", f"{ref}/tasks", **body)
    assert made.json()["is_overdue"] is False
    assert "1 offene Aufgabe</a>" in await page(arena, f"/ideas/{ref}")
    arena.arena.clock.pass_by(days=2)
    for path in (f"/ideas/{ref}/tasks", f"/ideas/{ref}/fragments/task-list"):
        assert "überfällig" in await page(arena, path)
    assert "1 überfällig" in await page(arena, f"/ideas/{ref}/fragments/tasks")
    assert "überfällig" in await page(arena, "/tasks", "editor")
    kept = await send(arena, "author", "PUT", f"{ref}/tasks/1", **(body | {"text": "Nachmessen"}))
    assert (kept.status_code, kept.json()["text"]) == (200, "Nachmessen")
    past = await send(arena, "author", "POST", f"{ref}/tasks", **body)
    assert past.json()["fields"] == {"due": "in-the-past"}


async def test_c13_an_idea_holds_so_many_open_tasks(arena: Everyone) -> None:
    ref = await arena.idea("open")
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        rows = [
            {
                "id": uuid4(), "idea_id": idea.id, "number": number, "text": "x", "state": "open",
                "reason": "", "created_by": idea.created_by, "created_at": arena.arena.clock(),
            }
            for number in range(1, OPEN_TASKS_MAX)
        ]  # fmt: skip
        await tx.run(METADATA.tables["task"].insert(), rows)
    last = await send(arena, "lead", "POST", f"{ref}/tasks", text="x")
    assert last.json()["number"] == OPEN_TASKS_MAX
    full = await send(arena, "lead", "POST", f"{ref}/tasks", text="x")
    assert (full.status_code, full.json()["code"]) == (409, "tasks-full")
    await send(arena, "lead", "PUT", f"{ref}/tasks/7/state", state="done")
    assert (await send(arena, "lead", "POST", f"{ref}/tasks", text="x")).status_code == 201
    back = await send(arena, "lead", "PUT", f"{ref}/tasks/7/state", state="open")
    assert back.json()["code"] == "tasks-full"
    client = await arena.client("lead")
    sent = await client.post(f"/ideas/{ref}/tasks", data={"task_text": "Noch eine"})
    assert sent.status_code == 409
    assert "Noch eine" in sent.text


async def test_c14_a_task_goes_to_somebody_who_may_work_on_it(arena: Everyone) -> None:
    draft, ref = await arena.idea("draft"), await arena.idea("open")
    for idea, owner in ((draft, "expert"), (draft, "nobody"), (ref, "observer")):
        refused = await send(arena, "author", "POST", f"{idea}/tasks", text="x", owner=owner)
        assert refused.json()["fields"] == {"owner": "cannot-own"}
    await send(arena, "author", "POST", f"{draft}/tasks", text="x", owner="editor")
    assert await told(arena, draft, "editor") == [NoticeReason.ASSIGNED]
    guest = await arena.client("guest")
    for path in (f"/ideas/{draft}/tasks", f"/api/v1/ideas/{draft}/tasks"):
        assert (await guest.get(path)).status_code == 404
    await send(arena, "author", "PUT", f"{draft}/tasks/1", text="y", owner="lead")
    await send(arena, "author", "PUT", f"{draft}/tasks/1", text="z", owner="lead")
    assert await told(arena, draft, "lead") == [NoticeReason.ASSIGNED]
    lead = await arena.actor("lead")
    assert lead.person_id is not None
    async with arena.arena.services.database.write() as tx:
        idea_row = await ideas.by_ref(tx, draft)
        assert idea_row is not None
        await ideas.remove_role(tx, idea_row.id, lead.person_id, "lead")
    own = await (await arena.client("lead")).get("/api/v1/tasks")
    assert draft not in [each["idea"] for each in own.json()["tasks"]]
    assert draft not in await page(arena, "/tasks", "lead")
