"""Requirements and tasks keep the words of the comment they were made from; a hiding takes both."""

from storage import migrate
from tests.server.abuse.reporting import call, comment, hide
from tests.server.following.news import News
from tests.server.idea.arena_of_all import Everyone

BAD = "Unerhörtes über Sie."
SEEN = (
    *("/ideas/{}", "/ideas/{}/tasks", "/ideas/{}/fragments/requirements", "/ideas/{}/comments"),
    *("/ideas/{}/fragments/task-list", "/ideas/{}/timeline", "/ideas/{}/feed.atom", "/ideas/{}.md"),
    *("/api/v1/ideas/{}/tasks", "/api/v1/ideas/{}/requirements", "/api/v1/ideas/{}/events"),
    *("/api/v1/ideas/{}/tasks/1", "/api/v1/ideas/{}/requirements/1", "/api/v1/ideas/{}/comments"),
)
MINE = ("/tasks", "/api/v1/tasks", "/ideas/{}/tasks/1")
READERS = ("guest", "expert", "lead")


async def made(arena: Everyone) -> tuple[str, str]:
    """An idea and a comment, which became a requirement and a task of expert."""
    ref = await arena.idea("open")
    said = await comment(arena, ref, text=BAD)
    path = f"/api/v1/ideas/{ref}/comments/{said}"
    asked = await call(arena, "author", "POST", f"{path}/requirement", text="")
    assert asked.status_code == 201, asked.text
    task = await call(arena, "author", "POST", f"{path}/task", text=BAD, owner="expert")
    assert task.status_code == 201, task.text
    return ref, said


async def read_by(arena: Everyone, ref: str, by: str) -> set[str]:
    client, found = await arena.client(by), set()
    for path in (*SEEN, *(MINE if by == "expert" else ())):
        answer = await client.get(path.format(ref))
        assert answer.status_code == 200, (path, answer.text)
        if BAD in answer.text:
            found.add(path)
    return found


async def test_c25_what_was_made_of_a_comment_is_hidden_and_shown_with_it(
    arena: Everyone,
) -> None:
    ref, said = await made(arena)
    before = {by: await read_by(arena, ref, by) for by in READERS}
    assert {"/ideas/{}/tasks", "/api/v1/ideas/{}/tasks/1"} <= before["guest"]
    assert {"/ideas/{}", "/api/v1/ideas/{}/requirements/1"} <= before["guest"]
    assert set(MINE) <= before["expert"]
    assert (await hide(arena, ref, said)).status_code == 200
    for by in READERS:
        assert await read_by(arena, ref, by) == set()
    for path in ("/ideas/{}/tasks", "/ideas/{}"):
        page = (await (await arena.client("guest")).get(path.format(ref))).text
        assert "Aus einem Kommentar, den die Moderation ausgeblendet hat." in page
    # Moderators read what it was, and it can still be answered and done.
    assert {"/ideas/{}/tasks", "/api/v1/ideas/{}/requirements"} <= await read_by(
        arena, ref, "moderator"
    )
    path = f"/api/v1/ideas/{ref}"
    done = await call(arena, "expert", "PUT", f"{path}/tasks/1/state", state="done")
    assert (done.status_code, done.json()["text"]) == (200, None)
    reason = {"reason": "Mein Fehler."}
    await call(arena, "moderator", "POST", f"{path}/comments/{said}/show", **reason)
    assert {"/ideas/{}/tasks", "/ideas/{}"} <= await read_by(arena, ref, "guest")


async def test_c25_no_mail_says_what_is_hidden(arena: Everyone) -> None:
    news = News(arena)
    await news.give_addresses()
    ref, said = await made(arena)
    await hide(arena, ref, said)
    path = f"/api/v1/ideas/{ref}/requirements/1/answer"
    given = {"state": "taken_up", "because": "Gut.", "expected_revision": 0}
    assert (await call(arena, "author", "PUT", path, **given)).status_code == 200
    await arena.arena.services.mail.close()
    mails = [each for each in news.outbox() if "Gut." in each.get_content()]
    assert mails, "the answer is told"
    assert not [each for each in mails if BAD in each.get_content()]


async def test_c25_a_task_that_was_put_in_other_words_is_read_again(arena: Everyone) -> None:
    ref, said = await made(arena)
    await hide(arena, ref, said)
    path = f"/api/v1/ideas/{ref}/tasks/1"
    form = (await (await arena.client("author")).get(f"/ideas/{ref}/tasks/1")).text
    assert BAD not in form
    await call(arena, "author", "PUT", path, text="Bänke zählen.", owner="expert")
    found = (await call(arena, "guest", "GET", path)).json()
    assert found["text"] == "Bänke zählen."


async def test_c25_what_was_hidden_before_an_upgrade_is_hidden_after_it(arena: Everyone) -> None:
    ref, said = await made(arena)
    await hide(arena, ref, said)
    url = arena.arena.services.settings.database_url
    await migrate.downgrade(url, "0037")
    await migrate.upgrade(url)
    assert await read_by(arena, ref, "guest") == set()
