"""What the coordination office does with organisations: adding, ending, replacing, importing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events.catalogues import OrganisationChanged
from collab.process.organisations.organisation import (
    CLASSES,
    OrganisationKind,
    check_end,
    check_new,
    check_reason,
    check_replacement,
    last_day_before,
)
from collab.process.permissions import Action, require
from server.actions.access import known
from server.actions.catalogues.succession import take_over
from server.actions.catalogues.today import today
from server.importing.organisations import Unit
from server.services import Services
from storage import events, people
from storage.database import Database, Transaction
from storage.process import organisations
from storage.process.organisations import NewOrganisation, Organisation, body_of
from storage.tables.people import Organisation as Row

# Small enough that people who write meanwhile do not wait noticeably for the one SQLite writer.
UNITS_PER_TRANSACTION = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``differing`` are known units that the chart shows otherwise.

    Their names stay: under them something may have been decided. The office ends or replaces them.
    """

    new: int
    adopted: int
    same: int
    differing: tuple[tuple[str, str], ...]
    """(name in the arena, what differs)"""


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many people speak for the successor, and for how many ideas it answers, by that."""

    people: int
    cases: int


async def add(
    services: Services,
    actor: Actor | None,
    *,
    name: str,
    actor_class: str,
    kind: str,
    reason: str,
    short_name: str = "",
    parent_id: UUID | None = None,
    valid_from: date | None = None,
) -> Organisation:
    """Add an organisation, which can be chosen from ``valid_from`` on or from today."""
    _require(actor)
    shown, short = check_new(name, short_name, actor_class, kind)
    said, on = check_reason(reason), today(services)
    new = NewOrganisation(
        id=uuid4(),
        name=shown,
        short_name=short or None,
        actor_class=actor_class,
        kind=kind,
        parent_id=parent_id,
        valid_from=valid_from or on,
    )
    async with services.database.write() as tx:
        if parent_id is not None and await organisations.get(tx, parent_id) is None:
            raise Invalid(fields={"parent": "unknown-choice"})
        for each in await people.organisations(tx, on=new.valid_from):
            if each.name.casefold() == shown.casefold():
                raise Invalid(fields={"name": "taken"})
        await organisations.add_all(tx, [new])
        made = await organisations.get(tx, new.id)
        event = await _tell(tx, services, actor, OrganisationChanged(new.id, "added", None, said))
    await services.announcer.announce([event])
    assert made is not None, "it was written just now"
    return made


async def end(
    services: Services,
    actor: Actor | None,
    organisation_id: UUID,
    *,
    last_day: date,
    reason: str,
    with_units: bool = False,
) -> int:
    """Give the organisation, and with it what lies below, a last day; returns how many ended."""
    _require(actor)
    said = check_reason(reason)
    async with services.database.write() as tx:
        await organisations.lock(tx, [organisation_id])
        row = await _existing(tx, organisation_id)
        check_end(body_of(row), last_day)
        under = await organisations.below(tx, row.id) if with_units else []
        ending = [each for each in under if _ends(each, last_day)]
        await organisations.end(tx, [row.id, *(each.id for each in ending)], last_day, said)
        event = await _tell(tx, services, actor, OrganisationChanged(row.id, "ended", None, said))
    await services.announcer.announce([event])
    return 1 + len(ending)


async def replace_organisation(
    services: Services,
    actor: Actor,
    organisation_id: UUID,
    *,
    successor_id: UUID,
    reason: str,
    last_day: date | None = None,
) -> Replaced:
    """Put the legal successor in the place of an organisation, whose last day was ``last_day``.

    Its people speak for the successor from now on, and the successor answers for what it answered
    for. What was done in the old name stays in the old name. ``last_day`` is yesterday if it is
    not given.
    """
    _require(actor)
    said, on, now = check_reason(reason), today(services), services.clock()
    async with services.database.write() as tx:
        await organisations.lock(tx, [organisation_id, successor_id])
        row = await _existing(tx, organisation_id)
        successor = await organisations.get(tx, successor_id)
        if successor is None:
            raise Invalid(fields={"successor": "unknown-choice"})
        ends = min(last_day or last_day_before(on), row.valid_to or date.max)
        named = await organisations.successors(tx)
        check_replacement(body_of(row), body_of(successor), ends, on, named)
        await organisations.replace(tx, row.id, successor.id, ends, said)
        moved = await organisations.speak_for_successor(tx, row.id, successor.id, now)
        told = await take_over(tx, row.id, successor, reason=said, by=known(actor), now=now)
        fact = OrganisationChanged(row.id, "replaced", successor.id, said)
        event = await _tell(tx, services, actor, fact)
    await services.announcer.announce([*told, event])
    return Replaced(moved, len({each.idea_id for each in told}))


async def import_units(
    database: Database,
    units: Sequence[Unit],
    *,
    actor_class: str,
    valid_from: date | None,
    on: date,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda count: None,
) -> Imported:
    """Bring the units of a chart in, parents first; each is known again by its address.

    A unit that was noted by hand under the same, unmistakable name becomes that of the chart.
    """
    if actor_class not in CLASSES:
        raise Invalid(fields={"actor_class": "unknown-choice"})
    async with database.read() as tx:
        there = await organisations.by_sources(tx, [unit.source for unit in units])
        by_hand = await _by_hand(tx, units, on)
    ids = {source: row.id for source, row in there.items()}
    new: list[NewOrganisation] = []
    adopted: list[tuple[UUID, NewOrganisation]] = []
    differing = []
    for unit in units:
        if unit.source in there:
            differing += _differences(there[unit.source], unit, ids)
            continue
        found = by_hand.get(unit.name.casefold())
        ids[unit.source] = found.id if found else uuid4()
        made = _new(unit, ids, actor_class, valid_from)
        if found:
            adopted.append((found.id, replace(made, kind=_kind(found, made))))
        else:
            new.append(made)
    if not dry_run:
        await _write(database, new, adopted, progress)
    return Imported(len(new), len(adopted), len(there) - len(differing), tuple(differing))


async def _write(
    database: Database,
    new: Sequence[NewOrganisation],
    adopted: Sequence[tuple[UUID, NewOrganisation]],
    progress: Callable[[int], None],
) -> None:
    for start in range(0, len(new), UNITS_PER_TRANSACTION):
        batch = new[start : start + UNITS_PER_TRANSACTION]
        async with database.write() as tx:
            await organisations.add_all(tx, batch)
        progress(len(batch))
    async with database.write() as tx:
        for organisation_id, made in adopted:
            await organisations.adopt(tx, organisation_id, made)
    progress(len(adopted))


async def _by_hand(tx: Transaction, units: Sequence[Unit], on: date) -> dict[str, Row]:
    """Organisations without an address whose name exactly one unit has, by that name."""
    times = Counter(unit.name.casefold() for unit in units)
    return {
        row.name.casefold(): row
        for row in await people.organisations(tx, on=on)
        if row.source is None and times[row.name.casefold()] == 1
    }


def _new(
    unit: Unit, ids: dict[str, UUID], actor_class: str, valid_from: date | None
) -> NewOrganisation:
    return NewOrganisation(
        id=ids[unit.source],
        name=unit.name,
        short_name=unit.short_name or None,
        type_name=unit.type_name or None,
        actor_class=actor_class,
        kind=unit.kind,
        source=unit.source,
        parent_id=ids[unit.parent] if unit.parent else None,
        valid_from=valid_from,
    )


def _kind(found: Row, made: NewOrganisation) -> str:
    """What is known by hand is not unlearnt where a chart only says: a unit."""
    return found.kind if made.kind == OrganisationKind.UNIT else made.kind


def _differences(row: Row, unit: Unit, ids: dict[str, UUID]) -> list[tuple[str, str]]:
    found = []
    if row.name != unit.name:
        found.append(f"is called {unit.name!r}")
    if row.parent_id != (ids.get(unit.parent) if unit.parent else None):
        found.append("lies elsewhere")
    return [(row.name, ", ".join(found))] if found else []


def _ends(row: Row, last_day: date) -> bool:
    """Whether a unit ends with what it lies below: it has begun, and not ended before."""
    has_begun = row.valid_from is None or row.valid_from <= last_day
    return has_begun and (row.valid_to is None or row.valid_to > last_day)


async def _existing(tx: Transaction, organisation_id: UUID) -> Organisation:
    found = await organisations.get(tx, organisation_id)
    if found is None:
        raise NotFound("organisation-unknown")
    return found


async def _tell(
    tx: Transaction, services: Services, actor: Actor | None, fact: OrganisationChanged
) -> events.StoredEvent:
    return await events.append(
        tx,
        fact,
        idea_id=None,
        actor_id=actor.person_id if actor else None,
        public=fact.public,
        now=services.clock(),
    )


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(Action.MANAGE_CATALOGUES, actor)
