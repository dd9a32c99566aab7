"""Giving the text as it is now a name, and calling a version something else."""

from uuid import UUID, uuid4

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.texts.versions import VersionNamed, VersionRenamed
from collab.process.permissions import Action
from collab.process.versions.names import NAMED_MAX, checked_name
from server.actions.cases import acting_case, open_case, tell
from server.actions.live.exact_text import exact_text
from server.auth import limits
from server.errors import SIGN_IN_REQUIRED
from server.services import Services
from storage.versions import names
from storage.versions.names import NamedVersion


async def name_version(
    services: Services, actor: Actor, ref: str, *, name: str, note: str = ""
) -> NamedVersion:
    """Keep the text with everything that was written until now, under this name.

    Raises:
        Conflict: (already-named) exactly this text has a name; (versions-full) the idea has as
            many as it may have.
        Invalid: name or note are faulty.
    """
    stored, said = checked_name(name, note)
    await _hit(services, actor)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.NAME_VERSION)
    exact, now = await exact_text(services, case.idea.document_id), services.clock()
    version = exact.version
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.NAME_VERSION)
        there = [
            row
            for row in await names.of_idea(tx, case.idea.id)
            if (row.epoch, row.seq) == (version.epoch, version.seq) and row.name
        ]
        if there:
            raise Conflict("already-named", current=there[0].name)
        if await names.named_count(tx, case.idea.id) >= NAMED_MAX:
            raise Conflict("versions-full")
        await exact.pin(tx, case.idea.document_id, services)
        row = await names.add(
            tx,
            version,
            named_id=uuid4(),
            idea_id=case.idea.id,
            document_id=case.idea.document_id,
            kind=names.NAMED,
            name=stored,
            note=said,
            by=case.person_id,
            now=now,
        )
        event = await tell(tx, case, VersionNamed(row.id, version), now)
    await services.announcer.announce([event])
    return row


async def rename_version(
    services: Services, actor: Actor, ref: str, named_id: UUID, *, name: str, note: str = ""
) -> None:
    """Call a version something else; only who named it does that, and the text stays kept.

    Raises:
        NotFound: (version-unknown) no version of the idea has this name.
        NotAllowed: (not-your-version) somebody else named it.
        Invalid: name or note are faulty.
    """
    stored, said = checked_name(name, note)
    await _hit(services, actor)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.READ_IDEA)
        row = await names.get(tx, case.idea.id, named_id)
        if row is None:
            raise NotFound("version-unknown")
        if case.actor.person_id is None:
            raise NotAllowed(SIGN_IN_REQUIRED)
        if row.by != case.actor.person_id or case.actor.suspended:
            raise NotAllowed("not-your-version")
        await names.rename(tx, row.id, name=stored, note=said, now=now)
        event = await tell(tx, case, VersionRenamed(row.id), now)
    await services.announcer.announce([event])


async def _hit(services: Services, actor: Actor) -> None:
    who = str(actor.person_id)
    await services.limiter.hit(limits.NAME_VERSION_PER_PERSON, "name-version", who)
