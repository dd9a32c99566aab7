"""Suggested wording: rows beside the text, accepted once, in their author's name."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from limits import parse

from collab.process.suggestions.wording import CLAIM_S
from server.auth import limits
from storage import documents, events, ideas
from storage.following import notices
from storage.suggestions import suggestions
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of, write
from tests.server.linking.linked import log, move
from tests.server.suggestions.suggesting import act, listed, suggest, suggested, words

CHECKING = "feasibility"


async def test_q1_whoever_may_comment_suggests_and_the_text_stays_as_it_is(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    before = await words(arena, ref)
    row = await suggested(arena, ref, reason="Genauer.")
    assert (row["kind"], row["state"], row["author"]["handle"]) == (
        "replace",
        "open",
        "participant",
    )
    assert await words(arena, ref) == before
    assert (await suggest(arena, ref, by="guest")).status_code == 401
    assert (await suggest(arena, ref, by="observer")).status_code == 403
    assert (await log(arena, ref))[-1] == (
        "suggestion_made",
        {"suggestion_id": row["id"], "section": "idea"},
    )


async def test_q2_exports_hold_no_suggested_word(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    await suggested(arena, ref, text="Unerhörtes.")
    guest = await arena.client("guest")
    for path in (
        f"/api/v1/ideas/{ref}/text",
        f"/api/v1/ideas/{ref}/text?format=markdown",
        f"/api/v1/ideas/{ref}/text?format=html",
        f"/api/v1/ideas/{ref}/events",
        f"/ideas/{ref}/timeline",
        f"/ideas/{ref}/feed.atom",
    ):
        answer = await guest.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert "Unerhörtes" not in answer.text


async def test_q3_what_is_accepted_is_in_the_text_in_its_authors_name(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref)
    accepted = await act(arena, ref, row, "accept")
    assert accepted.status_code == 200, accepted.text
    found = accepted.json()
    assert (found["state"], found["decided_by"]["handle"]) == ("accepted", "author")
    assert await words(arena, ref) == "Bänke am See."
    document_id = await document_of(arena, ref)
    author = await arena.actor("participant")
    async with arena.arena.services.database.read() as tx:
        rows = await documents.log(tx, document_id, found["applied_epoch"])
    (written,) = [each for each in rows if each.seq == found["applied_seq"]]
    assert written.actor_id == author.person_id
    assert (await log(arena, ref))[-1][0] == "suggestion_accepted"
    assert await told(arena, ref, "participant") == ["suggestion_accepted"]


async def test_q6_of_many_who_accept_at_once_one_does_and_the_others_learn_who(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref)
    people = ["author", "editor", "lead", "moderator"]
    answers = await asyncio.gather(*(act(arena, ref, row, "accept", each) for each in people))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    (won,) = [each.json() for each in answers if each.status_code == 200]
    for each in answers:
        if each.status_code == 409:
            assert each.json()["code"] == "suggestion-settled"
    late = await act(arena, ref, row, "accept", "moderator-2")
    assert late.json()["winner"] == won["decided_by"]["name"]
    assert await words(arena, ref) == "Bänke am See."
    assert [kind for kind, _ in await log(arena, ref)].count("suggestion_accepted") == 1


async def test_q5_competing_ones_show_each_other_and_the_second_finds_its_words_gone(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    one = await suggested(arena, ref, "zu idea", "zum See")
    two = await suggested(arena, ref, "idea.", "Ufer.", by="expert")
    other = await suggested(arena, ref, "Text", "Wort", by="expert")
    found = {each["id"]: each for each in await listed(arena, ref)}
    assert found[one["id"]]["competes_with"] == [two["id"]]
    assert found[two["id"]]["competes_with"] == [one["id"]]
    assert found[other["id"]]["competes_with"] == []
    answers = await asyncio.gather(*(act(arena, ref, each, "accept") for each in (one, two)))
    assert sorted(each.status_code for each in answers) == [200, 409]
    (lost,) = [each.json() for each in answers if each.status_code == 409]
    assert lost["code"] == "passage-changed"
    assert lost["present"] == await words(arena, ref)
    (open_still,) = [each for each in await listed(arena, ref) if each["is_lost"]]
    assert open_still["state"] == "open"
    assert (await act(arena, ref, other, "accept")).status_code == 200
    assert (await words(arena, ref)).startswith("Wort zu")


async def test_q4_what_was_written_meanwhile_elsewhere_does_no_harm(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref)
    await asyncio.gather(
        *(write(arena, ref, "author", "idea", f"Zeile {number}.") for number in range(5)),
        act(arena, ref, row, "accept"),
    )
    found = (await words(arena, ref)).split("\n")
    assert found[0] == "Bänke am See."
    assert sorted(found[1:]) == [f"Zeile {number}." for number in range(5)]


async def test_q7_declining_needs_a_reason_that_the_author_learns(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref, by="expert")
    assert (await act(arena, ref, row, "decline", reason=" ")).status_code == 422
    declined = await act(arena, ref, row, "decline", reason="Zu lang.")
    assert (declined.json()["state"], declined.json()["decision"]) == ("declined", "Zu lang.")
    assert (await act(arena, ref, row, "accept")).json()["code"] == "suggestion-settled"
    assert (await told(arena, ref, "expert"))[-1] == "suggestion_declined"


async def test_q8_only_its_author_changes_and_withdraws_what_is_open(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref)
    client, stranger = await arena.client("participant"), await arena.client("expert")
    path = f"/api/v1/ideas/{ref}/suggestions/{row['id']}"
    change = {"text": "Bänke am Ufer.", "reason": "Besser.", "revision": 1}
    assert (await stranger.patch(path, json=change)).status_code == 403
    changed = (await client.patch(path, json=change)).json()
    assert (changed["revision"], changed["text"]) == (2, "Bänke am Ufer.")
    assert [each["text"] for each in changed["history"]] == ["Bänke am See"]
    assert (await client.patch(path, json={**change, "text": "x"})).status_code == 409
    stale = await act(arena, ref, row, "accept")
    assert (stale.status_code, stale.json()["code"]) == (409, "suggestion-changed")
    assert (await act(arena, ref, row, "withdraw", "expert")).status_code == 403
    assert (await act(arena, ref, row, "withdraw", "participant")).json()["state"] == "withdrawn"
    assert (await act(arena, ref, changed, "accept")).status_code == 409


async def test_q9_a_settled_text_takes_suggestions_and_waits_with_them(arena: Everyone) -> None:
    ref = await arena.idea("proposal")
    row = await suggested(arena, ref)
    for deed in ("accept", "decline"):
        assert (await act(arena, ref, row, deed, "moderator")).status_code == 403
    await move(arena, ref, "returned")
    assert (await act(arena, ref, row, "accept")).status_code == 200


async def test_q10_a_draft_is_for_its_team(arena: Everyone) -> None:
    ref = await arena.idea("draft")
    assert (await suggest(arena, ref)).status_code == 404
    assert (await suggest(arena, ref, by="author")).status_code == 403
    path = f"/api/v1/ideas/{ref}/suggestions"
    assert (await (await arena.client("participant")).get(path)).status_code == 404


async def test_q11_how_many_wait_is_bounded(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea(CHECKING)
    monkeypatch.setattr("server.actions.suggestions.making.OPEN_PER_PERSON_MAX", 2)
    monkeypatch.setattr("server.actions.suggestions.making.OPEN_PER_IDEA_MAX", 3)
    rows = [await suggested(arena, ref, text=f"Nr. {number}") for number in range(2)]
    assert (await suggest(arena, ref)).json()["code"] == "own-suggestions-full"
    await suggested(arena, ref, by="expert")
    assert (await suggest(arena, ref, by="lead")).json()["code"] == "suggestions-full"
    await act(arena, ref, rows[0], "withdraw", "participant")
    await suggested(arena, ref)
    monkeypatch.setattr("server.actions.suggestions.making.REVISIONS_MAX", 0)
    client = await arena.client("participant")
    change = {"text": "Neu", "revision": 1}
    full = await client.patch(f"/api/v1/ideas/{ref}/suggestions/{rows[1]['id']}", json=change)
    assert full.json()["code"] == "revisions-full"


async def test_q11_nobody_suggests_faster_than_can_be_read(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea(CHECKING)
    monkeypatch.setattr(limits, "SUGGEST_PER_PERSON", parse("1/hour"))
    await suggested(arena, ref, by="qualifier")
    assert (await suggest(arena, ref, by="qualifier")).status_code == 429


@pytest.mark.parametrize(
    ("field", "faulty"),
    [
        ("passage", {"quote": "Das steht hier nirgends in diesem Text."}),
        ("passage", {"quote": "Text zu idea.", "start": "<b>"}),
        ("passage", {"quote": "x" * 5_001}),
        ("passage", {"quote": "Text zu problem."}),
        ("section", "nirgends"),
        ("section", "x" * 65),
        ("text", "x" * 5_001),
        ("text", "x" * 100_000),
        ("text", "Text zu idea."),
        ("reason", "x" * 1_001),
        ("comment_id", "0a0b0c0d-0000-4000-8000-000000000000"),
    ],
)
async def test_q12_what_is_faulty_is_refused_with_a_clear_answer(
    arena: Everyone, field: str, faulty: Any
) -> None:
    ref = await faulty_ref(arena)
    good = {"section": "idea", "passage": {"quote": "Text zu idea."}, "text": "Neu."}
    client = await arena.client("expert")
    answer = await client.post(f"/api/v1/ideas/{ref}/suggestions", json={**good, field: faulty})
    assert answer.status_code in {404, 409, 422}, answer.text
    if answer.status_code == 422:
        assert any(name.startswith(field) or name in faulty for name in answer.json()["fields"])
    assert await listed(arena, ref) == []


async def test_q12_markup_and_control_characters_are_words_and_nothing_else(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    script = "<script>alert(1)</script>\x07<b onclick=x>{{ 7*7 }}</b>"
    row = await suggested(arena, ref, text=script, reason="<img src=x onerror=alert(1)>")
    assert "\x07" not in row["text"]
    guest = await arena.client("guest")
    for path in (f"/ideas/{ref}/suggestions", f"/ideas/{ref}/fragments/suggestions"):
        page = await guest.get(path)
        assert page.status_code == 200, page.text
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert (await act(arena, ref, row, "accept")).status_code == 200
    assert (await words(arena, ref)) == "<script>alert(1)</script><b onclick=x>{{ 7*7 }}</b>"
    assert "<script>alert" not in (await guest.get(f"/ideas/{ref}")).text


async def test_q13_whom_a_moderator_muted_suggests_nothing_and_comes_in_by_nobodys_hand(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref, by="support")
    moderator = await arena.client("moderator")
    muting = {"handle": "support", "moderation_reason": "Stört."}
    await moderator.post(f"/ideas/{ref}/mute", data=muting)
    assert (await suggest(arena, ref, by="support")).json()["code"] == "muted-here"
    assert (await act(arena, ref, row, "accept")).json()["code"] == "author-muted"
    assert await words(arena, ref) == "Text zu idea."


async def test_q6_a_claim_of_a_process_that_died_ends(arena: Everyone) -> None:
    ref = await arena.idea(CHECKING)
    row = await suggested(arena, ref)
    services, actor = arena.arena.services, await arena.actor("editor")
    assert actor.person_id is not None
    now = services.clock()
    async with services.database.write() as tx:
        assert await suggestions.claim(
            tx,
            UUID(row["id"]),
            revision=1,
            by=actor.person_id,
            client=4711,
            now=now,
            stale_before=now,
        )
    assert (await act(arena, ref, row, "accept")).json()["code"] == "suggestion-settled"
    arena.arena.clock.pass_by(seconds=CLAIM_S + 1)
    assert (await act(arena, ref, row, "accept")).status_code == 200
    assert await words(arena, ref) == "Bänke am See."


async def test_q1_a_comment_with_words_for_its_passage_makes_a_suggestion_too(
    arena: Everyone,
) -> None:
    ref = await arena.idea(CHECKING)
    client = await arena.client("participant")
    passage = {"quote": "idea", "prefix": "Text zu ", "suffix": ".", "start": "AA==", "end": "AA=="}
    body = {"text": "Besser so?", "anchor": {"section": "idea", **passage}, "suggestion": "See"}
    path = f"/api/v1/ideas/{ref}/comments"
    comment = (await client.post(path, json=body)).json()
    (row,) = await listed(arena, ref)
    assert (row["comment_id"], row["text"]) == (comment["id"], "See")
    lost = {**body, "anchor": {"section": "idea", **passage, "quote": "fort"}}
    assert (await client.post(path, json=lost)).json()["code"] == "passage-changed"
    alone = await client.post(path, json={"text": "So?", "suggestion": "See"})
    assert alone.json()["fields"] == {"anchor": "missing"}
    assert len((await client.get(path)).json()["comments"]) == 1


async def told(arena: Everyone, ref: str, handle: str) -> list[str]:
    """The kinds of events at the idea that are addressed to the person, oldest first."""
    actor = await arena.actor(handle)
    assert actor.person_id is not None
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        rows = await notices.of_person(tx, actor.person_id, limit=50)
        found = {row.id: row.kind for row in await events.since(tx, 0, idea_id=idea.id)}
    return [found[row.event_id] for row in reversed(rows) if row.event_id in found]


_faulty: dict[int, str] = {}


async def faulty_ref(arena: Everyone) -> str:
    """One idea for all faulty requests; none of them leaves anything at it."""
    if id(arena) not in _faulty:
        _faulty[id(arena)] = await arena.idea(CHECKING)
    return _faulty[id(arena)]
