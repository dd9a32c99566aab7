"""What the demonstration shows of taking part from afar: talk, wording, judging, moderation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from collab.process.calendar.berlin import berlin_date
from collab.process.talk.anchoring import AnchorState
from collab.process.version import TextVersion
from collab.sync.text import from_json
from server.actions.feasibility.outdated import outdated
from server.demo.journeys.scene import person_id
from server.views.talk.passages import Passages
from storage import ideas, texts
from storage.database import METADATA, Database
from storage.feasibility import judgements
from storage.ideas import Idea
from storage.talk import comments

FOUNTAINS = "Trinkbrunnen, die sagen, ob sie laufen"
BENCHES = "Mitfahrbänke zwischen Müggelheim und Köpenick"


async def found(database: Database, name: str, idea: Idea | None = None) -> list[dict[str, Any]]:
    """The rows of a table, of one idea if named."""
    table = METADATA.tables[name]
    query = select(table) if idea is None else select(table).where(table.c.idea_id == idea.id)
    async with database.read() as tx:
        return [dict(row) for row in (await tx.run(query)).mappings()]


async def titled(database: Database, title: str) -> Idea:
    """The idea of that title."""
    (row,) = [each for each in await found(database, "idea") if each["title"] == title]
    async with database.read() as tx:
        idea = await ideas.get(tx, row["id"])
    assert idea is not None
    return idea


async def test_passages_that_are_talked_about_stand_are_changed_and_gone(filled: Database) -> None:
    idea = await titled(filled, FOUNTAINS)
    async with filled.read() as tx:
        said, shown = await comments.of_idea(tx, idea.id), await texts.get(tx, idea.id)
    assert shown is not None
    passages = Passages(from_json(shown.sections))
    states = Counter(passages.state(each.anchor) for each in said if each.anchor)
    assert states[AnchorState.HERE] >= 2
    assert states[AnchorState.CHANGED] >= 2
    assert states[AnchorState.GONE] == 1
    assert len({each.kind for each in said}) >= 5
    assert len({each.author_id for each in said}) >= 8
    threads = Counter(each.reply_to for each in said if each.reply_to)
    assert max(threads.values()) >= 3
    assert len({row["reaction"] for row in await found(filled, "reaction", idea)}) == 2
    assert len(await found(filled, "mention")) >= 3


async def test_talk_led_to_a_change_a_requirement_and_tasks(filled: Database) -> None:
    idea = await titled(filled, FOUNTAINS)
    (settled,) = await found(filled, "resolution", idea)
    assert settled["note"]
    assert settled["change_from"] != settled["change_to"]
    outcomes = {row["kind"] for row in await found(filled, "comment_outcome", idea)}
    assert outcomes == {"requirement", "task"}
    tasks = {row["state"]: row for row in await found(filled, "task", idea)}
    assert set(tasks) == {"open", "done"}
    assert tasks["open"]["due"] < berlin_date(datetime.now(UTC))
    assert [row["name"] for row in await found(filled, "named_version", idea)]


async def test_suggestions_wait_compete_and_were_decided(filled: Database) -> None:
    idea = await titled(filled, FOUNTAINS)
    by_state: dict[str, list[dict[str, Any]]] = {}
    for row in await found(filled, "suggestion", idea):
        by_state.setdefault(row["state"], []).append(row)
    assert {state: len(rows) for state, rows in by_state.items()} == {
        "open": 3, "accepted": 1, "declined": 1,
    }  # fmt: skip
    assert by_state["declined"][0]["decision"]
    places = Counter(row["section"] for row in by_state["open"])
    assert places.most_common(1)[0][1] == 2
    (accepted,) = by_state["accepted"]
    async with filled.read() as tx:
        shown = await texts.get(tx, idea.id)
    assert shown is not None
    assert shown.plain.count(accepted["text"].strip()) == 1
    wrote = [
        row for row in await found(filled, "document_log") if row["seq"] == accepted["applied_seq"]
    ]
    assert accepted["author_id"] in {row["actor_id"] for row in wrote}


async def test_rounds_are_over_and_open_and_one_judged_an_earlier_text(filled: Database) -> None:
    rounds = await found(filled, "judgement_round")
    (over,) = [row for row in rounds if row["closed_at"]]
    (still,) = [row for row in rounds if not row["closed_at"]]
    assert still["ends_at"] > datetime.now(UTC)
    assert still["disclosure"] != "open"
    benches = await titled(filled, BENCHES)
    assert over["idea_id"] == benches.id != still["idea_id"]
    async with filled.read() as tx:
        given, shown = await judgements.of_idea(tx, benches.id), await texts.get(tx, benches.id)
        assert shown is not None
        text = from_json(shown.sections)
        judged = [TextVersion(each.epoch, each.seq, each.sha256) for each in given]
        earlier = await outdated(tx, benches.document_id, judged, text)
    late = [each for each in given if each.sha256 in earlier]
    assert [each.person_id for each in late] == [person_id("participant")]
    assert {each.expertise for each in given} == {"lived", "research", "office", "profession"}
    assert any(each.own_interest for each in given)
    social = Counter(each.verdict for each in given if each.dimension == "social")
    assert social["not_feasible"] == 1 < social["feasible"]


async def test_reports_wait_and_were_decided_and_one_objects(filled: Database) -> None:
    cases = await found(filled, "report_case")
    assert Counter(row["state"] for row in cases) == {"open": 1, "decided": 1}
    (hiding,) = await found(filled, "hiding")
    assert hiding["appeal_state"] == "open"
    assert hiding["by"] != person_id("moderator"), "somebody else than who hid decides"


async def test_people_follow_and_find_something_in_their_inboxes(filled: Database) -> None:
    assert len(await found(filled, "idea_follow")) >= 3
    waiting = Counter(
        row["person_id"] for row in await found(filled, "notice") if not row["read_at"]
    )
    for handle in ("participant", "moderator"):
        assert waiting[person_id(handle)] >= 2, handle
    assert await found(filled, "dismissed_hint")
    assert {row["kind"] for row in await found(filled, "idea_link")} >= {"answers", "complements"}
    assert not await found(filled, "mailing")
