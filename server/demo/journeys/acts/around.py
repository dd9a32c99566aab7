"""What happens around a case: links, commitments, the register, the board, support."""

from datetime import date

from collab.process.actors import Role
from collab.process.measures.central import Entry, LinkKind
from collab.process.support.requests import SupportAct
from server.actions.board import claims, notes
from server.actions.board.prepared import prepare as write_down
from server.actions.catalogues import initiatives
from server.actions.linking import links
from server.actions.measures import central, commitments
from server.actions.official.processes import move_cases, planned
from server.actions.responsibility import terms
from server.actions.stages import Decision
from server.actions.support import requests
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing
from server.demo.responsible import organisation_id
from server.demo.writing import Pen
from server.realtime.rooms.loading import load
from storage import documents


async def link(scene: Scene, case: Standing, act: Act) -> None:
    """The case answers, builds on or complements another one."""
    other = scene.cases[act.data["to"]]
    kind, actor = act.data["kind"], await scene.actor(act.by)
    await links.link(scene.services, actor, case.ref, kind=kind, to=other.ref)


async def relate(scene: Scene, case: Standing, act: Act) -> None:
    """What an existing initiative is to the case."""
    await initiatives.relate(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        scene.initiatives[act.data["initiative"]],
        kind=act.data["kind"],
        note=act.data.get("note", ""),
    )


async def commit(scene: Scene, case: Standing, act: Act) -> None:
    """What the leading organisation says to the principles; nobody has signed it yet."""
    await commitments.save_draft(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        answers=act.data["answers"],
        expected_revision=case.next("commitment", "draft"),
    )


async def sign_commitment(scene: Scene, case: Standing, act: Act) -> None:
    """Its signatory commits the organisation."""
    seen = case.revisions["commitment", "draft"]
    actor = await scene.actor(act.by)
    await commitments.sign(scene.services, actor, case.ref, expected_revision=seen)


async def refer(scene: Scene, case: Standing, act: Act) -> None:
    """The case belongs to a central measure."""
    await central.link(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        scene.central[act.data["measure"]],
        LinkKind(act.data["kind"]),
        note=act.data.get("note", ""),
    )


async def support(scene: Scene, case: Standing, act: Act) -> None:
    """The team asks for support."""
    row = await requests.ask(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        kind=act.data["kind"],
        text=act.data["text"],
    )
    case.support = row.id


async def answer_support(scene: Scene, case: Standing, act: Act) -> None:
    """Whoever supports answers the request that was made last."""
    assert case.support is not None, case.journey.key
    await requests.answer(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        case.support,
        act=SupportAct(act.data["act"]),
        text=act.data["text"],
    )


async def claim(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody of the board looks after the case."""
    await claims.claim(scene.services, await scene.actor(act.by), case.ref)


async def note(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody of the board writes an internal note."""
    actor = await scene.actor(act.by)
    assert actor.person_id is not None
    opened = await notes.open_notes(scene.services, actor, case.ref)
    async with scene.services.database.write() as tx:
        loaded = await load(tx, opened.document_id)
        pen = Pen(loaded.document, actor.person_id, lambda _: None)
        row, claimed = pen.write(loaded.sections[0], act.data["text"])
        head = (await documents.lock_heads(tx, [opened.document_id]))[opened.document_id]
        owners = dict.fromkeys(claimed, actor.person_id)
        await documents.claim(tx, opened.document_id, head.epoch, owners)
        await documents.append(tx, head, [row], scene.services.clock())


async def prepare(scene: Scene, case: Standing, act: Act) -> None:
    """A decision is written into a list, to be published together with others."""
    wanted = Decision(case.ref, act.data["to"], case.revision, case.version, act.data["reason"])
    actor = await scene.actor(act.by)
    await write_down(scene.services, actor, act.data["list"], [wanted])


async def grant(scene: Scene, act: Act) -> None:
    """A role of the arena for some time."""
    handle = act.data["person"]
    last = date.fromisoformat(scene.day(act.data["last"]))
    actor = await scene.actor(act.by)
    role = Role(act.data["role"])
    await terms.grant(scene.services, actor, handle=handle, role=role, last=last)
    scene.forget(handle)


async def enter_central(scene: Scene, act: Act) -> None:
    """The coordination office enters a central measure in the register."""
    data = act.data
    entry = Entry(data["title"], data["text"], tuple(data["fields"]), data["status"])
    row = await central.enter(
        scene.services,
        await scene.actor(act.by),
        entry,
        organisation_id=organisation_id(data["organisation"]),
    )
    scene.central[data["key"]] = row.number


async def move_process(scene: Scene, act: Act) -> None:
    """All cases go on in another version of their process, as the plan that was looked at says."""
    data = act.data
    versions = (data["process"], data["from"], data["to"])
    plan = await planned(scene.services, *versions)
    await move_cases(
        scene.services,
        await scene.actor(act.by),
        *versions,
        approved=plan.digest,
        reason=data["reason"],
    )
