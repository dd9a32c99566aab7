"""An Arena of many ideas, some of them with everything that a long way through the process leaves.

Written by one statement for each table, as an import would; nothing but the seed is random.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from bench.pages import rows
from collab.process.actors import ActorClass, Role
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.events.event import is_public
from collab.process.events.ideas import IdeaCreated
from collab.process.events.talk import CommentAdded
from collab.process.measures.numbers import Series, format_number
from collab.process.processes import load_process
from collab.sync.schema import SERVER_CLIENT
from collab.sync.text import sha256, to_json, to_plain
from server.actions.seeds import DOCUMENT_KIND, SCHEMA_NUMBER, Seed, seed
from server.auth.cookie import SESSION_IDLE
from server.auth.secrets import hash_of
from storage import access, people
from storage.bulk.ideas import FirstText, NewIdea, insert_ideas
from storage.database import METADATA, Database, Transaction

PERSONS = 200
ORGANISATIONS = 600
FULL = 300
"""So many ideas have a team, an organisation that leads, evidence, judgements and a talk."""

TEXTS = 500
STAGES = {
    "draft": 5, "open": 50, "elaboration": 15, "feasibility": 10, "proposal": 4,
    "measure_decentral": 3, "deferred": 3, "declined": 5, "archived": 5,
}  # fmt: skip
"""How ideas are spread over the process, in parts of a hundred."""


@dataclass(frozen=True, slots=True)
class World:
    """What the bench needs to know of the database: somebody of each kind, and where to look."""

    moderator: str
    """The secret of his session."""
    participant: str
    """That of somebody who has no part in the ideas that are looked at."""
    full: str
    busy: str
    """The idea with the longest talk and the longest history."""
    movable: tuple[tuple[str, str], ...]
    """Ideas that a moderator may archive, each with the hash of its text."""


async def build(database: Database, *, ideas: int, events: int, now: datetime) -> World:
    """Fill a migrated, empty database; the busy idea gets ``events`` events."""
    draw = random.Random(7)
    async with database.write() as tx:
        persons = [await _person(tx, number, now) for number in range(PERSONS)]
        bodies = await _organisations(tx, persons, now)
        moderator = await _signed_in(tx, persons[0], now)
        texts = [_text(draw) for _ in range(min(TEXTS, ideas))]
        new = [_idea(number, draw, texts, persons, now) for number in range(ideas)]
        refs = await insert_ideas(tx, new, now.year)
        numbered = list(zip(new, refs, strict=True))
        full = [(idea, ref) for idea, ref in numbered if idea.stage == "feasibility"][:FULL]
        await _records(tx, draw, [idea for idea, _ in full], persons, bodies, now)
        await _talk(tx, draw, full[0][0], persons, events, now)
        measures = [idea for idea, _ in numbered if idea.stage == "measure_decentral"]
        await _measures(tx, draw, measures, persons, now)
        participant = await _signed_in(tx, await _person(tx, PERSONS, now), now)
    movable = [(ref, idea.text.sha256) for idea, ref in numbered if idea.stage == "open"]
    return World(moderator, participant, full[1][1], full[0][1], tuple(movable))


async def _person(tx: Transaction, number: int, now: datetime) -> UUID:
    person_id = UUID(int=1_000 + number)
    role = Role.MODERATOR if number == 0 else Role.PARTICIPANT
    await people.create(
        tx,
        person_id=person_id,
        handle=f"person-{number}",
        name=f"Person {number}",
        now=now,
        roles=[role.value],
    )
    return person_id


async def _signed_in(tx: Transaction, person_id: UUID, now: datetime) -> str:
    """The secret of a session of the person."""
    secret, until = f"bench-{person_id}", now + SESSION_IDLE
    await access.create_session(
        tx, id_hash=hash_of(secret), person_id=person_id, now=now, expires_at=until
    )
    return secret


async def _organisations(
    tx: Transaction, persons: Sequence[UUID], now: datetime
) -> list[tuple[UUID, str, str]]:
    """A tree of bodies, each class in turn; every person belongs to one of them."""
    classes = list(ActorClass)
    bodies: list[dict[str, Any]] = [
        {
            "id": UUID(int=500_000 + number),
            "name": f"Stelle {number}",
            "actor_class": classes[number % len(classes)].value,
            "kind": "office",
            "parent_id": UUID(int=500_000 + number // 6) if number else None,
        }
        for number in range(ORGANISATIONS)
    ]
    await _insert(tx, "organisation", bodies)
    belong = [
        {
            "person_id": each,
            "organisation_id": bodies[at % 40]["id"],
            "confirmed_at": now,
            "may_sign": at % 5 == 0,
        }
        for at, each in enumerate(persons)
    ]
    await _insert(tx, "affiliation", belong)
    return [(row["id"], row["name"], row["actor_class"]) for row in bodies]


def _text(draw: random.Random) -> Seed:
    template = load_dossier(IdeaKind.PROPOSAL)
    written = {each.id: " ".join(draw.choices(rows.WORDS, k=60)) for each in template.sections}
    return seed(template, " ".join(draw.sample(rows.WORDS, 4)), written)


def _idea(
    number: int,
    draw: random.Random,
    texts: Sequence[Seed],
    persons: Sequence[UUID],
    now: datetime,
) -> NewIdea:
    process, template = load_process(), load_dossier(IdeaKind.PROPOSAL)
    seeded = texts[number % len(texts)]
    text = seeded.text
    stage = draw.choices(list(STAGES), weights=list(STAGES.values()))[0]
    fact = IdeaCreated(text.title, IdeaKind.PROPOSAL, stage)
    return NewIdea(
        idea_id=rows.new_id(draw),
        kind=IdeaKind.PROPOSAL,
        stage=stage,
        template_id=template.id,
        template_version=template.version,
        process_id=process.id,
        process_version=process.version,
        created_by=draw.choice(persons),
        at=now - timedelta(minutes=draw.randrange(500_000)),
        source=f"bench:{number}",
        latitude=None,
        longitude=None,
        text=FirstText(
            document_id=rows.new_id(draw),
            document_kind=DOCUMENT_KIND,
            schema=SCHEMA_NUMBER,
            seed=seeded.update,
            seed_clients=(SERVER_CLIENT,),
            sha256=sha256(text),
            title=text.title,
            plain=to_plain(text),
            sections=to_json(text),
        ),
        fact=fact,
        is_public=is_public(fact, stage),
    )


async def _records(
    tx: Transaction,
    draw: random.Random,
    full: Sequence[NewIdea],
    persons: Sequence[UUID],
    bodies: Sequence[tuple[UUID, str, str]],
    now: datetime,
) -> None:
    """Teams, responsibilities, evidence, requirements, indicators, judgements, some talk."""
    for idea in full:
        team = draw.sample(persons, 6)
        roles = [Role.AUTHOR, Role.LEAD, Role.MEMBER, Role.MEMBER, Role.EDITOR, Role.PARTNER]
        held = zip(team, roles, strict=True)
        await _insert(
            tx,
            "idea_role",
            [{"idea_id": idea.idea_id, "person_id": who, "role": role} for who, role in held],
        )
        await _insert(
            tx, "responsibility", rows.responsibilities(draw, idea.idea_id, team, bodies, now)
        )
        await _insert(tx, "evidence", rows.evidence(idea.idea_id, team[1], now))
        await _insert(tx, "requirement", rows.requirements(draw, idea.idea_id, persons, now))
        await _insert(tx, "indicator", rows.indicators(idea.idea_id, team[1], now))
        await _insert(tx, "measurement", rows.measurements(draw, idea.idea_id, team[1], now))
        await _insert(tx, "judgement", rows.judgements(draw, idea, persons, now))
        await _insert(tx, "stage_change", rows.changes(draw, idea, team[0], now))
        await _talk(tx, draw, idea, persons, 20, now)


async def _talk(
    tx: Transaction,
    draw: random.Random,
    idea: NewIdea,
    persons: Sequence[UUID],
    count: int,
    now: datetime,
) -> None:
    """Comments, each with its event."""
    comments = [
        {
            "id": rows.new_id(draw),
            "idea_id": idea.idea_id,
            "author_id": draw.choice(persons),
            "kind": "note",
            "text": " ".join(draw.choices(rows.WORDS, k=30)),
            "created_at": now - timedelta(minutes=count - at),
        }
        for at in range(count)
    ]
    await _insert(tx, "comment", comments)
    told = [
        {
            "idea_id": idea.idea_id,
            "kind": CommentAdded.kind,
            "actor_id": each["author_id"],
            "payload": {"comment_id": str(each["id"]), "comment_kind": "note", "reply_to": None},
            "public": True,
            "at": each["created_at"],
        }
        for each in comments
    ]
    await _insert(tx, "event", told)


async def _measures(
    tx: Transaction,
    draw: random.Random,
    ideas: Sequence[NewIdea],
    persons: Sequence[UUID],
    now: datetime,
) -> None:
    """The ideas that have become measures, in the register."""
    changes = [
        rows.change(draw, each, persons[0], "decision", each.stage, 2, now) for each in ideas
    ]
    await _insert(tx, "stage_change", changes)
    entered = [
        {
            "number": format_number(Series.MEASURE, now.year, at),
            "year": now.year,
            "nth": at,
            "kind": "decentral",
            "idea_id": idea.idea_id,
            "change_id": change["id"],
            "at": now,
        }
        for at, (idea, change) in enumerate(zip(ideas, changes, strict=True), 1)
    ]
    await _insert(tx, "measure", entered)


async def _insert(tx: Transaction, table: str, given: Sequence[dict[str, Any]]) -> None:
    if given:
        await tx.run(insert(METADATA.tables[table]), given)


def utc_now() -> datetime:
    """The moment at which the bench begins."""
    return datetime.now(UTC)
