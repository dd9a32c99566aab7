"""The audit log: entries are added in the transaction of the act, read in their order, never
changed. What can be cut, by an erasure, are the keys of their seals.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, insert, select

from collab.process.audit.entry import FIRST, Draft, Entry, enter
from collab.process.audit.facts import facts_of, seal
from storage.database import METADATA, Transaction

AUDIT_ENTRY = METADATA.tables["audit_entry"]
AUDIT_KEY = METADATA.tables["audit_key"]
IDEA = METADATA.tables["idea"]
PERSON = METADATA.tables["person"]

ACTOR = "actor"
KEY_BYTES = 32

_COLUMNS = tuple(
    AUDIT_ENTRY.c[name]
    for name in ("chain", "number", "event_id", "at", "act", "public", "body", "previous", "hash")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An official act as it is to be entered: its event, and what it leaves besides in clear."""

    chain: str
    idea_id: UUID | None
    event_id: int | None
    kind: str
    actor_id: UUID | None
    payload: Mapping[str, Any]
    record: Mapping[str, Any]
    """Office, organisation, revision: what the event does not say."""
    public: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain, how many entries it has, and the number of the last."""

    name: str
    idea_id: UUID | None
    entries: int
    last: int


Keys = dict[int, dict[str, bytes]]
"""The keys that are left, by number and field."""


async def add(tx: Transaction, act: Act) -> None:
    """Enter the act as the last of its chain.

    Whoever adds has to wait for others that do, from before this to the commit: events.append
    holds that lock.
    """
    query = select(AUDIT_ENTRY.c.number, AUDIT_ENTRY.c.hash).where(AUDIT_ENTRY.c.chain == act.chain)
    last = (await tx.run(query.order_by(AUDIT_ENTRY.c.number.desc()).limit(1))).first()
    number, previous = (last[0] + 1, last[1]) if last else (1, FIRST)
    await _insert(tx, [(act, number, previous)])


async def begin(tx: Transaction, acts: Iterable[Act]) -> None:
    """Enter many acts, each as the first of a chain of its own."""
    await _insert(tx, [(act, 1, FIRST) for act in acts])


async def chains(tx: Transaction, names: Collection[str] | None = None) -> list[Chain]:
    """All chains, or these, by name."""
    counted = select(
        AUDIT_ENTRY.c.chain,
        func.count().label("entries"),
        func.max(AUDIT_ENTRY.c.number).label("last"),
    ).group_by(AUDIT_ENTRY.c.chain)
    if names is not None:
        counted = counted.where(AUDIT_ENTRY.c.chain.in_(list(names)))
    counts = counted.subquery()
    query = (
        select(counts.c.chain, IDEA.c.id, counts.c.entries, counts.c.last)
        .select_from(counts.outerjoin(IDEA, IDEA.c.ref == counts.c.chain))
        .order_by(counts.c.chain)
    )
    return [Chain(*row) for row in await tx.run(query)]


async def entries(tx: Transaction, chain: str, after: int = 0, limit: int = 500) -> list[Entry]:
    """The entries of the chain after ``after``, in order; ask again from the last."""
    query = select(*_COLUMNS).where(AUDIT_ENTRY.c.chain == chain, AUDIT_ENTRY.c.number > after)
    return [_entry(row) for row in await tx.run(query.order_by(AUDIT_ENTRY.c.number).limit(limit))]


async def of_events(tx: Transaction, event_ids: Iterable[int]) -> dict[int, Entry]:
    """The entries of these events, by event."""
    query = select(*_COLUMNS).where(AUDIT_ENTRY.c.event_id.in_(list(event_ids)))
    found = [_entry(row) for row in await tx.run(query)]
    return {entry.draft.event: entry for entry in found if entry.draft.event is not None}


async def keys(tx: Transaction, chain: str, numbers: Sequence[int]) -> Keys:
    """What is left of the keys of these entries."""
    columns = AUDIT_KEY.c
    query = select(columns.number, columns.field, columns.key)
    found: Keys = {}
    for number, field, key in await tx.run(
        query.where(columns.chain == chain, columns.number.in_(list(numbers)))
    ):
        found.setdefault(number, {})[field] = bytes(key)
    return found


async def cut_person(tx: Transaction, person_id: UUID) -> int:
    """Delete the keys of all seals that stand for the person; return how many."""
    return (await tx.run(delete(AUDIT_KEY).where(AUDIT_KEY.c.person_id == person_id))).rowcount


async def cut_words(tx: Transaction, event_id: int, fields: Collection[str]) -> None:
    """Delete the keys of seals whose words were taken out of the event."""
    entry = AUDIT_ENTRY.c
    place = select(entry.chain, entry.number).where(entry.event_id == event_id)
    for chain, number in (await tx.run(place)).all():
        await tx.run(
            delete(AUDIT_KEY).where(
                AUDIT_KEY.c.chain == chain,
                AUDIT_KEY.c.number == number,
                AUDIT_KEY.c.field.in_(list(fields)),
            )
        )


async def sealed_for(tx: Transaction, person_id: UUID) -> list[Row[Any]]:
    """Entries with a seal that stands for the person: chain, number, act, field, time."""
    same = and_(
        AUDIT_ENTRY.c.chain == AUDIT_KEY.c.chain, AUDIT_ENTRY.c.number == AUDIT_KEY.c.number
    )
    query = (
        select(
            AUDIT_KEY.c.chain,
            AUDIT_KEY.c.number,
            AUDIT_ENTRY.c.act,
            AUDIT_KEY.c.field,
            AUDIT_ENTRY.c.at,
        )
        .join(AUDIT_ENTRY, same)
        .where(AUDIT_KEY.c.person_id == person_id)
    )
    return list(await tx.run(query.order_by(AUDIT_KEY.c.chain, AUDIT_KEY.c.number)))


async def _insert(tx: Transaction, placed: Sequence[tuple[Act, int, str]]) -> None:
    entered: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for act, number, previous in placed:
        words = _words(act)
        known = await _people(tx, words)
        fresh = {name: secrets.token_bytes(KEY_BYTES) for name in words}
        entered.append(_row(act, number, previous, _sealed(fresh, words)))
        kept += [
            {
                "chain": act.chain,
                "number": number,
                "field": name,
                "key": fresh[name],
                "person_id": known.get(name) if name != ACTOR else act.actor_id,
            }
            for name in words
        ]
    await tx.run(insert(AUDIT_ENTRY), entered)
    if kept:
        await tx.run(insert(AUDIT_KEY), kept)


def _words(act: Act) -> dict[str, str]:
    """What of the act is sealed."""
    words = facts_of({**act.payload, **act.record}).words
    return words | ({ACTOR: str(act.actor_id)} if act.actor_id else {})


def _sealed(keys: Mapping[str, bytes], words: Mapping[str, str]) -> dict[str, str]:
    return {name: seal(keys[name], name, value) for name, value in words.items()}


async def _people(tx: Transaction, words: Mapping[str, str]) -> dict[str, UUID]:
    """Which fields besides the actor stand for a person, whatever they are called."""
    ids = {name: UUID(value) for name, value in words.items() if name != ACTOR and _is_id(value)}
    if not ids:
        return {}
    found = await tx.run(select(PERSON.c.id).where(PERSON.c.id.in_(list(ids.values()))))
    people = set(found.scalars())
    return {name: each for name, each in ids.items() if each in people}


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _row(act: Act, number: int, previous: str, sealed: Mapping[str, str]) -> dict[str, Any]:
    draft = Draft(
        chain=act.chain,
        act=act.kind,
        at=act.at,
        public=act.public,
        event=act.event_id,
        facts=facts_of({**act.payload, **act.record}).clear,
        sealed=sealed,
    )
    return {
        "chain": act.chain,
        "number": number,
        "idea_id": act.idea_id,
        "event_id": act.event_id,
        "at": act.at,
        "act": act.kind,
        "public": act.public,
        "body": {"facts": dict(draft.facts), "sealed": dict(draft.sealed)},
        "previous": previous,
        "hash": enter(draft, number, previous).hash,
    }


def _entry(row: Row[Any]) -> Entry:
    draft = Draft(
        chain=row.chain,
        act=row.act,
        at=row.at,
        public=row.public,
        event=row.event_id,
        facts=row.body["facts"],
        sealed=row.body["sealed"],
    )
    return Entry(draft=draft, number=row.number, previous=row.previous, hash=row.hash)
