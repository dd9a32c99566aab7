"""Long talks, who is told, reactions, what settles a thread and what becomes of a comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import event

from collab.process.following.notices import NoticeReason
from collab.process.talk.comments import TEXT_CHARS_MAX
from collab.process.talk.mentions import MENTIONS_MAX
from server.actions import people as operate
from server.views.talk.reading import REPLIES_SHOWN, THREADS_SHOWN
from storage import ideas, people
from storage.database import METADATA
from storage.following import notices
from storage.talk import comments as stored
from storage.talk.threads import ANCHORED_MAX
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.test_comments import ANCHOR, say, seen

API = "/api/v1/ideas"


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    """One for all: each test has ideas of its own."""
    folder: Path = tmp_path_factory.mktemp("talk")
    async with everyone(folder) as arena:
        yield arena


async def send(arena: Everyone, by: str, method: str, path: str, **body: Any) -> httpx2.Response:
    """One operation; a second after what was done before."""
    arena.arena.clock.pass_by(seconds=1)
    client = await arena.client(by)
    return await client.request(method, f"{API}/{path}", json=body or None)


async def page(arena: Everyone, path: str, by: str = "guest") -> str:
    answer = await (await arena.client(by)).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def told(arena: Everyone, ref: str, handle: str) -> list[str]:
    """Why the person was told of something at the idea, the newest first."""
    async with arena.arena.services.database.read() as tx:
        person, idea = await people.by_handle(tx, handle), await ideas.by_ref(tx, ref)
        assert person is not None
        assert idea is not None
        found = await notices.of_person(tx, person.id, 200)
    return [row.reason for row in found if row.idea_id == idea.id]


async def many(arena: Everyone, ref: str, count: int, **given: Any) -> list[UUID]:
    """So many threads, and half as many replies to the first one, put into the tables."""
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        now = arena.arena.services.clock() - timedelta(days=1)
        rows = [
            {
                "id": uuid4(), "idea_id": idea.id, "author_id": idea.created_by, "reply_to": None,
                "kind": "note", "text": f"Nr. {number}.", "anchor": None,
                "created_at": now + timedelta(seconds=number), **given,
            }
            for number in range(count)
        ]  # fmt: skip
        answers = [
            {**row, "id": uuid4(), "reply_to": rows[0]["id"], "text": f"Antwort {number}."}
            for number, row in enumerate(rows[: count // 2])
        ]
        table = METADATA.tables["comment"]
        await tx.run(table.insert(), rows)
        if answers:
            await tx.run(table.insert(), answers)
    return [row["id"] for row in rows]


async def test_c4_a_long_talk_costs_what_a_short_one_costs(arena: Everyone) -> None:
    short, long = await arena.idea("open"), await arena.idea("open")
    await many(arena, short, THREADS_SHOWN + 2)
    roots = await many(arena, long, 2_000)
    engine = arena.arena.services.database._reader.sync_engine
    cost: Counter[str] = Counter()

    def ask(*given: Any) -> None:
        # Rooms and the tail of the event log ask for other things in between.
        cost["questions"] += bool(re.search(r"FROM (comment|reaction|task)\b", given[2]))

    def load(*_: object) -> None:
        cost["rows"] += 1

    event.listen(engine, "before_cursor_execute", ask)
    event.listen(stored.Comment, "load", load)
    costs: dict[str, list[Counter[str]]] = {}
    try:
        for ref in (short, long):
            for path in ("/ideas/{}", "/ideas/{}/fragments/comments", API + "/{}/comments"):
                await page(arena, path.format(ref))
                cost.clear()
                await page(arena, path.format(ref))
                costs.setdefault(path, []).append(cost.copy())
    finally:
        event.remove(engine, "before_cursor_execute", ask)
        event.remove(stored.Comment, "load", load)
    for path, (little, much) in costs.items():
        assert little["questions"] == much["questions"], path
        assert much["rows"] <= 101, path
    html = await page(arena, f"/ideas/{long}/comments?before={roots[5]}")
    assert [f"<p>Nr. {number}.</p>" in html for number in range(6)] == [True] * 5 + [False]
    assert html.count("<p>Antwort ") == REPLIES_SHOWN
    assert "1000 Antworten, alle zeigen" in html


async def test_c4_the_talk_is_leafed_through_without_a_gap(arena: Everyone) -> None:
    ref = await arena.idea("open")
    roots = await many(arena, ref, 2 * THREADS_SHOWN + 5)
    newest = await page(arena, f"/ideas/{ref}")
    first = roots[-THREADS_SHOWN]
    assert f'id="comment-{first}"' in newest
    assert f"comments?before={first}" in newest
    middle = await page(arena, f"/ideas/{ref}/comments?before={first}")
    assert f'id="comment-{roots[-THREADS_SHOWN - 1]}"' in middle
    assert f"comments?before={roots[5]}" in middle
    assert f"comments?after={roots[-THREADS_SHOWN - 1]}" in middle
    oldest = await page(arena, f"/ideas/{ref}/comments?before={roots[5]}")
    assert oldest.count('id="comment-') == 5 + REPLIES_SHOWN
    assert "comments?before=" not in oldest
    listed: list[str] = []
    cursor = ""
    while True:
        path = f"{API}/{ref}/comments?limit=40{cursor}"
        answer = (await (await arena.client("guest")).get(path)).json()
        listed = [each["id"] for each in answer["comments"]] + listed
        if answer["earlier"] is None:
            break
        cursor = f"&before={answer['earlier']}"
    assert len(listed) == len(set(listed)) == 3 * THREADS_SHOWN + 5 + 2
    assert [each for each in listed if UUID(each) in roots] == [str(each) for each in roots]


async def test_c4_an_open_page_keeps_its_threads_when_new_ones_come(arena: Everyone) -> None:
    ref = await arena.idea("open")
    roots = await many(arena, ref, THREADS_SHOWN + 2)
    first = roots[2]
    assert f"fragments/comments?from={first}" in await page(arena, f"/ideas/{ref}")
    await say(arena, ref, text="Ganz neu.")
    fresh = await page(arena, f"/ideas/{ref}/fragments/comments?from={first}")
    assert f'id="comment-{first}"' in fresh
    assert f'id="comment-{roots[1]}"' not in fresh
    assert "Ganz neu." in fresh
    assert f"comments?before={first}" in fresh


async def test_c4_the_page_asks_for_kinds_and_open_threads(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await say(arena, ref, text="Wer zahlt?", kind="question", anchor=ANCHOR)
    settled = (await say(arena, ref, text="Wer plant?", kind="question")).json()["id"]
    await say(arena, ref, text="Schön.", kind="praise")
    await send(arena, "author", "PATCH", f"{ref}/comments/{settled}", resolved=True)
    html = await page(arena, f"/ideas/{ref}/comments?kind=question&open=1")
    assert [text in html for text in ("Wer zahlt?", "Wer plant?", "Schön.")] == [True, False, False]
    assert "Wer zahlt?" not in await page(arena, f"/ideas/{ref}/comments?kind=praise&anchored=1")
    found = await (await arena.client("guest")).get(
        f"{API}/{ref}/comments?resolved=true&kind=question&anchored=false"
    )
    assert [each["id"] for each in found.json()["comments"]] == [settled]
    guest = await arena.client("guest")
    for path in (
        f"/ideas/{ref}/comments?kind=shout",
        f"{API}/{ref}/comments?kind=shout",
        f"{API}/{ref}/comments?before={uuid4()}",
        f"{API}/{ref}/comments?limit=201",
    ):
        assert (await guest.get(path)).status_code == 422, path
    for path in (f"?before={uuid4()}", "?after=x", f"?thread={uuid4()}"):
        assert (await guest.get(f"/ideas/{ref}/comments{path}")).status_code == 404, path


async def test_c5_the_address_of_a_comment_finds_it(arena: Everyone) -> None:
    ref = await arena.idea("open")
    roots = await many(arena, ref, 440)
    last = (await say(arena, ref, text="Neu.")).json()["id"]
    replies = [
        (await say(arena, ref, "expert", text=f"Spät {number}", reply_to=last)).json()["id"]
        for number in range(REPLIES_SHOWN + 1)
    ]
    listed = (
        await (await arena.client("guest")).get(f"{API}/{ref}/comments?thread={roots[0]}&limit=200")
    ).json()["comments"]
    expected = {
        last: f"/ideas/{ref}#comment-{last}",
        replies[-1]: f"/ideas/{ref}#comment-{replies[-1]}",
        replies[0]: f"/ideas/{ref}/comments?thread={last}&page=1#comment-{replies[0]}",
        str(roots[3]): f"/ideas/{ref}/comments?thread={roots[3]}&page=1#comment-{roots[3]}",
        listed[-1]["id"]: (
            f"/ideas/{ref}/comments?thread={roots[0]}&page=2#comment-{listed[-1]['id']}"
        ),
    }
    guest = await arena.client("guest")
    for comment, address in expected.items():
        answer = await guest.get(f"/ideas/{ref}/comments/{comment}", follow_redirects=False)
        assert answer.headers["location"] == address
        assert f'id="comment-{comment}"' in await page(arena, address.partition("#")[0])
    assert (await guest.get(f"/ideas/{ref}/comments/{uuid4()}")).status_code == 404


async def test_c6_the_anchors_of_open_threads_come_without_words(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await many(arena, ref, ANCHORED_MAX + 5, anchor=ANCHOR)
    newest = (await say(arena, ref, text="Hier.", anchor=ANCHOR, kind="concern")).json()["id"]
    settled = (await say(arena, ref, text="Dort.", anchor=ANCHOR)).json()["id"]
    await send(arena, "participant", "PATCH", f"{ref}/comments/{settled}", resolved=True)
    answer = await (await arena.client("guest")).get(f"{API}/{ref}/comments/anchors")
    found = answer.json()["anchors"]
    assert len(found) == ANCHORED_MAX
    assert found[0] == {
        "id": newest,
        "kind": "concern",
        "anchor": ANCHOR,
        "anchor_state": "here",
    }
    draft = await arena.idea("draft")
    assert (
        await (await arena.client("guest")).get(f"{API}/{draft}/comments/anchors")
    ).status_code == 404


async def test_c7_whoever_is_named_is_linked_and_told(arena: Everyone) -> None:
    ref = await arena.idea("open")
    text = "Was meint @Expert? Mail an x@lead, `@lead`, @niemand, <b>@editor</b>"
    said = (await say(arena, ref, text=text)).json()
    assert said["mentions"] == ["editor", "expert"]
    html = await page(arena, f"/ideas/{ref}")
    assert '<a class="mention" href="/people/expert">@Expert</a>?' in html
    assert '&lt;b&gt;<a class="mention" href="/people/editor">@editor</a>&lt;/b&gt;' in html
    assert "/people/lead" not in html
    assert await told(arena, ref, "expert") == [NoticeReason.MENTIONED]
    assert await told(arena, ref, "lead") == []
    path = f"{ref}/comments/{said['id']}"
    await send(arena, "participant", "PATCH", path, text="@expert und @lead")
    assert await told(arena, ref, "lead") == [NoticeReason.MENTIONED]
    assert await told(arena, ref, "expert") == [NoticeReason.MENTIONED]
    for changed in ("Niemand.", "Doch: @expert und @lead"):
        await send(arena, "participant", "PATCH", path, text=changed)
    for who in ("expert", "lead"):
        assert await told(arena, ref, who) == [NoticeReason.MENTIONED], "once for each comment"
    too_many = " ".join(f"@p{number}" for number in range(MENTIONS_MAX + 1))
    assert (await say(arena, ref, text=too_many)).json()["fields"] == {"text": "too-many-mentions"}


async def test_c8_who_spoke_in_a_thread_is_told_once_and_not_of_his_own(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref, text="Wer zahlt?")).json()["id"]
    await say(arena, ref, "expert", text="Das Land.", reply_to=root)
    await say(arena, ref, "editor", text="Stimmt, @expert!", reply_to=root)
    assert await told(arena, ref, "participant") == [NoticeReason.REPLIED] * 2
    assert await told(arena, ref, "expert") == [NoticeReason.MENTIONED]
    assert await told(arena, ref, "editor") == []


async def test_c8_who_may_not_read_is_not_told(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref, "signatory", text="Ich war hier.")).json()["id"]
    await operate.suspend(arena.arena.services, None, "signatory", "Drohung")
    said = await say(arena, ref, text="@signatory?", reply_to=root)
    assert said.json()["mentions"] == []
    assert await told(arena, ref, "signatory") == []


async def test_c9_a_reaction_is_changed_and_taken_back(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"{ref}/comments/{(await say(arena, ref)).json()['id']}"
    for by, word in (("expert", "agree"), ("editor", "agree"), ("expert", "disagree")):
        mood = (await send(arena, by, "PUT", f"{path}/reaction", reaction=word)).json()
    assert mood == {"n": 2, "agree": 1, "disagree": 1, "unsure": 0, "mine": "disagree"}
    same = (await send(arena, "expert", "PUT", f"{path}/reaction", reaction="disagree")).json()
    assert same == mood
    html = await page(arena, f"/ideas/{ref}", "expert")
    assert 'value="" aria-pressed="true">Stimme nicht zu <span class="mood-count">1</span>' in html
    assert "n = 2" in html
    for _ in range(2):
        left = (await send(arena, "expert", "DELETE", f"{path}/reaction")).json()
    assert left == {"n": 1, "agree": 1, "disagree": 0, "unsure": 0, "mine": None}
    client = await arena.client("expert")
    form = {"reaction": "unsure"}
    answer = await client.post(f"/ideas/{path}/reaction", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ideas/{path}")
    await client.post(f"/ideas/{path}/reaction", data={"reaction": ""})
    assert (await seen(arena, ref, "expert"))[0]["reactions"]["n"] == 1
    unknown = await send(arena, "expert", "PUT", f"{path}/reaction", reaction="love")
    assert unknown.json()["fields"] == {"reaction": "unknown-choice"}


async def test_c16_nothing_is_done_with_what_is_hidden_or_deleted(arena: Everyone) -> None:
    ref = await arena.idea("open")
    hidden, deleted = [
        (await say(arena, ref, text=text)).json()["id"] for text in ("Kauft!", "Ach.")
    ]
    under = [
        (await say(arena, ref, "expert", text="Hm.", reply_to=each)).json()["id"]
        for each in (hidden, deleted)
    ]
    await send(arena, "moderator", "POST", f"{ref}/comments/{hidden}/hide", reason="Werbung.")
    await send(arena, "participant", "DELETE", f"{ref}/comments/{deleted}")
    for target, status, code in (
        (hidden, 409, "comment-hidden"),
        (under[0], 409, "comment-hidden"),
        (deleted, 404, "comment-not-found"),
        (under[1], 404, "comment-not-found"),
    ):
        answer = await say(arena, ref, text="Und doch.", reply_to=target)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for target, status in ((hidden, 409), (deleted, 404)):
        deeds: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("PUT", "reaction", {"reaction": "agree"}),
            ("DELETE", "reaction", {}),
            ("POST", "task", {"text": "x"}),
            ("POST", "requirement", {"text": "x"}),
        )
        for method, deed, body in deeds:
            path = f"{ref}/comments/{target}/{deed}"
            assert (await send(arena, "moderator", method, path, **body)).status_code == status


async def test_c9_where_the_talk_is_closed_nobody_reacts(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"{ref}/comments/{(await say(arena, ref)).json()['id']}"
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        now = arena.arena.services.clock()
        await ideas.advance(
            tx, idea.id, idea.revision, from_stage="open", to_stage="archived", now=now
        )
    for deed in ("PUT", "DELETE"):
        body = {"reaction": "agree"} if deed == "PUT" else {}
        assert (await send(arena, "author", deed, f"{path}/reaction", **body)).status_code == 403
    assert (await say(arena, ref)).status_code == 403
    assert "aria-pressed" not in await page(arena, f"/ideas/{ref}/comments", "author")


async def test_c15_the_same_words_sent_twice_are_one_comment(arena: Everyone) -> None:
    ref = await arena.idea("open")
    first = (await say(arena, ref, text="Gut so.")).json()
    assert (await say(arena, ref, text=" Gut so.\n")).json()["id"] == first["id"]
    assert (await say(arena, ref, "expert", text="Gut so.")).json()["id"] != first["id"]
    reply = (await say(arena, ref, text="Gut so.", reply_to=first["id"])).json()
    again = (await say(arena, ref, text="Gut so.", reply_to=reply["id"])).json()
    assert reply["id"] == again["id"] != first["id"]
    arena.arena.clock.pass_by(seconds=60)
    assert (await say(arena, ref, text="Gut so.")).json()["id"] != first["id"]
    assert len(await seen(arena, ref, "guest")) == 4


async def test_c1_a_text_of_100_kilobytes_is_refused_and_script_is_only_text(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    huge = await say(arena, ref, text="x" * 100_000)
    assert (huge.status_code, huge.json()["fields"]) == (422, {"text": "too-long"})
    client = await arena.client("participant")
    sent = await client.post(f"/ideas/{ref}/comments", data={"text": "y" * (TEXT_CHARS_MAX + 1)})
    assert sent.status_code == 422
    assert "Das ist zu lang." in sent.text
    await say(arena, ref, text='<script>alert(1)</script> <img src=x onerror="1"> @expert">')
    html = await page(arena, f"/ideas/{ref}")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html
