"""Comments over the API; the rules are in ``server.actions.comments``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import Invalid
from collab.process.talk.comments import (
    CONTEXT_CHARS_MAX,
    POSITION_CHARS_MAX,
    QUOTE_CHARS_MAX,
    TEXT_CHARS_MAX,
    CommentKind,
)
from server.actions.cases import open_case
from server.actions.talk import comments as actions
from server.api.operation import Answer, ApiRequest, operation
from server.faces import faces
from server.views.talk.threads import Said, said
from storage.talk import comments

TAG = "comments"
COLLECTION = "/api/v1/ideas/{ref}/comments"
ITEM = COLLECTION + "/{comment_id}"


class AnchorBody(BaseModel):
    """A passage of a section: relative positions of the live text, and its quote."""

    model_config = ConfigDict(extra="forbid")

    section: str = Field(max_length=64)
    start: str = Field(max_length=POSITION_CHARS_MAX)
    end: str = Field(max_length=POSITION_CHARS_MAX)
    quote: str = Field(max_length=QUOTE_CHARS_MAX)
    prefix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)
    suffix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)


class NewComment(BaseModel):
    """What a person says."""

    model_config = ConfigDict(extra="forbid")

    # Longer texts are cut nowhere: they are refused, after the white space around was taken off.
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    kind: CommentKind = CommentKind.NOTE
    anchor: AnchorBody | None = None
    reply_to: UUID | None = None


class CommentChange(BaseModel):
    """What changes: the text (one's own), or whether the thread is settled."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=2 * TEXT_CHARS_MAX)
    resolved: bool | None = None


class Hiding(BaseModel):
    """Why a comment is hidden; its author reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: str


class Author(BaseModel):
    """Who wrote a comment."""

    handle: str
    name: str
    organisation: str | None


class CommentOut(BaseModel):
    """A comment; ``text`` is null where it is hidden from the reader or deleted."""

    id: UUID
    author: Author
    kind: CommentKind
    text: str | None
    anchor: AnchorBody | None
    reply_to: UUID | None
    created_at: datetime
    edited_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str | None
    deleted_at: datetime | None
    resolved_at: datetime | None

    @classmethod
    def of(cls, each: Said, author: Author) -> Self:
        row, is_readable = each.row, each.html is not None
        return cls(
            id=row.id,
            author=author,
            kind=CommentKind(row.kind),
            text=row.text if is_readable else None,
            anchor=_anchor(each.anchor),
            reply_to=row.reply_to,
            created_at=row.created_at,
            edited_at=row.edited_at,
            hidden_at=row.hidden_at,
            hidden_reason=row.hidden_reason if each.sees_hidden else None,
            deleted_at=row.deleted_at,
            resolved_at=row.resolved_at,
        )


class Comments(BaseModel):
    """All comments of an idea, oldest first."""

    comments: list[CommentOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_comments(request: ApiRequest, ref: str) -> Comments:
    """The comments of an idea as the asking person sees them."""
    return Comments(comments=await _shown(request, ref))


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 422, 429))
async def add_comment(
    request: ApiRequest, ref: str, body: NewComment
) -> Annotated[Answer, CommentOut]:
    """Write a comment, or a reply to one."""
    anchor = body.anchor.model_dump() if body.anchor else None
    comment = await actions.add_comment(
        request.services,
        request.actor,
        ref,
        kind=body.kind,
        text=body.text,
        anchor=anchor,
        reply_to=body.reply_to,
    )
    (out,) = await _shown(request, ref, comment.id)
    location = COLLECTION.format(ref=ref) + f"/{comment.id}"
    return Answer(out, headers={"Location": location})


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_comment(request: ApiRequest, ref: str, comment_id: UUID) -> CommentOut:
    """One comment as the asking person sees it."""
    (out,) = await _shown(request, ref, comment_id)
    return out


@operation("PATCH", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def change_comment(
    request: ApiRequest, ref: str, comment_id: UUID, body: CommentChange
) -> CommentOut:
    """Change the text of one's own comment, or settle a thread."""
    if (body.text is None) == (body.resolved is None):
        raise Invalid(fields={"": "one-change"})
    if body.text is not None:
        await actions.edit_comment(request.services, request.actor, ref, comment_id, text=body.text)
    if body.resolved is not None:
        await actions.resolve_comment(
            request.services, request.actor, ref, comment_id, resolved=body.resolved
        )
    (out,) = await _shown(request, ref, comment_id)
    return out


@operation("DELETE", ITEM, tag=TAG, refusals=(401, 403, 404))
async def delete_comment(request: ApiRequest, ref: str, comment_id: UUID) -> None:
    """Take one's own comment back."""
    await actions.delete_comment(request.services, request.actor, ref, comment_id)


@operation("POST", ITEM + "/hide", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def hide_comment(request: ApiRequest, ref: str, comment_id: UUID, body: Hiding) -> CommentOut:
    """Hide a comment, for moderators."""
    await actions.hide_comment(request.services, request.actor, ref, comment_id, reason=body.reason)
    (out,) = await _shown(request, ref, comment_id)
    return out


async def _shown(request: ApiRequest, ref: str, comment_id: UUID | None = None) -> list[CommentOut]:
    """The comments, or the one, as the asking person sees them."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        if comment_id is None:
            rows = await comments.of_idea(tx, case.idea.id)
        else:
            rows = [await actions.comment_of(tx, case, comment_id)]
        known = await faces(tx, {row.author_id for row in rows})
    return [
        CommentOut.of(
            said(case, row, known),
            Author(
                handle=known[row.author_id].handle,
                name=known[row.author_id].name,
                organisation=known[row.author_id].organisation,
            ),
        )
        for row in rows
    ]


def _anchor(stored: Mapping[str, Any] | None) -> AnchorBody | None:
    return None if stored is None else AnchorBody.model_validate(stored)


operations = [
    list_comments,
    add_comment,
    read_comment,
    change_comment,
    delete_comment,
    hide_comment,
]
