"""What is addressed to a person: grouped by idea, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from babel.support import NullTranslations

from collab.process.actors import Actor
from collab.process.following.notices import NoticeReason
from server.views.following.readable import cases_of, may_be_told
from server.views.following.words import path_of, sentence
from storage import people
from storage.database import Transaction
from storage.following import follows, notices
from storage.following.notices import Told
from storage.tables.ideas import Idea

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in words."""

    event_id: int
    reason: str
    text: str
    path: str
    at: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What is addressed to the reader about one idea; without an idea: about himself."""

    idea: Idea | None
    lines: tuple[Line, ...]
    may_unfollow: bool = False
    """A merge has brought the reader here, and he follows the idea since."""

    @property
    def is_unread(self) -> bool:
        return any(line.is_unread for line in self.lines)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox; ``older`` is where the next begins, ``newest`` what it reaches to."""

    groups: tuple[Group, ...]
    older: int | None
    newest: int
    unread: int

    @property
    def event_ids(self) -> list[int]:
        return [line.event_id for group in self.groups for line in group.lines]


async def inbox(
    tx: Transaction, actor: Actor, catalogue: NullTranslations, before: int | None = None
) -> Inbox:
    """The notices before that event which the actor may read now."""
    assert actor.person_id is not None, "guests have no inbox"
    found = await notices.told(tx, actor.person_id, before=before, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    cases = await cases_of(tx, actor, {each.event.idea_id for each in shown})
    readable = [each for each in shown if may_be_told(each.event, cases)]
    names = await names_of(tx, readable)
    grouped: dict[UUID | None, list[Line]] = {}
    for each in readable:
        grouped.setdefault(each.event.idea_id, []).append(line_of(each, names, catalogue))
    brought = {
        idea_id
        for idea_id, lines in grouped.items()
        if idea_id and any(line.reason == NoticeReason.MERGED for line in lines)
    }
    own = actor.person_id
    followed = await follows.followed_among(tx, own, brought) if brought else set()
    groups = tuple(
        Group(cases[idea_id].idea if idea_id else None, tuple(lines), idea_id in followed)
        for idea_id, lines in grouped.items()
    )
    older = shown[-1].event.id if len(found) > PER_PAGE else None
    newest = shown[0].event.id if shown else 0
    return Inbox(groups, older, newest, await notices.count_unread(tx, actor.person_id))


async def names_of(tx: Transaction, found: Sequence[Told]) -> dict[UUID, str]:
    """The names of those who did it; of an erased person his pseudonym."""
    ids = {each.event.actor_id for each in found if each.event.actor_id is not None}
    return {person_id: row.name for person_id, row in (await people.named(tx, ids)).items()}


def line_of(told: Told, names: dict[UUID, str], catalogue: NullTranslations) -> Line:
    """The notice in words."""
    event, notice = told.event, told.notice
    actor = names.get(event.actor_id) if event.actor_id else None
    return Line(
        event_id=event.id,
        reason=notice.reason,
        text=sentence(notice.reason, actor, catalogue),
        path=path_of(event.ref, notice.reason, event.payload),
        at=notice.at,
        is_unread=notice.read_at is None,
    )
