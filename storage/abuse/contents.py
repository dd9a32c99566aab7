"""What can be reported and hidden of what people wrote, whichever table holds it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import String, cast, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.abuse.reports import HIDEABLE, Target
from collab.process.feasibility.judgements import judgement_id
from storage.database import METADATA, Transaction
from storage.tables.feasibility.judgements import Judgement
from storage.tables.ideas import Idea
from storage.tables.process.casefile import Requirement
from storage.tables.suggestions.suggestions import Suggestion
from storage.talk import comments
from storage.talk.comments import Comment

Named = TypeVar("Named", Comment, Suggestion, Requirement, Idea)
Key = tuple[UUID, str, str]
"""At which idea, of which kind, by which id."""

TABLES: Final = {each.value: METADATA.tables[each.value] for each in HIDEABLE}

MADE_OF_COMMENTS: Final = (METADATA.tables["requirement"], METADATA.tables["task"])
OUTCOME: Final = METADATA.tables["comment_outcome"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one person wrote, whether it is hidden or not; ``text`` is all of his words.

    ``is_gone``: he took it back. ``reply_to`` is the comment that it answers. ``name`` is the
    dimension of a judgement, the number of a requirement.
    """

    target: Target
    id: str
    idea_id: UUID
    author_id: UUID
    text: str
    hidden_at: datetime | None
    edited_at: datetime | None = None
    is_gone: bool = False
    reply_to: UUID | None = None
    name: str = ""

    @property
    def key(self) -> Key:
        return self.idea_id, self.target.value, self.id

    @property
    def is_readable(self) -> bool:
        """Whether everybody can read it who can read the idea."""
        return not self.is_gone and self.hidden_at is None


async def contribution(
    tx: Transaction, idea_id: UUID, target: Target, target_id: str
) -> Contribution | None:
    """The contribution at that idea; None where there is none of that kind and id."""
    key = (idea_id, target.value, target_id)
    return (await contributions(tx, [key])).get(key)


async def contributions(tx: Transaction, keys: Collection[Key]) -> dict[Key, Contribution]:
    """These contributions, also hidden ones and those that were taken back."""
    found = [
        *map(_comment, await _rows(tx, Comment, _ids(keys, Target.COMMENT))),
        *map(_suggestion, await _rows(tx, Suggestion, _ids(keys, Target.SUGGESTION))),
        *map(_requirement, await _rows(tx, Requirement, _ids(keys, Target.REQUIREMENT))),
        *map(_judgement, await _judgements(tx, keys)),
    ]
    return {each.key: each for each in found if each.key in keys}


async def comments_of(tx: Transaction, comment_ids: Collection[UUID]) -> dict[UUID, Comment]:
    """These comments, also hidden and deleted ones."""
    return {row.id: row for row in await _rows(tx, Comment, list(comment_ids))}


async def ideas_of(tx: Transaction, idea_ids: Collection[UUID]) -> dict[UUID, Idea]:
    """These ideas."""
    return {row.id: row for row in await _rows(tx, Idea, list(idea_ids))}


async def hide(tx: Transaction, found: Contribution, by: UUID, reason: str, now: datetime) -> None:
    """Hide the contribution from readers."""
    if found.target is Target.COMMENT:
        await comments.hide(tx, UUID(found.id), by, reason, now)
        await _hide_what_was_made(tx, found)
    else:
        await _mark(tx, found, now)


async def show(tx: Transaction, found: Contribution) -> None:
    """Undo ``hide``."""
    if found.target is Target.COMMENT:
        await comments.show(tx, UUID(found.id))
        for table in MADE_OF_COMMENTS:
            this = table.c.hidden_with == UUID(found.id)
            await tx.run(update(table).where(this).values(hidden_with=None))
    else:
        await _mark(tx, found, None)


async def _hide_what_was_made(tx: Transaction, found: Contribution) -> None:
    """Hide requirements and tasks with the comment that they were made from."""
    for table in MADE_OF_COMMENTS:
        made = select(OUTCOME.c.target).where(
            OUTCOME.c.comment_id == UUID(found.id), OUTCOME.c.kind == table.name
        )
        this = (table.c.idea_id == found.idea_id, cast(table.c.number, String).in_(made))
        await tx.run(update(table).where(*this).values(hidden_with=UUID(found.id)))


async def _mark(tx: Transaction, found: Contribution, at: datetime | None) -> None:
    table = TABLES[found.target]
    if found.target is Target.JUDGEMENT:
        this = [
            table.c.idea_id == found.idea_id,
            table.c.person_id == found.author_id,
            table.c.dimension == found.name,
        ]
    else:
        this = [table.c.id == UUID(found.id)]
    await tx.run(update(table).where(*this).values(hidden_at=at))


def _ids(keys: Iterable[Key], target: Target) -> list[UUID]:
    """The ids of that kind; what is no id names nothing."""
    found = []
    for _, kind, name in keys:
        if kind == target:
            try:
                found.append(UUID(name))
            except ValueError:
                continue
    return found


async def _rows(tx: Transaction, table: type[Named], ids: Collection[UUID]) -> list[Named]:
    return await tx.rows(select_rows(table).where(col(table.id).in_(list(ids)))) if ids else []


async def _judgements(tx: Transaction, keys: Iterable[Key]) -> list[Judgement]:
    ideas = {idea_id for idea_id, kind, _ in keys if kind == Target.JUDGEMENT}
    query = select_rows(Judgement).where(col(Judgement.idea_id).in_(ideas))
    return await tx.rows(query) if ideas else []


def _comment(row: Comment) -> Contribution:
    return Contribution(
        Target.COMMENT,
        str(row.id),
        row.idea_id,
        row.author_id,
        row.text,
        row.hidden_at,
        edited_at=row.edited_at,
        is_gone=row.deleted_at is not None,
        reply_to=row.reply_to,
    )


def _suggestion(row: Suggestion) -> Contribution:
    return Contribution(
        Target.SUGGESTION,
        str(row.id),
        row.idea_id,
        row.author_id,
        _together(row.text, row.reason, *(str(each["text"]) for each in row.history)),
        row.hidden_at,
        edited_at=row.edited_at,
    )


def _requirement(row: Requirement) -> Contribution:
    return Contribution(
        Target.REQUIREMENT,
        str(row.id),
        row.idea_id,
        row.raised_by,
        _together(row.recorded_for or "", row.text),
        row.hidden_at,
        name=str(row.number),
    )


def _judgement(row: Judgement) -> Contribution:
    return Contribution(
        Target.JUDGEMENT,
        judgement_id(row.person_id, row.dimension),
        row.idea_id,
        row.person_id,
        _together(row.reason, row.expertise_note, row.own_interest, row.evidence),
        row.hidden_at,
        edited_at=row.updated_at if row.revision > 1 else None,
        is_gone=row.withdrawn_at is not None,
        name=row.dimension,
    )


def _together(*words: str) -> str:
    return "\n\n".join(each for each in words if each.strip())
