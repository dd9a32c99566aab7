"""Expert profiles: one per person, and finding those that meet an idea."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.experts.profiles import Profile
from collab.process.feasibility.judgements import Expertise
from storage.database import METADATA, Transaction
from storage.search.function_words import FUNCTION_WORDS
from storage.search.stems import stemmed
from storage.tables.experts.experts import ExpertProfile, ExpertTopic
from storage.tables.people import Person

PROFILE = METADATA.tables["expert_profile"]
TOPIC = METADATA.tables["expert_topic"]

CANDIDATES_MAX: Final = 500
"""So many profiles at most are looked at for one idea, the newest first."""

STEMS_ASKED_MAX: Final = 20_000
"""A statement takes so many values at most, on both engines."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A profile with the person it is of, and the stems of each keyword."""

    person: Person
    profile: Profile
    stems: tuple[frozenset[str], ...]
    updated_at: datetime


async def put(tx: Transaction, person_id: UUID, profile: Profile, now: datetime) -> None:
    """Write the person's profile, in place of an earlier one."""
    values = {
        "ground": profile.ground.value,
        "about": profile.about,
        "is_listed": profile.is_listed,
        "may_be_asked": profile.may_be_asked,
        "shows_organisation": profile.shows_organisation,
        "updated_at": now,
    }
    statement = tx.insert(PROFILE).values(person_id=person_id, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    await tx.run(delete(TOPIC).where(TOPIC.c.person_id == person_id))
    keywords = [(each, _stems(each)) for each in profile.keywords]
    topics = [
        *(("dimension", each, "", each) for each in profile.dimensions),
        *(("field", each, "", each) for each in profile.fields),
        *(("keyword", each, " ".join(found), _head(found)) for each, found in keywords),
    ]
    names = ("kind", "value", "stems", "head")
    rows = [
        {"person_id": person_id, "place": place, **dict(zip(names, topic, strict=True))}
        for place, topic in enumerate(topics)
    ]
    if rows:
        await tx.run(insert(TOPIC), rows)


async def remove(tx: Transaction, person_id: UUID) -> bool:
    """Take the profile away; False if there is none."""
    await tx.run(delete(TOPIC).where(TOPIC.c.person_id == person_id))
    result = await tx.run(delete(PROFILE).where(PROFILE.c.person_id == person_id))
    return result.rowcount == 1


async def get(tx: Transaction, person_id: UUID) -> Stored | None:
    """The person's own profile, however he wants to be found."""
    found = await _stored(tx, [PROFILE.c.person_id == person_id], limit=1)
    return found[0] if found else None


async def of_people(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, Stored]:
    """The profiles of these persons; who has none, or is no longer here, is left out."""
    ids = list(set(person_ids))
    found = await _stored(tx, [PROFILE.c.person_id.in_(ids)], limit=len(ids)) if ids else []
    return {each.person.id: each for each in found}


async def lock(tx: Transaction, person_id: UUID) -> bool:
    """Hold the profile until ``tx`` ends, so that two ideas do not ask at once what one may.

    False if there is none.
    """
    same = {"may_be_asked": PROFILE.c.may_be_asked}
    result = await tx.run(update(PROFILE).where(PROFILE.c.person_id == person_id).values(**same))
    return result.rowcount == 1


async def listed(
    tx: Transaction,
    *,
    dimension: str = "",
    field: str = "",
    after: str = "",
    limit: int = 50,
) -> list[Stored]:
    """Who wants to be found, in the order of handles, after that handle."""
    wanted = [PROFILE.c.is_listed.is_(True), col(Person.handle) > after]
    wanted += [_has("dimension", [dimension])] if dimension else []
    wanted += [_has("field", [field])] if field else []
    return await _stored(tx, wanted, limit=limit, newest_first=False)


async def meeting(
    tx: Transaction,
    *,
    dimensions: Iterable[str],
    fields: Iterable[str],
    words: Iterable[str],
) -> list[Stored]:
    """Who may be asked and declares one of these; a keyword is looked up by one of its stems."""
    heads = list(words)[:STEMS_ASKED_MAX]
    meets = [
        _has(kind, list(heads))
        for kind, heads in (("dimension", dimensions), ("field", fields), ("keyword", heads))
    ]
    return await _stored(tx, [PROFILE.c.may_be_asked.is_(True), or_(*meets)], limit=CANDIDATES_MAX)


def _has(kind: str, heads: list[str]) -> ColumnElement[bool]:
    found = select(TOPIC.c.person_id).where(TOPIC.c.kind == kind, TOPIC.c.head.in_(heads))
    return PROFILE.c.person_id.in_(found)


async def _stored(
    tx: Transaction,
    wanted: list[ColumnElement[bool]],
    *,
    limit: int,
    newest_first: bool = True,
) -> list[Stored]:
    """Profiles of people who are here: erased and suspended ones are nobody to ask."""
    here = and_(col(Person.erased_at).is_(None), col(Person.suspended_at).is_(None))
    newest = (col(ExpertProfile.updated_at).desc(), col(ExpertProfile.person_id))
    order = newest if newest_first else (col(Person.handle),)
    query = select_rows(Person, ExpertProfile).join(
        ExpertProfile, col(ExpertProfile.person_id) == Person.id
    )
    rows = list(await tx.exec(query.where(here, *wanted).order_by(*order).limit(limit)))
    topics: dict[UUID, list[ExpertTopic]] = {row.person_id: [] for _, row in rows}
    if rows:
        mine = select_rows(ExpertTopic).where(col(ExpertTopic.person_id).in_(list(topics)))
        for topic in await tx.rows(mine.order_by(col(ExpertTopic.place))):
            topics[topic.person_id].append(topic)
    return [_value(person, row, topics[row.person_id]) for person, row in rows]


def _value(person: Person, row: ExpertProfile, topics: list[ExpertTopic]) -> Stored:
    def of(kind: str) -> tuple[str, ...]:
        return tuple(each.value for each in topics if each.kind == kind)

    profile = Profile(
        ground=Expertise(row.ground),
        dimensions=of("dimension"),
        fields=of("field"),
        keywords=of("keyword"),
        about=row.about,
        is_listed=row.is_listed,
        may_be_asked=row.may_be_asked,
        shows_organisation=row.shows_organisation,
    )
    said = tuple(frozenset(each.stems.split()) for each in topics if each.kind == "keyword")
    return Stored(person, profile, said, row.updated_at)


def _stems(keyword: str) -> list[str]:
    """The stems that say something; "der Gehweg" is looked for as "Gehweg"."""
    return sorted(
        {stem for word, stem in stemmed(keyword) if word.casefold() not in FUNCTION_WORDS}
    )


def _head(found: list[str]) -> str:
    """The longest stem: the one that says most."""
    return max(found, key=lambda each: (len(each), each), default="")
