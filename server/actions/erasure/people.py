"""Erasing a person: the account becomes a pseudonym, text goes where that was chosen.

It is done in steps, each of which is a transaction: the account with everything in tables; each
document; and last the files of the database. What was begun is written down with the first step
(``storage.erasure.asked``), so that ``finish`` completes it whatever happened in between.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events.people import PersonErased
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.actions.access import known
from server.actions.erasure.texts import Removal, erase_person_text, look
from server.actions.erasure.words import erase_words, places, put_name
from server.auth import limits
from server.mail import mails_about, remove_mails
from server.realtime.holders import Holder, holder
from server.services import Services
from storage import access, events, ideas, people
from storage.database import StorageUnavailable, Transaction
from storage.erasure import asked, holdings, texts
from storage.erasure import people as erasing
from storage.erasure.purge import StillRead, purge
from storage.erasure.topics import talk
from storage.tables.people import Person
from storage.talk import comments

FRESH: Final = timedelta(minutes=15)
"""Who has no password confirms by having signed in no longer ago than this."""

COUNTED: Final = ("sessions", "tokens", "links", "comments", "judgements", "stage_changes")
"""What a plan says the number of."""

NAMES: Final = {"de": "Ehemalige Person", "en": "Former participant"}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose words go: none, those at some ideas, or all (``refs`` is None)."""

    refs: frozenset[str] | None = frozenset()

    def holds(self, ref: str) -> bool:
        return self.refs is None or ref in self.refs


CHOICES: Final = {"keep": Choice(), "erase": Choice(None)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing the person would do."""

    handle: str
    name: str
    counts: Mapping[str, int]
    removals: tuple[Removal, ...]
    """Texts that would be erased."""
    kept: tuple[Removal, ...]
    """Texts that would stay under the pseudonym."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an erasure ended."""

    pseudonym: str | None
    texts: int
    unreadable: tuple[UUID, ...]
    """Documents that cannot be read: their text is still there."""
    warnings: tuple[str, ...]


async def plan(services: Services, handle: str, choice: Choice) -> Plan:
    """Look at everything that an erasure would touch, and touch nothing."""
    async with services.database.read() as tx:
        person = await _person(tx, handle)
        removals: list[Removal] = []
        kept: list[Removal] = []
        for each in await _documents(tx, person.id):
            try:
                found = await look(tx, each.document_id, person.id)
            except Conflict:
                found = Removal(each.name, each.title, {}, (), is_readable=False)
            (removals if await _goes(tx, each, person.id, choice) else kept).append(found)
        await places(tx, choice.refs, ())
        counts = {
            **{name: len(await holdings.owned(tx, name, person.id)) for name in COUNTED},
            "events": len(await holdings.events(tx, person.id)),
            "mails": len(mails_about(services.settings.outbox, person.email, person.name)),
        }
    return Plan(person.handle, person.name, counts, tuple(removals), tuple(kept))


async def erase_person(services: Services, handle: str, choice: Choice) -> Outcome:
    """Erase the person and finish it, as the operator at the command line does."""
    pseudonym = await _begin(services, handle, choice)
    return await finish(services, pseudonym)


async def erase_self(
    services: Services, actor: Actor, session_key: str | None, password: str, choice: Choice
) -> None:
    """Erase one's own account and the chosen text; the files are purged by ``finish``.

    Raises:
        Invalid: the password is wrong; or there is none and the sign-in is not fresh.
    """
    await _require_confirmed(services, actor, session_key, password)
    await _begin(services, actor.handle, choice)
    await _erase_texts(services)


async def finish(services: Services, pseudonym: str | None = None) -> Outcome:
    """Complete every erasure that was begun, down to the files; nothing to do is fine."""
    done, unreadable = await _erase_texts(services)
    async with services.database.read() as tx:
        waiting = [each.id for each in await asked.unpurged(tx)]
    warnings: tuple[str, ...] = ()
    if waiting:
        warnings = (await purge(services.database)).warnings
        async with services.database.write() as tx:
            await asked.purged(tx, waiting, services.clock())
    return Outcome(pseudonym, done, unreadable, warnings)


async def finish_later(services: Services) -> None:
    """As ``finish``, when nobody waits for it: what cannot be done now is done the next time."""
    try:
        outcome = await finish(services)
    except (StillRead, StorageUnavailable) as error:
        log.error("erasure_not_finished", reason=str(error))
        return
    for warning in outcome.warnings:
        log.warning("erasure_left_to_operator", what=warning)


async def is_unfinished(services: Services) -> bool:
    """Whether an erasure was begun and not completed."""
    async with services.database.read() as tx:
        return bool(await asked.open_texts(tx) or await asked.unpurged(tx))


async def _begin(services: Services, handle: str, choice: Choice) -> str:
    """Everything that lies in tables, in one transaction; returns the name that is left."""
    now = services.clock()
    async with services.database.read() as tx:
        person = await _person(tx, handle)
        await places(tx, choice.refs, ())
    # Before the address is forgotten by which they are found.
    remove_mails(mails_about(services.settings.outbox, person.email, person.name))
    async with services.database.write() as tx:
        person = await _person(tx, handle)
        concerned = await _documents(tx, person.id)
        going = [each for each in concerned if await _goes(tx, each, person.id, choice)]
        number = secrets.token_hex(4)
        name = f"{NAMES[person.language]} {number[:4].upper()}"
        at = await places(tx, choice.refs, [each.idea for each in going if each.idea])
        await erase_words(tx, person, at, now)
        await put_name(tx, person, name)
        await talk.put_handle(tx, person.id, person.handle, f"former-{number}")
        await erasing.end_access(tx, person)
        await erasing.pseudonymise(tx, person.id, handle=f"former-{number}", name=name, now=now)
        await asked.ask(tx, erasure_id=uuid4(), now=now, person_id=person.id, is_done=True)
        for each in going:
            await asked.ask(
                tx,
                erasure_id=uuid4(),
                now=now,
                person_id=person.id,
                document_id=each.document_id,
            )
        fact = PersonErased(person.id)
        event = await events.append(
            tx, fact, idea_id=None, actor_id=None, public=fact.public, now=now
        )
    await services.announcer.announce([event])
    return name


async def _erase_texts(services: Services) -> tuple[int, tuple[UUID, ...]]:
    """Take text out of every document where that is still to be done."""
    async with services.database.read() as tx:
        waiting = await asked.open_texts(tx)
    unreadable = []
    for each in waiting:
        assert each.person_id is not None, "only texts of people wait"
        assert each.document_id is not None, "only texts of people wait"
        try:
            await erase_person_text(services, each.id, each.document_id, each.person_id)
        except Conflict:
            log.error("text_not_erased", document=str(each.document_id))
            unreadable.append(each.document_id)
    return len(waiting) - len(unreadable), tuple(unreadable)


async def _documents(tx: Transaction, person_id: UUID) -> list[Holder]:
    """The documents in which the person wrote."""
    found = [
        await holder(tx, document_id) for document_id in await texts.documents_of(tx, person_id)
    ]
    return [each for each in found if each is not None]


async def _goes(tx: Transaction, held_by: Holder, person_id: UUID, choice: Choice) -> bool:
    """Chosen; or a draft that nobody else works on, which nobody could read any more."""
    idea = held_by.idea
    if choice.holds(held_by.name if idea is None else idea.ref):
        return True
    if idea is None:
        return False
    if access_of(idea.stage) is not StageAccess.PRIVATE:
        return False
    team = (await ideas.team(tx, [idea.id])).get(idea.id, [])
    said = set(await comments.authors(tx, idea.id))
    return {row.person_id for row in team} | said <= {person_id}


async def _person(tx: Transaction, handle: str) -> Person:
    person = await people.by_handle(tx, handle)
    if person is None or person.erased_at is not None:
        raise NotFound
    return person


async def _require_confirmed(
    services: Services, actor: Actor, session_key: str | None, password: str
) -> None:
    person_id = known(actor)
    await services.limiter.hit(limits.FAILED_PER_NAME, "erase-account", str(person_id))
    async with services.database.read() as tx:
        person = await people.get(tx, person_id)
        now = services.clock()
        found = await access.session(tx, session_key, now) if session_key else None
    assert person is not None, "an actor is a person"
    if person.password_hash:
        if not await services.passwords.matches(password, person.password_hash):
            raise Invalid("wrong-current-password", fields={"password": "wrong"})
    elif found is None or now - found[0].created_at > FRESH:
        raise Invalid("sign-in-not-fresh", fields={"confirmed": "sign-in-not-fresh"})
