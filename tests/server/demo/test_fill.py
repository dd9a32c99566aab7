"""The demonstration arena: complete, by the rules, and the same at every filling."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from collab.process.actors import ActorClass
from collab.process.dossier import load_dossier
from collab.sync.text import render, sha256
from server.demo.content import demonstration
from server.demo.fill import fill_empty
from server.demo.journeys.content import Journeys
from server.realtime.rooms.loading import load
from storage import documents, ideas, people, stages, texts
from storage.database import METADATA, Database
from storage.feasibility import judgements
from storage.ideas import IdeaFilter
from storage.process import responsibility
from storage.talk import comments

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COMPARED = (
    "idea", "document_log", "document_client", "comment", "judgement", "stage_change", "event",
    "responsibility",
)  # fmt: skip
WITHOUT_JOURNEYS = Journeys(cases=(), initiatives=(), acts=())
HANDLES = {
    "participant", "participant-2", "expert", "expert-2", "moderator", "moderator-2", "observer",
    "signatory", "office", "cdo",
}  # fmt: skip
OTHERS = {
    "deputy", "auditor", "qualifier", "support", "district", "district-2", "neighbour-district",
    "company", "university", "neighbours",
}  # fmt: skip


async def all_ideas(database: Database) -> list[ideas.Idea]:
    """Every idea, drafts too."""
    async with database.read() as tx:
        return (await ideas.page(tx, IdeaFilter(hidden_stages=frozenset()), limit=100)).ideas


async def test_database_that_is_not_empty_is_left_alone(filled: Database) -> None:
    before = len(await all_ideas(filled))
    assert not await fill_empty(filled, NOW)
    assert len(await all_ideas(filled)) == before >= 12


async def test_persons_have_their_stable_handles(filled: Database) -> None:
    async with filled.read() as tx:
        assert {person.handle for person in await people.everyone(tx)} == HANDLES | OTHERS


async def test_nothing_happens_in_the_future(filled: Database) -> None:
    found, now = await all_ideas(filled), datetime.now(UTC)
    assert all(idea.created_at <= idea.active_at <= now for idea in found)
    created = [idea.created_at for idea in sorted(found, key=lambda idea: idea.ref)]
    assert created == sorted(created)
    for name, column in (("event", "at"), ("audit_entry", "at"), ("comment", "created_at")):
        moments = [row[column] for row in await rows(filled, name)]
        assert moments
        assert max(moments) <= now, name


async def test_s2_client_ids_belong_to_who_wrote(filled: Database) -> None:
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            loaded = await load(tx, idea.document_id)
            writers = {row.actor_id for row in await documents.log(tx, idea.document_id, 1)}
        assert set(loaded.owners.values()) == writers


async def test_shown_texts_are_those_of_the_documents(filled: Database) -> None:
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            loaded = await load(tx, idea.document_id)
            shown = await texts.get(tx, idea.id)
        assert shown is not None
        text = render(loaded.document, loaded.sections)
        assert (shown.seq, shown.sha256) == (loaded.head.seq, sha256(text))
        assert text.title == idea.title


async def test_g5_every_move_is_bound_to_a_kept_text(filled: Database) -> None:
    moves = 0
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            for change in await stages.history(tx, idea.id):
                moves += 1
                pin = await texts.pinned(tx, idea.document_id, change.epoch, change.seq)
                assert pin is not None
                assert pin.sha256 == change.sha256
                assert change.at <= datetime.now(UTC)
    assert moves > 12


async def test_r6_whoever_leads_in_the_demonstration_does_so_for_an_organisation(
    filled: Database,
) -> None:
    led = 0
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            team = (await ideas.team(tx, [idea.id]))[idea.id]
            held = await responsibility.open_at(tx, idea.id)
        for role in ("lead", "member"):
            people_here = {each.person_id for each in team if each.role == role}
            part = {"lead": "lead", "member": "partner"}[role]
            active = [row for row in held if row.part == part and row.state == "active"]
            assert people_here == {row.person_id for row in active}, idea.ref
            led += len(active)
    assert led > 3


async def test_j3_some_judgements_saw_an_earlier_text(filled: Database) -> None:
    outdated = current = 0
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            shown = await texts.get(tx, idea.id)
            for row in await judgements.of_idea(tx, idea.id):
                assert shown is not None
                outdated += row.sha256 != shown.sha256
                current += row.sha256 == shown.sha256
    assert outdated
    assert current


async def test_comments_have_replies_anchors_and_every_kind(filled: Database) -> None:
    found: list[comments.Comment] = []
    for idea in await all_ideas(filled):
        async with filled.read() as tx:
            found += await comments.of_idea(tx, idea.id)
    assert {comment.kind for comment in found} == {
        "question", "concern", "evidence", "offer", "praise", "note",
    }  # fmt: skip
    assert any(comment.reply_to for comment in found)
    assert any(comment.anchor for comment in found)


def test_all_five_parts_of_society_are_there() -> None:
    shown = demonstration()
    classes = {body.actor_class for body in shown.organisations}
    assert classes | {ActorClass.RESIDENT} == set(ActorClass)
    assert any(person.organisation is None for person in shown.people)


def test_sections_are_those_of_the_templates() -> None:
    for idea in demonstration().ideas:
        written = {act.data["section"] for act in idea.acts if act.kind == "write"}
        assert written <= set(load_dossier(idea.kind).section_ids), idea.key


async def test_two_fillings_are_the_same_on_either_engine(
    sqlite_url: str, postgres_url: str
) -> None:
    one, other = await Database.open(sqlite_url), await Database.open(postgres_url)
    for database in (one, other):
        await fill_empty(database, NOW, told=WITHOUT_JOURNEYS)
    for name in COMPARED:
        assert await rows(one, name) == await rows(other, name), name
    await one.close()
    await other.close()


async def rows(database: Database, name: str) -> list[dict[str, Any]]:
    """All rows of a table in the order of its key."""
    table = METADATA.tables[name]
    async with database.read() as tx:
        found = (await tx.run(select(table))).mappings().all()
    keys = [column.name for column in table.primary_key]
    return sorted(map(dict, found), key=lambda row: [str(row[key]) for key in keys])
