"""Existing initiatives: bringing them in, finding those like a text, relating ideas to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.events.catalogues import InitiativeRelated, InitiativeUnrelated
from collab.process.initiatives import initiative as rules
from collab.process.initiatives.initiative import RELATIONS_MAX, check_relation
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.auth import limits
from server.services import Services
from storage import ideas, texts
from storage.database import Database, Transaction
from storage.process import initiatives

# Small enough that people who write meanwhile do not wait noticeably for the one SQLite writer.
INITIATIVES_PER_TRANSACTION = 50
QUERY_CHARS_MAX = 500  # of what somebody types


@dataclass(frozen=True, slots=True)
class Imported:
    """How many initiatives an import brought in, changed and found as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(self.new + other.new, self.changed + other.changed, self.same + other.same)


async def import_initiatives(
    database: Database,
    found: Sequence[rules.Initiative],
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda count: None,
) -> Imported:
    """Bring the initiatives in, or up to date; each is known by its source.

    What was written stays written if it is interrupted; the next run goes on from there.
    """
    done = Imported()
    for start in range(0, len(found), INITIATIVES_PER_TRANSACTION):
        batch = found[start : start + INITIATIVES_PER_TRANSACTION]
        async with database.read() if dry_run else database.write() as tx:
            done += await bring_in(tx, batch, now, dry_run=dry_run)
        progress(len(batch))
    return done


async def bring_in(
    tx: Transaction, found: Sequence[rules.Initiative], now: datetime, *, dry_run: bool = False
) -> Imported:
    """The same in a transaction in which more is done, for as many as it may hold up others."""
    known = await initiatives.by_sources(tx, [each.source for each in found])
    new = changed = 0
    for each in found:
        row = known.get(each.source)
        if row is not None and initiatives.is_same(row, each):
            continue
        new, changed = new + (row is None), changed + (row is not None)
        if not dry_run:
            await initiatives.put(tx, row.id if row else uuid4(), each, now)
    return Imported(new, changed, len(found) - new - changed)


async def relate(
    services: Services, actor: Actor, ref: str, initiative_id: UUID, *, kind: str, note: str = ""
) -> None:
    """Say what the initiative is to the idea, in place of what was said before.

    Raises:
        Invalid: names every faulty field.
        NotFound: (initiative-unknown) nobody has brought it in.
        Conflict: (too-many-relations) the idea has as many as it may have.
    """
    relation, stored_note = check_relation(kind, note)
    await services.limiter.hit(limits.RELATE_PER_PERSON, "relate", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.RELATE_INITIATIVES)
        row = await initiatives.get(tx, initiative_id)
        if row is None:
            raise NotFound("initiative-unknown")
        said = {each.initiative_id: each for each, _ in await initiatives.of_idea(tx, case.idea.id)}
        before = said.get(initiative_id)
        if before is not None and (before.kind, before.note) == (relation, stored_note):
            return
        if before is None and len(said) >= RELATIONS_MAX:
            raise Conflict("too-many-relations", most=RELATIONS_MAX)
        await initiatives.relate(
            tx,
            case.idea.id,
            initiative_id,
            kind=relation,
            note=stored_note,
            by=case.person_id,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, InitiativeRelated(initiative_id, row.name, relation), now)
    await services.announcer.announce([event])


async def unrelate(services: Services, actor: Actor, ref: str, initiative_id: UUID) -> None:
    """Take back what was said about the initiative and the idea.

    Raises:
        NotFound: (not-related) nothing was said.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.RELATE_INITIATIVES)
        row = await initiatives.get(tx, initiative_id)
        if row is None or not await initiatives.unrelate(tx, case.idea.id, initiative_id):
            raise NotFound("not-related")
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, InitiativeUnrelated(initiative_id, row.name), now)
    await services.announcer.announce([event])


async def own_query(tx: Transaction, case: Case) -> str:
    """What to search for at an idea if nobody says otherwise: its title and its text."""
    text = await texts.get(tx, case.idea.id)
    return f"{case.idea.title} {text.plain if text else ''}"
