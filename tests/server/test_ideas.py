"""Ideas: bringing them in, listing them, changing kind and team."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from limits import parse

from collab.errors import Conflict, Invalid, Limited, NotAllowed, NotFound, Unmet
from collab.process.actors import Actor, Role
from collab.process.dossier import IdeaKind, load_dossier
from collab.sync.document import Document
from collab.sync.text import render, sha256
from server.actions import ideas, people, programs
from server.actions.ideas import Created, NewIdea
from server.actions.seeds import dossier_schema, seed
from server.app import running_realtime
from server.auth import holders, limits
from storage import documents, stages, texts
from storage import ideas as stored
from storage.people import named
from tests.server.running import Arena, running

FILLED = {
    kind: {name: f"Text zu {name}." for name in load_dossier(kind).section_ids} for kind in IdeaKind
}


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path, realtime=running_realtime) as arena:
        for handle, role in (
            ("ana", Role.PARTICIPANT),
            ("ben", Role.PARTICIPANT),
            ("eva", Role.EXPERT),
            ("mod", Role.MODERATOR),
            ("obs", Role.OBSERVER),
        ):
            await people.add_person(
                arena.services, None, handle=handle, name=handle.title(), roles=[role]
            )
        yield arena


async def actor(arena: Arena, handle: str) -> Actor:
    """The person as rules see him."""
    token = await programs.issue_token(arena.services, handle)
    holder = await holders.by_token(arena.services, token)
    assert holder is not None
    return holder.actor


async def create(
    arena: Arena, handle: str = "ana", *, kind: str = "need", submit: bool = False
) -> Created:
    """A new idea with all sections filled."""
    new = NewIdea(kind=kind, title="Mehr Schatten", sections=FILLED[IdeaKind(kind)])
    return await ideas.create_idea(arena.services, await actor(arena, handle), new, submit=submit)


async def team(arena: Arena, created: Created) -> set[tuple[str, str]]:
    """Who holds which role, by name."""
    async with arena.services.database.read() as tx:
        roles = (await stored.team(tx, [created.idea.id])).get(created.idea.id, [])
        names = await named(tx, [each.person_id for each in roles])
    return {(names[each.person_id].handle, each.role) for each in roles}


@pytest.mark.parametrize("kind", list(IdeaKind))
async def test_a_new_idea_is_a_draft_of_its_author(arena: Arena, kind: str) -> None:
    created = await create(arena, kind=kind)
    assert (created.idea.stage, created.idea.revision, created.idea.kind) == ("draft", 1, kind)
    assert created.idea.ref == "2026-00001"
    assert await team(arena, created) == {("ana", "author")}


async def test_the_first_text_is_durable_and_shown(arena: Arena) -> None:
    created = await create(arena)
    async with arena.services.database.read() as tx:
        found = await documents.load(tx, created.idea.document_id)
        shown = await texts.get(tx, created.idea.id)
    assert isinstance(found, documents.Found)
    document = Document.load(dossier_schema(), found.updates)
    text = render(document, load_dossier("need").section_ids)
    assert text.title == "Mehr Schatten"
    assert sha256(text) == created.version.sha256
    assert shown is not None
    assert (shown.title, shown.sha256) == ("Mehr Schatten", created.version.sha256)
    assert "Text zu situation." in shown.plain


async def test_the_seed_belongs_to_the_server(arena: Arena) -> None:
    created = await create(arena)
    async with arena.services.database.read() as tx:
        found = await documents.load(tx, created.idea.document_id)
    assert isinstance(found, documents.Found)
    assert found.owners == {1: None}


async def test_a_complete_idea_can_be_published_at_once(arena: Arena) -> None:
    created = await create(arena, submit=True)
    async with arena.services.database.read() as tx:
        idea = await stored.by_ref(tx, created.idea.ref)
        history = await stages.history(tx, created.idea.id)
    assert idea is not None
    assert (idea.stage, idea.revision) == ("open", 2)
    assert [(each.transition, each.sha256) for each in history] == [
        ("submit", created.version.sha256)
    ]


async def test_an_incomplete_idea_is_not_created_when_it_shall_be_published(arena: Arena) -> None:
    ana = await actor(arena, "ana")
    new = NewIdea(kind="need", title="Mehr Schatten", sections={"situation": "Heiß."})
    with pytest.raises(Unmet) as refused:
        await ideas.create_idea(arena.services, ana, new, submit=True)
    assert refused.value.data["unmet"] == [{"code": "section-empty", "section": "affected"}]
    async with arena.services.database.read() as tx:
        assert await stored.by_ref(tx, "2026-00001") is None


@pytest.mark.parametrize("handle", ["obs"])
async def test_observers_bring_nothing_in(arena: Arena, handle: str) -> None:
    with pytest.raises(NotAllowed):
        await create(arena, handle)


@pytest.mark.parametrize(
    ("new", "fields"),
    [
        (NewIdea(kind="wish", title="Titel"), {"kind": "unknown-choice"}),
        (NewIdea(kind="need", title=" \n "), {"title": "missing"}),
        (NewIdea(kind="need", title="x" * 201), {"title": "too-long"}),
        (NewIdea(kind="need", title="\x00\x1b"), {"title": "missing"}),
        (NewIdea(kind="need", title="T", sections={"plan": "x"}), {"sections.plan": "unknown"}),
        (
            NewIdea(kind="need", title="T", sections={"situation": "x" * 20_001}),
            {"sections.situation": "too-long"},
        ),
    ],
)
async def test_faulty_ideas_are_refused_by_field(
    arena: Arena, new: NewIdea, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        await ideas.create_idea(arena.services, await actor(arena, "ana"), new)
    assert refused.value.data["fields"] == fields


def test_hostile_characters_do_not_reach_the_document() -> None:
    seeded = seed(load_dossier("need"), "A\x00b\ud800c", {"situation": "eins\x00\r\n\n zwei\x1b"})
    assert seeded.text.title == "Abc"
    assert len(seeded.text.sections["situation"]) == 2


async def test_one_person_cannot_flood_the_arena(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CREATE_PER_PERSON", parse("3/hour"))
    ana = await actor(arena, "ana")
    new = NewIdea(kind="need", title="Noch eine")
    for _ in range(3):
        await ideas.create_idea(arena.services, ana, new)
    with pytest.raises(Limited):
        await ideas.create_idea(arena.services, ana, new)


async def test_references_are_counted_without_gaps_or_doubles(arena: Arena) -> None:
    created = await asyncio.gather(*(create(arena, name) for name in ("ana", "ben", "eva") * 4))
    assert sorted(each.idea.ref for each in created) == [f"2026-{n:05}" for n in range(1, 13)]


async def test_a_changed_kind_keeps_the_text_and_shows_the_other_sections(arena: Arena) -> None:
    created = await create(arena, submit=True)
    await ideas.change_kind(
        arena.services,
        await actor(arena, "mod"),
        created.idea.ref,
        kind="proposal",
        expected_revision=2,
    )
    async with arena.services.database.read() as tx:
        idea = await stored.by_ref(tx, created.idea.ref)
        found = await documents.load(tx, created.idea.document_id)
    assert idea is not None
    assert (idea.kind, idea.template_id, idea.revision) == ("proposal", "proposal", 3)
    assert isinstance(found, documents.Found)
    document = Document.load(dossier_schema(), found.updates)
    assert render(document, load_dossier("need").section_ids).sections["situation"]


@pytest.mark.parametrize(
    ("handle", "kind", "revision", "refusal"),
    [
        ("mod", "need", 2, Conflict),
        ("mod", "proposal", 1, Conflict),
        ("ben", "proposal", 2, NotAllowed),
        ("mod", "wish", 2, Invalid),
    ],
)
async def test_a_kind_is_not_changed_in_vain_or_behind_somebodys_back(
    arena: Arena, handle: str, kind: str, revision: int, refusal: type[Exception]
) -> None:
    created = await create(arena, submit=True)
    with pytest.raises(refusal):
        await ideas.change_kind(
            arena.services,
            await actor(arena, handle),
            created.idea.ref,
            kind=kind,
            expected_revision=revision,
        )


async def test_the_author_chooses_the_team(arena: Arena) -> None:
    created, ana = await create(arena), await actor(arena, "ana")
    for handle, role in (("ben", Role.EDITOR), ("eva", Role.AUTHOR), ("eva", Role.AUTHOR)):
        await ideas.add_to_team(arena.services, ana, created.idea.ref, handle=handle, role=role)
    assert await team(arena, created) == {("ana", "author"), ("ben", "editor"), ("eva", "author")}
    await ideas.remove_from_team(
        arena.services, ana, created.idea.ref, handle="ben", role=Role.EDITOR
    )
    assert await team(arena, created) == {("ana", "author"), ("eva", "author")}


async def test_r6_nobody_names_a_lead(arena: Arena) -> None:
    created, ana = await create(arena), await actor(arena, "ana")
    with pytest.raises(Invalid) as refusal:
        await ideas.add_to_team(arena.services, ana, created.idea.ref, handle="ben", role=Role.LEAD)
    assert refusal.value.data["fields"] == {"role": "role-by-responsibility"}
    assert await team(arena, created) == {("ana", "author")}


async def test_an_idea_keeps_an_author(arena: Arena) -> None:
    created, ana = await create(arena), await actor(arena, "ana")
    with pytest.raises(Conflict, match="last-author"):
        await ideas.remove_from_team(
            arena.services, ana, created.idea.ref, handle="ana", role=Role.AUTHOR
        )


async def test_everyone_may_lay_down_his_own_role(arena: Arena) -> None:
    created, ana = await create(arena), await actor(arena, "ana")
    ref = created.idea.ref
    await ideas.add_to_team(arena.services, ana, ref, handle="ben", role=Role.EDITOR)
    await ideas.remove_from_team(
        arena.services, await actor(arena, "ben"), ref, handle="ben", role=Role.EDITOR
    )
    assert await team(arena, created) == {("ana", "author")}


async def test_strangers_do_not_choose_the_team(arena: Arena) -> None:
    created, ben = await create(arena), await actor(arena, "ben")
    with pytest.raises(NotFound):
        await ideas.add_to_team(
            arena.services, ben, created.idea.ref, handle="ben", role=Role.EDITOR
        )


@pytest.mark.parametrize(
    ("handle", "role", "field"),
    [("nobody", Role.EDITOR, "handle"), ("ben", Role.MODERATOR, "role")],
)
async def test_faulty_members_are_refused(
    arena: Arena, handle: str, role: Role, field: str
) -> None:
    created, ana = await create(arena), await actor(arena, "ana")
    with pytest.raises(Invalid) as refused:
        await ideas.add_to_team(arena.services, ana, created.idea.ref, handle=handle, role=role)
    assert list(dict(refused.value.data["fields"])) == [field]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("new", "fields"),
    [
        (NewIdea(kind="need", title="T", process="ritual"), {"process": "unknown-choice"}),
        (NewIdea(kind="need", title="T", process="verwaltung"), {"kind": "not-in-process"}),
    ],
)
async def test_a_process_that_does_not_fit_is_refused(
    arena: Arena, new: NewIdea, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        await ideas.create_idea(arena.services, await actor(arena, "ana"), new)
    assert refused.value.data["fields"] == fields


async def test_a_process_of_the_administration_is_begun_by_the_administration(
    arena: Arena,
) -> None:
    new = NewIdea(kind="proposal", title="Aktenplan", process="verwaltung")
    with pytest.raises(NotAllowed) as refused:
        await ideas.create_idea(arena.services, await actor(arena, "ana"), new)
    assert refused.value.code == "process-not-for-you"
    kiez = NewIdea(kind="need", title="Bank", process="kiez")
    created = await ideas.create_idea(arena.services, await actor(arena, "ana"), kiez)
    assert (created.idea.process_id, created.idea.stage) == ("kiez", "draft")
