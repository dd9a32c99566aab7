"""The comments of an idea as threads, and what the reader may do with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from markupsafe import Markup

from collab.process.permissions import Action
from collab.process.talk.comments import CommentKind
from collab.process.talk.reactions import Mood, Reaction
from server.actions.cases import Case
from server.actions.talk.comments import may_edit, may_resolve
from server.actions.talk.outcomes import ways_of
from server.faces import Face
from server.views.prose import prose
from storage.ideas import Idea
from storage.talk.beside import Became, Beside, Settled
from storage.talk.comments import Comment
from storage.talk.threads import ALL, Threads, Wanted

REACTIONS = tuple(Reaction)


@dataclass(frozen=True, slots=True)
class Origins:
    """Where comments were said that a merge has brought here: their ideas by id.

    ``homes`` are the references of the ideas at which suggestions are that such comments became.
    """

    ideas: Mapping[UUID, Idea] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment for one reader; ``html`` is None where the text is not for him.

    Then nothing that hangs on it is for him either.
    """

    row: Comment
    origin: Idea | None
    """The idea where it was said, which has become part of this one since."""
    author_name: str
    is_guest: bool
    organisation: str | None
    html: Markup | None
    anchor: Mapping[str, Any] | None
    is_own: bool
    sees_hidden: bool
    may_edit: bool
    may_hide: bool
    may_resolve: bool
    may_react: bool
    may_use: bool
    mood: Mood
    handles: tuple[str, ...]
    became: tuple[Became, ...]
    homes: Mapping[str, str]
    """At which idea a suggestion is that it became, where that is another one."""
    settled: Settled | None
    """How the thread was settled, while it is."""
    settled_by: str | None
    reopened: tuple[Settled, ...]
    """How it had been settled before it was opened again."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the newest replies to it, oldest first; ``left_out`` earlier ones."""

    root: Said
    replies: tuple[Said, ...]
    left_out: int = 0

    @property
    def reply_count(self) -> int:
        return self.left_out + len(self.replies)


@dataclass(frozen=True, slots=True)
class Talk:
    """What is shown of the comments; ``earlier`` and ``later`` are where one goes on from here."""

    threads: tuple[Thread, ...]
    earlier: UUID | None
    later: UUID | None
    count: int
    addressable: tuple[Face, ...] = ()
    """Some whom the reader may want to name."""
    wanted: Wanted = ALL
    kinds: tuple[CommentKind, ...] = tuple(CommentKind)
    reactions: tuple[Reaction, ...] = REACTIONS
    origins: Origins = field(default_factory=Origins)
    faces: Mapping[UUID, Face] = field(default_factory=dict)
    hanging: Mapping[UUID, Beside] = field(default_factory=dict)
    """Who wrote and settled the comments and what hangs on them, for others of the same rights."""

    @property
    def said(self) -> tuple[Said, ...]:
        """All comments that are shown."""
        return tuple(each for thread in self.threads for each in (thread.root, *thread.replies))

    @property
    def first(self) -> UUID | None:
        """The thread from which on the page shows the talk."""
        return self.threads[0].root.row.id if self.threads else None


def talk(
    case: Case,
    found: Threads,
    faces: Mapping[UUID, Face],
    hanging: Mapping[UUID, Beside],
    origins: Origins,
    *,
    wanted: Wanted = ALL,
    addressable: Sequence[Face] = (),
) -> Talk:
    """The threads as the case's actor sees them."""
    threads = []
    for root in found.roots:
        replies = found.replies.get(root.id, [])
        shown = tuple(said(case, row, faces, hanging, origins) for row in replies)
        left_out = found.reply_counts.get(root.id, len(shown)) - len(shown)
        threads.append(Thread(said(case, root, faces, hanging, origins), shown, left_out))
    ends = (found.roots[0].id, found.roots[-1].id) if found.roots else (None, None)
    return Talk(
        tuple(threads),
        earlier=ends[0] if found.has_earlier else None,
        later=ends[1] if found.has_later else None,
        count=found.readable,
        addressable=tuple(addressable),
        wanted=wanted,
        faces=faces,
        hanging=hanging,
        origins=origins,
    )


def said_to(case: Case, shown: Talk, row: Comment, mine: Reaction | None) -> Said:
    """A comment of a talk as somebody else with the same rights sees it, who reacted so to it."""
    here = shown.hanging[row.id]
    theirs = replace(here, mood=replace(here.mood, mine=mine))
    return said(case, row, shown.faces, {row.id: theirs}, shown.origins)


def said(
    case: Case,
    row: Comment,
    faces: Mapping[UUID, Face],
    hanging: Mapping[UUID, Beside],
    origins: Origins,
) -> Said:
    """One comment as the case's actor sees it."""
    face = faces[row.author_id]
    is_own = case.actor.person_id == row.author_id
    sees_hidden = is_own or case.may(Action.HIDE_COMMENT)
    is_readable = not row.deleted_at and (not row.hidden_at or sees_hidden)
    stands = not row.deleted_at and not row.hidden_at
    here = hanging[row.id] if is_readable else Beside()
    last = here.settled[-1] if here.settled and row.resolved_at else None
    return Said(
        row=row,
        origin=origins.ideas.get(row.origin_id) if row.origin_id else None,
        author_name=face.name,
        is_guest=face.is_guest,
        organisation=face.organisation,
        html=prose(row.text, here.handles) if is_readable else None,
        anchor=row.anchor if is_readable else None,
        is_own=is_own,
        sees_hidden=sees_hidden,
        may_edit=may_edit(case, row),
        may_hide=case.may(Action.HIDE_COMMENT) and not row.hidden_at and not is_own,
        may_resolve=row.reply_to is None and not row.hidden_at and may_resolve(case, row),
        may_react=stands and case.may(Action.COMMENT),
        may_use=stands and bool(ways_of(case, row) - {each.kind for each in here.became}),
        mood=here.mood,
        handles=tuple(here.handles),
        became=tuple(here.became),
        homes=origins.homes if row.origin_id else {},
        settled=last,
        settled_by=faces[last.by].name if last else None,
        reopened=tuple(each for each in here.settled if each.reopened_at),
    )
