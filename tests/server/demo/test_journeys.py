"""The journeys of the demonstration: every stage and type can be seen, and every rule was kept."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collab.errors import Unmet
from collab.process.processes import current_processes
from server.actions.audit.verify import chains, verify
from server.demo.content import Act, demonstration
from server.demo.fill import fill_empty
from server.demo.journeys.content import Journeys, journeys
from server.demo.journeys.telling import AT_CASE, BEGIN, IN_ARENA
from storage import people
from storage.database import METADATA, Database

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOME = (
    "04-lotsen", "05-lastenraeder", "12-formulare", "18-trinkbrunnen", "19-mitfahrbaenke",
    "34-kiez-gedeckt", "43-intern-massnahme",
)  # fmt: skip
NO_IDEAS = replace(demonstration(), ideas=())


async def rows(database: Database, name: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    async with database.read() as tx:
        return [dict(row) for row in (await tx.run(select(METADATA.tables[name]))).mappings()]


async def values(database: Database, name: str, *columns: str) -> Counter[tuple[Any, ...]]:
    """How often each combination of these columns is in the table."""
    return Counter(tuple(row[column] for column in columns) for row in await rows(database, name))


def some() -> Journeys:
    """A few cases that belong together."""
    told = journeys()
    cases = tuple(
        replace(one, acts=tuple(act for act in one.acts if act.kind != "dismiss"))
        for one in told.cases
        if one.key in SOME
    )
    acts = tuple(one for one in told.acts if one.kind != "move_process")
    return replace(told, cases=cases, acts=acts)


async def test_every_stage_of_every_current_process_has_an_idea(filled: Database) -> None:
    found = await values(filled, "idea", "process_id", "process_version", "stage")
    wanted = {
        (process.id, process.version, stage.id)
        for process in current_processes()
        for stage in process.stages
    }
    assert len({process for process, _, _ in wanted}) == 3
    assert wanted == set(found)


async def test_ideas_of_the_first_process_were_moved_by_the_office(filled: Database) -> None:
    events = await values(filled, "event", "kind")
    assert events["process_changed",] == len(demonstration().ideas)


async def test_every_kind_of_measure_and_recognition_can_be_seen(filled: Database) -> None:
    measures = await values(filled, "measure", "kind")
    assert set(measures) == {("decentral",), ("network",), ("central",)}
    assert set(await values(filled, "recognition", "state")) == {("valid",), ("suspended",)}
    assert {("draft",), ("signed",)} <= set(await values(filled, "commitment", "state"))
    assert len(await rows(filled, "replication")) == 1


async def test_what_people_ask_and_answer_can_be_seen_in_every_state(filled: Database) -> None:
    requirements = {row["state"] for row in await rows(filled, "requirement")}
    assert requirements == {"taken_up", "partly", "not", None}
    verdicts = await rows(filled, "alignment_review")
    assert any(row["verdict"] == "doubt" and row["answer"] for row in verdicts)
    assert {("asked",), ("accepted",)} == set(await values(filled, "support_request", "state"))
    standing = {state for (state,) in await values(filled, "responsibility", "state")}
    assert {"offered", "active", "handed_over"} <= standing
    assert len(await rows(filled, "initiative")) == 10
    assert len(await rows(filled, "initiative_relation")) >= 10
    assert await rows(filled, "measurement")


async def test_the_board_has_something_on_it(filled: Database) -> None:
    lists = await values(filled, "prepared_act", "list_name")
    assert lists.total() == 2
    assert len(lists) == 1
    assert len(await rows(filled, "claim")) == len(await rows(filled, "case_note")) == 1


async def test_g1_the_gates_of_every_journey_were_asked_and_met(filled: Database) -> None:
    ways = {
        (process.id, way.id, way.target): way
        for process in current_processes()
        for way in process.transitions
    }
    since = {row["id"]: row for row in await rows(filled, "idea")}
    by_old_process = {idea.title for idea in demonstration().ideas}
    asked = 0
    for change in await rows(filled, "stage_change"):
        idea = since[change["idea_id"]]
        if idea["title"] in by_old_process:
            continue
        way = ways[idea["process_id"], change["transition"], change["to_stage"]]
        reported = [gate["gate"] for gate in change["gates"]]
        assert reported == [gate.kind for gate in way.gates], (idea["ref"], way.id)
        assert not any(gate["unmet"] for gate in change["gates"]), (idea["ref"], way.id)
        asked += len(reported)
    assert asked > 200


async def test_u1_all_chains_of_the_audit_log_verify(filled: Database) -> None:
    verified = await verify(filled, await chains(filled))
    assert not verified.faults


def test_every_act_of_the_files_has_an_action_and_every_action_is_used() -> None:
    told = journeys()
    used = {act.kind for case in told.cases for act in case.acts}
    assert used == set(BEGIN) | set(AT_CASE)
    assert {act.kind for act in told.acts} == set(IN_ARENA)


async def test_the_same_moment_gives_the_same_arena_and_no_mail(
    sqlite_url: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENA_VAR", str(tmp_path / "var"))
    one, other = await Database.open(sqlite_url), await Database.open(postgres_url)
    for database in (one, other):
        assert await fill_empty(database, NOW, NO_IDEAS, some())
    assert await told(one) == await told(other)
    assert not (tmp_path / "var").exists()
    await one.close()
    await other.close()


async def told(database: Database) -> dict[str, list[dict[str, Any]]]:
    """What is told of ideas, acts and events, without the ids that are drawn anew."""
    columns = {
        "idea": ("ref", "title", "stage", "revision", "process_id", "created_at", "active_at"),
        "stage_change": ("transition", "to_stage", "at", "reason", "sha256", "revision", "office"),
        "event": ("kind", "at", "public", "actor_id"),
        "evidence": ("kind", "revision", "data", "at", "by_name"),
        "commitment": ("answers", "state", "organisation_name", "drafted_at"),
        "indicator": ("text", "target", "due"),
        "comment": ("kind", "text", "anchor", "created_at", "hidden_reason"),
        "suggestion": ("passage", "text", "state", "decision", "applied_seq"),
        "judgement": ("dimension", "verdict", "sha256", "expertise", "updated_at"),
        "judgement_round": ("sha256", "opened_at", "ends_at", "closed_at"),
        "notice": ("reason", "person_id", "at"),
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for name, wanted in columns.items():
        kept = [{each: row[each] for each in wanted} for row in await rows(database, name)]
        found[name] = sorted(kept, key=repr)
        assert kept, name
    return found


async def test_a_filling_that_does_not_end_leaves_nothing(sqlite_url: str) -> None:
    shown = some()
    case = next(one for one in shown.cases if one.key == "04-lotsen")
    without_plan = Act("move", "neighbours", 1, {"to": "prototype", "reason": ""})
    broken = replace(case, acts=(*case.acts, without_plan))
    cases = tuple(broken if one is case else one for one in shown.cases)
    database = await Database.open(sqlite_url)
    with pytest.raises(Unmet):
        await fill_empty(database, NOW, NO_IDEAS, replace(shown, cases=cases))
    async with database.read() as tx:
        assert await people.is_empty(tx)
    assert not await rows(database, "idea")
    assert not await rows(database, "event")
    await database.close()
