"""A person who has left traces everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.process.actors import Role
from collab.process.alignment.statements import GUIDING_IDEAS, Words
from collab.process.dossier import load_dossier
from collab.process.feasibility.judgements import Declared, Expertise
from collab.process.initiatives.initiative import Initiative
from collab.process.talk.comments import Anchor
from collab.sync.rooms.late import Shelf
from server.actions import ideas, links, people
from server.actions.access import Caller, begin_session
from server.actions.alignment import reviews, statements
from server.actions.catalogues import initiatives
from server.actions.feasibility import judgements
from server.actions.ideas import NewIdea
from server.actions.live import moderation
from server.actions.stages import change_stage
from server.actions.talk import comments
from server.realtime.late.store import Late, Outcome, SqlLateStore
from server.realtime.rooms.loading import load
from storage import documents
from storage import ideas as stored_ideas
from storage.process import initiatives as stored_initiatives
from storage.process.ties import alignment
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of

PASSWORD = "ein gutes Passwort"
GOAL = (GUIDING_IDEAS, "resilient")


@dataclass(frozen=True, slots=True)
class Traces:
    """Who it is, and words that occur only where he left them, at one idea."""

    person_id: UUID
    handle: str
    name: str
    email: str
    ref: str
    words: tuple[str, ...]
    """What of it must be in no file after an erasure with everything."""
    kept: tuple[str, ...]
    """What others wrote, or what an official act needs."""


async def newcomer(arena: Everyone) -> tuple[str, str]:
    """A person with a password who has begun an open idea; handle and the idea's reference."""
    services, handle = arena.arena.services, f"neu-{uuid4().hex[:8]}"
    await people.add_person(
        services, None, handle=handle, name="Nele Neu", password=PASSWORD, roles=[Role.PARTICIPANT]
    )
    new = NewIdea(kind="need", title="Neue Bänke", sections={"situation": "nurvonnele"})
    return handle, await _open_idea(arena, handle, new)


async def leave_traces(arena: Everyone) -> Traces:
    """Let a person do everything that leaves something behind."""
    services, mark = arena.arena.services, uuid4().hex[:8]
    handle, name = f"kanarie-{mark}", f"Kea Kanarie {mark}"
    email, where = f"kea.{mark}@example.org", Caller("192.0.2.7", f"geraet{mark}")
    roles = [Role.PARTICIPANT, Role.MODERATOR]
    person = await people.add_person(
        services, None, handle=handle, name=name, email=email, password=PASSWORD, roles=roles
    )
    ids = load_dossier("proposal").section_ids
    first = {section: f"saat{mark} {section}" for section in ids}
    new = NewIdea(kind="proposal", title=f"titel{mark} im Kiez", sections=first)
    ref = await _open_idea(arena, handle, new)
    async with services.database.write() as tx:
        await begin_session(services, tx, person.id, where)
    await type_out(arena, ref, handle, "situation", f"tasten{mark}", key_by_key=True)
    await type_out(arena, ref, handle, "idea", f"absatz{mark} und https://link{mark}.example")
    await type_out(arena, ref, "participant", "idea", f"worte{mark}")
    await _talk(arena, ref, handle, mark)
    await _align(arena, ref, handle, mark)
    await _relate(arena, ref, handle, mark)
    await _decide(arena, ref, handle, mark, name)
    await type_out(arena, ref, handle, "situation", f"spaeter{mark}")
    await people.suspend(services, None, handle, f"sperr{mark}")
    await people.restore(services, None, handle)
    await links.request_reset(services, email, where)
    await links.invite(services, None, [Role.PARTICIPANT], email=email)
    await services.mail.close()
    await send_late(arena, ref, handle, "situation", f"nachtrag{mark}")
    await send_late(arena, ref, "expert", "situation", f"fremdspaet{mark}")
    await services.hub.flush(await document_of(arena, ref))
    places = (
        "titel", "saat", "tasten", "absatz", "link", "kommentar", "grund", "strenge", "spaeter",
        "sperr", "geraet", "notiz", "nachtrag", "beitrag", "zweifel", "erwiderung",
    )  # fmt: skip
    return Traces(
        person_id=person.id,
        handle=handle,
        name=name,
        email=email,
        ref=ref,
        words=(handle, name, email, *(f"{place}{mark}" for place in places)),
        kept=(f"worte{mark}", f"antwort{mark}", f"amtlich{mark}", f"einwand{mark}"),
    )


async def _talk(arena: Everyone, ref: str, handle: str, mark: str) -> None:
    """The person comments; an expert answers, and quotes the person's text."""
    services, actor, expert = arena.arena.services, await arena.actor(handle), "expert"
    own = await comments.add_comment(services, actor, ref, text=f"kommentar{mark}", kind="question")
    anchor = Anchor("situation", "AAAA", "AAAA", f"tasten{mark}", f"saat{mark}", "").to_json()
    for text, given in (
        (f"antwort{mark}", {"reply_to": own.id}),
        ("Wie ist das gemeint?", {"anchor": anchor}),
    ):
        writer: dict[str, Any] = given
        await comments.add_comment(
            services, await arena.actor(expert), ref, text=text, kind="note", **writer
        )


async def _align(arena: Everyone, ref: str, handle: str, mark: str) -> None:
    """The person says what the idea pays into, answers a doubt, and doubts another's statement."""
    services, actor, goal = arena.arena.services, await arena.actor(handle), GOAL
    await statements.state(services, actor, ref, goal, Words(f"beitrag{mark}"), expected_revision=0)
    doubt: dict[str, Any] = {"revision": 1, "verdict": "doubt"}
    expert, author = await arena.actor("expert"), await arena.actor("author")
    await reviews.review(services, expert, ref, goal, text=f"einwand{mark}", **doubt)
    async with services.database.read() as tx:
        idea = await stored_ideas.by_ref(tx, ref)
        assert idea is not None
        found = await alignment.reviews(tx, idea.id)
    await reviews.answer(services, actor, ref, found[0].id, text=f"erwiderung{mark}")
    theirs = await arena.idea("open")
    await statements.state(services, author, theirs, goal, Words("Kühlt."), expected_revision=0)
    await reviews.review(services, actor, theirs, goal, text=f"zweifel{mark}", **doubt)


async def _decide(arena: Everyone, ref: str, handle: str, mark: str, name: str) -> None:
    """The person judges, mutes, and moves the idea on."""
    services, actor = arena.arena.services, await arena.actor(handle)
    seen = await arena.version(ref)
    await judgements.judge(
        services,
        actor,
        ref,
        "legal",
        verdict="open",
        confidence="low",
        reason=f"grund{mark}",
        declared=Declared(Expertise.LIVED, f"erfahrung{mark}", f"nutzen{mark}"),
        seen=seen,
    )
    await moderation.mute(services, actor, ref, handle="observer", reason=f"strenge{mark}")
    reason = f"amtlich{mark}, gez. {name}"
    await change_stage(
        services, actor, ref, to="withdrawn", expected_revision=2, seen=seen, reason=reason
    )


async def _relate(arena: Everyone, ref: str, handle: str, mark: str) -> None:
    """The person says what an existing initiative is to the idea."""
    services, known = arena.arena.services, uuid4()
    found = Initiative(source=f"import:{mark}:1", name="Baumkarte", abstract="Alle Bäume.")
    async with services.database.write() as tx:
        await stored_initiatives.put(tx, known, found, services.clock())
    await initiatives.relate(
        services, await arena.actor(handle), ref, known, kind="competes", note=f"notiz{mark}"
    )


async def _open_idea(arena: Everyone, handle: str, new: NewIdea) -> str:
    """The reference of an idea of the person that everybody may write in."""
    services = arena.arena.services
    ref = (await ideas.create_idea(services, await arena.actor(handle), new)).idea.ref
    async with services.database.write() as tx:
        idea = await stored_ideas.by_ref(tx, ref)
        assert idea is not None
        await stored_ideas.advance(
            tx, idea.id, 1, from_stage="draft", to_stage="open", now=services.clock()
        )
        await documents.bump_access(tx, idea.document_id)
    return ref


async def type_out(
    arena: Everyone, ref: str, handle: str, section: str, text: str, *, key_by_key: bool = False
) -> None:
    """Let the person write a new paragraph, in one go or key by key, each key saved."""
    services, document_id = arena.arena.services, await document_of(arena, ref)
    async with services.database.read() as tx:
        found = await documents.load(tx, document_id)
    assert isinstance(found, documents.Found)
    doc: Doc[XmlFragment] = Doc()
    for update in found.updates:
        doc.apply_update(update)
    actor = await arena.actor(handle)
    written = XmlText("")
    before = doc.get_state()
    doc.get(section, type=XmlFragment).children.append(XmlElement("paragraph", contents=[written]))
    for keys in text if key_by_key else [text]:
        written.insert(len(str(written).encode()), keys)
        await services.hub.apply_server_update(document_id, doc.get_update(before), actor.person_id)
        before = doc.get_state()


async def send_late(arena: Everyone, ref: str, handle: str, section: str, text: str) -> None:
    """Keep what the person types at the end of the section's first paragraph as late text."""
    services, document_id = arena.arena.services, await document_of(arena, ref)
    actor = await arena.actor(handle)
    assert actor.person_id is not None
    async with services.database.read() as tx:
        loaded = await load(tx, document_id)
        head = (await documents.heads(tx, [document_id]))[document_id]
    shelf = Shelf(
        loaded.document, loaded.owners, actor=actor.person_id, kept=[], sections=loaded.sections
    )
    doc: Doc[XmlFragment] = Doc()
    doc.apply_update(loaded.document.state())
    before = doc.get_state()
    paragraph = doc.get(section, type=XmlFragment).children[0]
    assert isinstance(paragraph, XmlElement)
    with doc.transaction():
        paragraph.children.append(XmlText(text))
    addition = shelf.put(doc.get_update(before))
    assert addition is not None
    store = SqlLateStore(document_id, services.database, services.clock)
    assert await store.keep(Late(head, actor.person_id, addition, 0)) is Outcome.KEPT
