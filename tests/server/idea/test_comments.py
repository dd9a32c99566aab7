"""Comments: written, changed, taken back, hidden, settled."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from collab.process.talk.comments import TEXT_CHARS_MAX
from tests.server.idea.arena_of_all import Everyone

ANCHOR = {
    "section": "situation",
    "start": "AAAA",
    "end": "BBBB",
    "quote": "Text zu",
    "prefix": "",
    "suffix": " situation",
}


async def say(arena: Everyone, ref: str, by: str = "participant", **body: Any) -> httpx2.Response:
    """Write a comment, a second after what was written before."""
    arena.arena.clock.pass_by(seconds=1)
    client = await arena.client(by)
    return await client.post(f"/api/v1/ideas/{ref}/comments", json={"text": "Gut!", **body})


async def seen(arena: Everyone, ref: str, by: str) -> list[dict[str, Any]]:
    """The comments as the person sees them."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/comments")
    found: list[dict[str, Any]] = answer.json()["comments"]
    return found


async def kinds_of_events(arena: Everyone, ref: str) -> list[str]:
    """What the public log says happened."""
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")
    return [each["kind"] for each in answer.json()["events"]]


async def test_c1_a_comment_is_there_for_everybody(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await say(arena, ref, kind="question", text="  Wer zahlt?\r\nUnd wann?  ")
    assert answer.status_code == 201
    (found,) = await seen(arena, ref, "guest")
    assert found == answer.json()
    assert (found["text"], found["kind"]) == ("Wer zahlt?\nUnd wann?", "question")
    assert found["author"]["handle"] == "participant"
    assert answer.headers["location"].endswith(found["id"])
    assert await kinds_of_events(arena, ref) == ["comment_added"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"text": "  "}, {"text": "empty"}),
        ({"text": "x" * (TEXT_CHARS_MAX + 1)}, {"text": "too-long"}),
        ({"kind": "shout"}, {"kind": "unknown-choice"}),
        ({"anchor": {**ANCHOR, "section": "basement"}}, {"anchor.section": "unknown"}),
        ({"anchor": {**ANCHOR, "start": "<script>"}}, {"anchor.start": "malformed"}),
        ({"anchor": {**ANCHOR, "quote": " "}}, {"anchor.quote": "empty"}),
        ({"suggestion": "x"}, {"anchor": "missing"}),
        ({"wish": "x"}, {"wish": "unknown"}),
    ],
)
async def test_c1_what_is_faulty_is_refused_by_field(
    arena: Everyone, body: dict[str, Any], fields: dict[str, str]
) -> None:
    ref = await arena.idea("open")
    answer = await say(arena, ref, **body)
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)
    assert await seen(arena, ref, "guest") == []


async def test_c2_a_comment_points_to_a_passage(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await say(arena, ref, anchor=ANCHOR)
    (found,) = await seen(arena, ref, "guest")
    assert found["anchor"] == ANCHOR
    page = await (await arena.client("guest")).get(f"/ideas/{ref}")
    assert "Text zu</a></blockquote>" in page.text


async def test_a_reply_to_a_reply_joins_the_thread(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref)).json()["id"]
    reply = (await say(arena, ref, "expert", reply_to=root)).json()
    again = (await say(arena, ref, reply_to=reply["id"])).json()
    assert reply["reply_to"] == again["reply_to"] == root


async def test_a_reply_needs_a_comment_of_the_same_idea(arena: Everyone) -> None:
    ref, other = await arena.idea("open"), await arena.idea("open")
    foreign = (await say(arena, other)).json()["id"]
    for target in (foreign, str(uuid4())):
        answer = await say(arena, ref, reply_to=target)
        assert (answer.status_code, answer.json()["code"]) == (404, "comment-not-found")


async def test_only_the_author_changes_a_comment(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/comments/{(await say(arena, ref)).json()['id']}"
    own, other = await arena.client("participant"), await arena.client("moderator")
    assert (await other.patch(path, json={"text": "Schlecht!"})).status_code == 403
    assert (await other.delete(path)).status_code == 403
    changed = await own.patch(path, json={"text": "Sehr gut!"})
    assert changed.json()["text"] == "Sehr gut!"
    assert changed.json()["edited_at"] is not None


async def test_a_comment_is_changed_only_at_its_own_idea(arena: Everyone) -> None:
    ref, other = await arena.idea("open"), await arena.idea("open")
    comment = (await say(arena, ref)).json()["id"]
    client = await arena.client("participant")
    answer = await client.patch(f"/api/v1/ideas/{other}/comments/{comment}", json={"text": "Hier?"})
    assert answer.status_code == 404


async def test_a_deleted_comment_leaves_its_place_to_its_answers(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref, text="Geheim", anchor=ANCHOR)).json()["id"]
    await say(arena, ref, "expert", text="Antwort", reply_to=root)
    client = await arena.client("participant")
    assert (await client.delete(f"/api/v1/ideas/{ref}/comments/{root}")).status_code == 204
    first, second = await seen(arena, ref, "moderator")
    assert (first["text"], first["anchor"], second["text"]) == (None, None, "Antwort")
    page = (await client.get(f"/ideas/{ref}")).text
    assert "Dieser Beitrag wurde gelöscht." in page
    assert "Geheim" not in page


async def test_a_deleted_comment_without_answers_is_gone_from_the_page(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref)).json()["id"]
    client = await arena.client("participant")
    await client.delete(f"/api/v1/ideas/{ref}/comments/{root}")
    assert root not in (await client.get(f"/ideas/{ref}")).text


async def test_c3_a_hidden_comment_says_why_to_its_author_only(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref, text="Kauft bei mir!")).json()["id"]
    await say(arena, ref, "expert", text="Antwort", reply_to=root)
    moderator = await arena.client("moderator")
    path = f"/api/v1/ideas/{ref}/comments/{root}/hide"
    assert (await moderator.post(path, json={"reason": "Werbung."})).status_code == 200
    for_others, answer = await seen(arena, ref, "guest")
    assert (for_others["text"], for_others["hidden_reason"]) == (None, None)
    assert answer["text"] == "Antwort"
    for_author = (await seen(arena, ref, "participant"))[0]
    assert (for_author["text"], for_author["hidden_reason"]) == ("Kauft bei mir!", "Werbung.")
    pages = {
        handle: (await (await arena.client(handle)).get(f"/ideas/{ref}")).text
        for handle in ("guest", "participant")
    }
    assert "Kauft" not in pages["guest"]
    assert "Werbung" not in pages["guest"]
    assert "Werbung." in pages["participant"]


async def test_a_hidden_comment_is_hidden_once_and_not_rewritten(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/comments/{(await say(arena, ref)).json()['id']}"
    moderator, author = await arena.client("moderator"), await arena.client("participant")
    await moderator.post(f"{path}/hide", json={"reason": "Werbung."})
    again = await moderator.post(f"{path}/hide", json={"reason": "Nochmals."})
    assert (again.status_code, again.json()["code"]) == (409, "already-hidden")
    edited = await author.patch(path, json={"text": "Anders."})
    assert (edited.status_code, edited.json()["code"]) == (409, "comment-hidden")


@pytest.mark.parametrize("by", ["participant", "author", "lead", "moderator"])
async def test_a_thread_is_settled_by_its_author_the_team_or_moderators(
    arena: Everyone, by: str
) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/comments/{(await say(arena, ref)).json()['id']}"
    stranger = await arena.client("expert")
    assert (await stranger.patch(path, json={"resolved": True})).status_code == 403
    client = await arena.client(by)
    assert (await client.patch(path, json={"resolved": True})).json()["resolved_at"]
    assert (await client.patch(path, json={"resolved": False})).json()["resolved_at"] is None
    assert await kinds_of_events(arena, ref) == ["comment_added", *["comment_resolved"] * 2]


async def test_a_reply_is_no_thread_to_settle(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref)).json()["id"]
    reply = (await say(arena, ref, reply_to=root)).json()["id"]
    client = await arena.client("participant")
    answer = await client.patch(f"/api/v1/ideas/{ref}/comments/{reply}", json={"resolved": True})
    assert answer.json()["fields"] == {"resolved": "not-a-thread"}
