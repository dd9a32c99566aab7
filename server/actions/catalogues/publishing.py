"""Publishing a version of a catalogue: looked at first, with a reason, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.catalogues import versions as rules
from collab.process.catalogues.catalogue import Catalogue, parse_catalogue
from collab.process.catalogues.edits import to_json
from collab.process.catalogues.versions import CATALOGUES, Change, ChangeKind
from collab.process.events.catalogues import CataloguePublished
from collab.process.permissions import Action, require
from collab.process.templates.reading import FaultyTemplate
from collab.typed import checked
from server.actions.catalogues.today import today
from server.services import Services
from storage import events
from storage.database import Transaction
from storage.process import catalogues, usage

REASON_CHARS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing a version would do, and to how many cases."""

    old: Catalogue
    new: Catalogue
    changes: tuple[Change, ...]
    refs: Mapping[str, tuple[str, ...]]
    """The cases that use each entry which changes or ends; unused entries are left out."""

    @property
    def affected(self) -> int:
        """How many cases that are."""
        return len({ref for refs in self.refs.values() for ref in refs})


async def versions_of(services: Services, catalogue_id: str) -> tuple[Catalogue, ...]:
    """Every version of the catalogue that counts, oldest first; refuses unknown catalogues."""
    if catalogue_id not in CATALOGUES:
        raise NotFound("catalogue-unknown", catalogue=catalogue_id)
    async with services.database.read() as tx:
        return await catalogues.versions(tx, catalogue_id)


def version_in(known: tuple[Catalogue, ...], version: int | None, on: date) -> Catalogue:
    """The version of that number, or without one that which counts on the day."""
    if version is None:
        return rules.current(known, on)
    found = next((each for each in known if each.version == version), None)
    if found is None:
        raise NotFound("catalogue-unknown", version=version)
    return found


async def plan(services: Services, actor: Actor | None, data: Mapping[str, Any]) -> Plan:
    """Look at what publishing ``data`` would do; ``actor`` None is the operator.

    Raises:
        Invalid: (faulty-catalogue) ``fault`` says in words what is wrong with the data, and where.
        Conflict: (catalogue-moved) somebody has published this version meanwhile.
    """
    _require(actor)
    async with services.database.read() as tx:
        return await _plan(tx, data, today(services))


async def publish(
    services: Services, actor: Actor | None, data: Mapping[str, Any], reason: str
) -> Plan:
    """Publish the version in ``data``; what it did is what ``plan`` said, of this moment."""
    _require(actor)
    said = checked(reason, "reason", REASON_CHARS_MAX, if_empty="missing")
    now, by = services.clock(), actor.person_id if actor else None
    try:
        async with services.database.write() as tx:
            done = await _plan(tx, data, today(services))
            await catalogues.publish(tx, done.new, to_json(done.new), reason=said, by=by, now=now)
            fact = CataloguePublished(done.new.id, str(done.new.version), said)
            event = await events.append(
                tx, fact, idea_id=None, actor_id=by, public=fact.public, now=now
            )
    except IntegrityError as error:
        raise Conflict("catalogue-moved") from error
    await services.announcer.announce([event])
    return done


async def _plan(tx: Transaction, data: Mapping[str, Any], on: date) -> Plan:
    new = _parsed(data)
    known = await catalogues.versions(tx, new.id)
    if not known or new.id not in CATALOGUES:
        raise _faulty(f"there is no catalogue {new.id}; there are {', '.join(CATALOGUES)}")
    old = known[-1]
    if new.version <= old.version:
        raise Conflict("catalogue-moved", current=old.version, version=new.version)
    if new.valid_from is None or new.valid_from < on:
        raise _faulty(f"{new.id}.valid_from: a version begins today ({on}) or later")
    try:
        rules.require_follows(old, new)
    except FaultyTemplate as fault:
        raise _faulty(str(fault)) from fault
    made = rules.changes(old, new)
    touched = [change.entry_id for change in made if change.kind is not ChangeKind.ADDED]
    return Plan(old, new, made, await usage.refs(tx, new.id, touched))


def _parsed(data: Mapping[str, Any]) -> Catalogue:
    try:
        return parse_catalogue(data)
    except FaultyTemplate as fault:
        raise _faulty(str(fault)) from fault


def _faulty(fault: str) -> Invalid:
    return Invalid("faulty-catalogue", fields={"data": "malformed"}, fault=fault)


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(Action.MANAGE_CATALOGUES, actor)
