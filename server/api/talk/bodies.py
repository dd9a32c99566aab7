"""Comments as the API takes and gives them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.abuse.reports import Ground
from collab.process.suggestions.wording import WORDS_CHARS_MAX
from collab.process.talk.anchoring import AnchorState
from collab.process.talk.comments import (
    CONTEXT_CHARS_MAX,
    POSITION_CHARS_MAX,
    QUOTE_CHARS_MAX,
    TEXT_CHARS_MAX,
    CommentKind,
)
from collab.process.talk.reactions import Mood, Reaction
from collab.process.talk.settling import NOTE_CHARS_MAX
from server.views.talk.passages import Passages
from server.views.talk.threads import Said

VERSION = r"^[0-9]{1,9}\.[0-9]{1,15}$"


class AnchorBody(BaseModel):
    """A passage of a section: relative positions of the live text, and its quote.

    Who has no live text leaves both positions empty.
    """

    model_config = ConfigDict(extra="forbid")

    section: str = Field(max_length=64)
    start: str = Field(max_length=POSITION_CHARS_MAX)
    end: str = Field(max_length=POSITION_CHARS_MAX)
    quote: str = Field(max_length=QUOTE_CHARS_MAX)
    prefix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)
    suffix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)


class NewComment(BaseModel):
    """What a person says; ``@handle`` names somebody."""

    model_config = ConfigDict(extra="forbid")

    # Longer texts are cut nowhere: they are refused, after the white space around was taken off.
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    kind: CommentKind = CommentKind.NOTE
    anchor: AnchorBody | None = None
    reply_to: UUID | None = None
    suggestion: str | None = Field(
        default=None,
        max_length=2 * WORDS_CHARS_MAX,
        description="Other words for the anchored passage: a suggestion beside the comment.",
    )


class ChangeBody(BaseModel):
    """A change of the text, between two kept versions of it, ``epoch.seq``."""

    model_config = ConfigDict(extra="forbid")

    change_from: str = Field(pattern=VERSION)
    change_to: str = Field(pattern=VERSION)


class CommentChange(BaseModel):
    """What changes: the text (one's own), or whether the thread is settled.

    What settles it may be said: by a ``note``, and by a ``change`` of the text, or by
    ``since_comment``, which takes the text of the comment's time and that of now.
    """

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=2 * TEXT_CHARS_MAX)
    resolved: bool | None = None
    note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)
    since_comment: bool = False
    change: ChangeBody | None = None


class Hiding(BaseModel):
    """Why it is hidden, and by which rule; its author reads both."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    ground: Ground = Ground.OTHER


class ReactionBody(BaseModel):
    """What one holds of a comment."""

    model_config = ConfigDict(extra="forbid")

    reaction: Reaction


class Author(BaseModel):
    """Who wrote a comment."""

    handle: str
    name: str
    organisation: str | None


class MoodOut(BaseModel):
    """How many people reacted and how; a mood, no decision. ``mine`` is the asking person's."""

    n: int
    agree: int
    disagree: int
    unsure: int
    mine: Reaction | None

    @classmethod
    def of(cls, mood: Mood) -> Self:
        counts = {each.value: mood.counts.get(each, 0) for each in Reaction}
        return cls(n=mood.n, mine=mood.mine, **counts)


class BecameOut(BaseModel):
    """What a comment was turned into: its kind, and its number or id there."""

    kind: str
    target: str


class SettledOut(BaseModel):
    """How a thread was settled, and since when it is open again, if so."""

    at: datetime
    note: str
    change: ChangeBody | None
    reopened_at: datetime | None


class CommentOut(BaseModel):
    """A comment; ``text`` is null where it is hidden from the reader or deleted."""

    id: UUID
    author: Author
    kind: CommentKind
    text: str | None
    anchor: AnchorBody | None
    anchor_state: AnchorState | None = Field(description="What has become of the passage.")
    reply_to: UUID | None
    created_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str | None
    deleted_at: datetime | None
    resolved_at: datetime | None
    mentions: list[str] = Field(description="The handles of those whom it names.")
    reactions: MoodOut
    became: list[BecameOut]
    settled: list[SettledOut] = Field(description="Every time the thread was settled.")

    @classmethod
    def of(cls, each: Said, author: Author, passages: Passages) -> Self:
        row, is_readable = each.row, each.html is not None
        return cls(
            id=row.id,
            author=author,
            kind=CommentKind(row.kind),
            text=row.text if is_readable else None,
            anchor=anchor_out(each.anchor),
            anchor_state=passages.state(each.anchor),
            reply_to=row.reply_to,
            created_at=row.created_at,
            edited_at=row.edited_at,
            hidden_at=row.hidden_at,
            hidden_reason=row.hidden_reason if each.sees_hidden else None,
            deleted_at=row.deleted_at,
            resolved_at=row.resolved_at,
            mentions=list(each.handles),
            reactions=MoodOut.of(each.mood),
            became=[BecameOut(kind=made.kind, target=made.target) for made in each.became],
            settled=[
                SettledOut(
                    at=done.at,
                    note=done.note,
                    change=ChangeBody(change_from=done.change[0], change_to=done.change[1])
                    if done.change
                    else None,
                    reopened_at=done.reopened_at,
                )
                for done in (*each.reopened, *([each.settled] if each.settled else []))
            ],
        )


class Comments(BaseModel):
    """Some comments of an idea, oldest first; ``earlier`` goes on with the ones before them."""

    comments: list[CommentOut]
    earlier: UUID | None = Field(description="To be given as `before`; null at the beginning.")


class CommentsAsked(BaseModel):
    """Which comments: a page before a comment, those of one thread, or what fits."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=100, ge=1, le=200)
    before: UUID | None = None
    thread: UUID | None = Field(default=None, description="The first comment of a thread.")
    kind: Annotated[str, Field(max_length=64)] | None = None
    resolved: bool | None = Field(default=None, description="Only first comments of threads.")
    anchored: bool | None = None
    section: Annotated[str, Field(max_length=64)] | None = None


class AnchoredOut(BaseModel):
    """An open thread that points to a passage."""

    id: UUID
    kind: CommentKind
    anchor: AnchorBody
    anchor_state: AnchorState


class Anchors(BaseModel):
    """Where the open threads point to, the newest first; at most 500."""

    anchors: list[AnchoredOut]


def anchor_out(stored: Mapping[str, Any] | None) -> AnchorBody | None:
    """The anchor as it was stored."""
    return None if stored is None else AnchorBody.model_validate(stored)
