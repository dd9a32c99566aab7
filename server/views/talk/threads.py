"""The comments of an idea as threads, and what the reader may do with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from collab.process.permissions import Action
from collab.process.talk.comments import CommentKind
from server.actions.cases import Case
from server.actions.talk.comments import may_edit, may_resolve
from server.faces import Face
from server.views.prose import prose
from storage.talk.comments import Comment

THREADS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Said:
    """One comment for one reader; ``html`` is None where the text is not for him."""

    row: Comment
    author_name: str
    organisation: str | None
    html: Markup | None
    anchor: Mapping[str, Any] | None
    is_own: bool
    sees_hidden: bool
    may_edit: bool
    may_hide: bool
    may_resolve: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the replies to it, oldest first."""

    root: Said
    replies: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """What is shown of the comments; ``hidden_threads`` earlier ones are left out."""

    threads: tuple[Thread, ...]
    hidden_threads: int
    is_whole: bool
    count: int
    kinds: tuple[CommentKind, ...] = tuple(CommentKind)


def talk(
    case: Case, rows: Sequence[Comment], faces: Mapping[UUID, Face], *, is_whole: bool = False
) -> Talk:
    """The threads as the case's actor sees them; the newest ``THREADS_SHOWN`` unless whole."""
    replies: dict[UUID, list[Comment]] = {}
    for row in rows:
        if row.reply_to is not None:
            replies.setdefault(row.reply_to, []).append(row)
    roots = [row for row in rows if row.reply_to is None and _is_shown(row, replies)]
    kept = roots if is_whole else roots[-THREADS_SHOWN:]
    threads = tuple(
        Thread(
            said(case, root, faces),
            tuple(said(case, row, faces) for row in replies.get(root.id, []) if not row.deleted_at),
        )
        for root in kept
    )
    readable = sum(not row.deleted_at and not row.hidden_at for row in rows)
    return Talk(threads, len(roots) - len(kept), is_whole, readable)


def said(case: Case, row: Comment, faces: Mapping[UUID, Face]) -> Said:
    """One comment as the case's actor sees it."""
    face = faces[row.author_id]
    is_own = case.actor.person_id == row.author_id
    sees_hidden = is_own or case.may(Action.HIDE_COMMENT)
    is_readable = not row.deleted_at and (not row.hidden_at or sees_hidden)
    return Said(
        row=row,
        author_name=face.name,
        organisation=face.organisation,
        html=prose(row.text) if is_readable else None,
        anchor=row.anchor if is_readable else None,
        is_own=is_own,
        sees_hidden=sees_hidden,
        may_edit=may_edit(case, row),
        may_hide=case.may(Action.HIDE_COMMENT) and not row.hidden_at and not is_own,
        may_resolve=row.reply_to is None and not row.hidden_at and may_resolve(case, row),
    )


def _is_shown(row: Comment, replies: Mapping[UUID, list[Comment]]) -> bool:
    """A deleted comment keeps its place only for those who answered it."""
    return not row.deleted_at or any(not reply.deleted_at for reply in replies.get(row.id, []))
