"""Ideas out of notes: with their authors, once, or joined to what there is."""

from __future__ import annotations

import asyncio

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Role
from server.actions.workshop.board.becoming import add_to_idea, like_it, make_idea, read_material
from server.actions.workshop.board.writing import add_group, group_note
from server.actions.workshop.joining import join_with_account
from storage import ideas, texts
from storage.talk import comments
from storage.workshop import dots, harvest
from tests.server.workshop.board.table import lead, write
from tests.server.workshop.evening import Evening


async def test_bd14_a_note_becomes_an_idea_of_its_author_once(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await lead(kiez, is_silent=False)
    joined, ana = await kiez.guest("Ana")
    _, bo = await kiez.guest("Bo")
    boss = await kiez.everyone.actor("moderator")
    await write(kiez, ana, "note-1", "Mehr Bänke im Park\nauch nachts 😀")
    with pytest.raises(NotAllowed):
        await make_idea(services, bo, kiez.code, "note-1", kind="need", title="x")
    pressed = [
        make_idea(services, actor, kiez.code, "note-1", kind="need", title="Mehr Bänke")
        for actor in (ana, boss, ana, boss)
    ]
    refs = await asyncio.gather(*pressed)
    assert len(set(refs)) == 1
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, refs[0])
        assert idea is not None
        team = (await ideas.team(tx, [idea.id]))[idea.id]
        text = await texts.get(tx, idea.id)
        linked = await dots.notes_in(tx, idea.id)
        gathered = await harvest.ideas_of(tx, kiez.workshop.id)
    assert (idea.kind, idea.title, idea.created_by) == ("need", "Mehr Bänke", joined.person_id)
    assert (joined.person_id, Role.AUTHOR) in {(each.person_id, each.role) for each in team}
    assert text is not None
    assert "auch nachts 😀" in text.plain
    assert [(row.note_id, row.is_beginning) for row in linked] == [("note-1", True)]
    assert [(row.way, each.id) for row, each in gathered] == [("made", idea.id)]
    with pytest.raises(NotFound):
        await make_idea(services, boss, kiez.code, "note-9", kind="need", title="x")
    await write(kiez, ana, "note-2", "zwei")
    for kind, title in (("wish", "x"), ("need", " "), ("need", "x" * 500)):
        with pytest.raises(Invalid):
            await make_idea(services, boss, kiez.code, "note-2", kind=kind, title=title)


async def test_bd14_a_group_becomes_an_idea_of_all_its_authors(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await lead(kiez, is_silent=False)
    people = [await kiez.guest(name) for name in ("Ana", "Bo", "Cem")]
    boss = await kiez.everyone.actor("moderator")
    await add_group(services, boss, kiez.code, "group-1", title="Wege")
    for number, (_, actor) in enumerate(people):
        await write(kiez, actor, f"note-{number}", f"Weg {number}")
        await group_note(services, boss, kiez.code, f"note-{number}", "group-1")
    # One of them is an idea already: it stays where it is.
    first = await make_idea(services, boss, kiez.code, "note-0", kind="proposal", title="Weg 0")
    ref = await make_idea(services, boss, kiez.code, "group-1", kind="proposal", title="Wege")
    assert ref != first
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        team = {(each.person_id, each.role) for each in (await ideas.team(tx, [idea.id]))[idea.id]}
        text = await texts.get(tx, idea.id)
        linked = await dots.ideas_of(tx, kiez.workshop.id)
    assert {(joined.person_id, Role.AUTHOR) for joined, _ in people} <= team
    assert (boss.person_id, Role.EDITOR) in team
    assert text is not None
    assert ("Weg 1" in text.plain, "Weg 2" in text.plain, "Weg 0" in text.plain) == (
        *(True, True),
        False,
    )
    assert {note for note, row in linked.items() if row.idea_id == idea.id} == {
        *("group-1", "note-1", "note-2"),
    }


async def test_bd15_a_note_is_added_to_an_idea_in_its_authors_name(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await lead(kiez, is_silent=False)
    ref, other = await kiez.everyone.idea("open"), await kiez.everyone.idea("open")
    joined, ana = await kiez.guest("Ana")
    boss = await kiez.everyone.actor("moderator")
    await write(kiez, ana, "note-1", "Mehr Schatten am Platz")
    hits = await like_it(services, await read_material(services, boss, kiez.code, "note-1"))
    assert ref in {hit.ref for hit in hits}
    with pytest.raises(NotAllowed):
        await add_to_idea(services, ana, kiez.code, "note-1", ref=ref)
    added = [add_to_idea(services, boss, kiez.code, "note-1", ref=ref) for _ in range(3)]
    assert await asyncio.gather(*added) == [ref] * 3
    with pytest.raises(Conflict, match="note-is-idea"):
        await add_to_idea(services, boss, kiez.code, "note-1", ref=other)
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        said = await comments.of_idea(tx, idea.id)
    assert [(each.author_id, each.text) for each in said] == [
        (joined.person_id, "Mehr Schatten am Platz")
    ]


async def test_bd15_an_account_adds_its_own_note_itself(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    await lead(kiez, is_silent=False)
    ref = await kiez.everyone.idea("open")
    actor = await kiez.everyone.actor("participant")
    await join_with_account(services, actor, kiez.code)
    await write(kiez, actor, "note-1", "Mehr Schatten")
    assert await add_to_idea(services, actor, kiez.code, "note-1", ref=ref) == ref
    with pytest.raises(NotFound):
        await add_to_idea(services, actor, kiez.code, "note-1", ref="2026-99999")
