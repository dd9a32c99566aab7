"""Comments over the API; the rules are in ``server.actions.talk``."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from collab.errors import Invalid
from collab.process.abuse.reports import Target
from collab.process.talk.comments import CommentKind, check_kind
from collab.sync.suggesting.passages import Passage
from server.actions.abuse.hiding import hide
from server.actions.cases import Case, open_case
from server.actions.suggestions import making
from server.actions.talk import comments as actions
from server.actions.talk.settling import resolve_comment
from server.api.operation import Answer, ApiRequest, operation
from server.api.talk.bodies import (
    AnchorBody,
    AnchoredOut,
    Anchors,
    Author,
    CommentChange,
    CommentOut,
    Comments,
    CommentsAsked,
    Hiding,
    NewComment,
)
from server.faces import faces
from server.views.talk.passages import Passages, passages_of
from server.views.talk.reading import said_of
from storage.database import Transaction
from storage.talk import comments, threads
from storage.talk.comments import Comment
from storage.talk.threads import Wanted

TAG = "comments"
COLLECTION = "/api/v1/ideas/{ref}/comments"
ITEM = COLLECTION + "/{comment_id}"


@operation("GET", COLLECTION, tag=TAG, refusals=(404, 422))
async def list_comments(request: ApiRequest, ref: str, query: CommentsAsked) -> Comments:
    """The newest comments of an idea as the asking person sees them, page by page."""
    wanted = Wanted(
        kind=check_kind(query.kind).value if query.kind else None,
        resolved=query.resolved,
        anchored=query.anchored,
        section=query.section,
    )
    passages = await passages_of(request.services, request.actor, ref)
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        before = await _cursor(tx, case, query.before) if query.before else None
        found = await threads.listed(
            tx,
            case.idea.id,
            limit=query.limit + 1,
            before=before,
            thread=query.thread,
            wanted=wanted,
        )
        rows = found[: query.limit][::-1]
        shown = await _shown(tx, case, rows, passages)
    return Comments(comments=shown, earlier=rows[0].id if len(found) > query.limit else None)


@operation("GET", COLLECTION + "/anchors", tag=TAG, refusals=(404,))
async def list_anchors(request: ApiRequest, ref: str) -> Anchors:
    """Where the open threads point to; the newest 500, without what was said."""
    passages = await passages_of(request.services, request.actor, ref)
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await threads.anchored(tx, case.idea.id)
    await passages.look_up(anchor for _, _, anchor in found)
    return Anchors(
        anchors=[
            AnchoredOut(
                id=each,
                kind=CommentKind(kind),
                anchor=AnchorBody.model_validate(anchor),
                anchor_state=passages.of(anchor).state,
            )
            for each, kind, anchor in found
        ]
    )


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def add_comment(
    request: ApiRequest, ref: str, body: NewComment
) -> Annotated[Answer, CommentOut]:
    """Write a comment, or a reply to one."""
    anchor = body.anchor.model_dump() if body.anchor else None
    wanted = _wanted(body)
    if wanted is not None:
        await making.require_standing(request.services, request.actor, ref, wanted)
    comment = await actions.add_comment(
        request.services,
        request.actor,
        ref,
        kind=body.kind,
        text=body.text,
        anchor=anchor,
        reply_to=body.reply_to,
    )
    if wanted is not None:
        beside = replace(wanted, comment_id=comment.id)
        await making.suggest(request.services, request.actor, ref, beside, with_comment=True)
    out = await one_shown(request, ref, comment.id)
    location = COLLECTION.format(ref=ref) + f"/{comment.id}"
    return Answer(out, headers={"Location": location})


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_comment(request: ApiRequest, ref: str, comment_id: UUID) -> CommentOut:
    """One comment as the asking person sees it."""
    return await one_shown(request, ref, comment_id)


@operation("PATCH", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def change_comment(
    request: ApiRequest, ref: str, comment_id: UUID, body: CommentChange
) -> CommentOut:
    """Change the text of one's own comment, or settle a thread."""
    if (body.text is None) == (body.resolved is None):
        raise Invalid(fields={"": "one-change"})
    if body.text is not None:
        await actions.edit_comment(request.services, request.actor, ref, comment_id, text=body.text)
    if body.resolved is not None:
        await resolve_comment(
            request.services,
            request.actor,
            ref,
            comment_id,
            resolved=body.resolved,
            note=body.note,
            since_comment=body.since_comment,
            **(body.change.model_dump() if body.change else {}),
        )
    return await one_shown(request, ref, comment_id)


@operation("DELETE", ITEM, tag=TAG, refusals=(401, 403, 404))
async def delete_comment(request: ApiRequest, ref: str, comment_id: UUID) -> None:
    """Take one's own comment back."""
    await actions.delete_comment(request.services, request.actor, ref, comment_id)


@operation("POST", ITEM + "/hide", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def hide_comment(request: ApiRequest, ref: str, comment_id: UUID, body: Hiding) -> CommentOut:
    """Hide a comment, for moderators."""
    await hide(
        request.services,
        request.actor,
        ref,
        Target.COMMENT,
        str(comment_id),
        reason=body.reason,
        ground=body.ground,
    )
    return await one_shown(request, ref, comment_id)


def _wanted(body: NewComment) -> making.Wanted | None:
    """What a comment suggests for its passage."""
    if body.suggestion is None:
        return None
    if body.anchor is None:
        raise Invalid(fields={"anchor": "missing"})
    words = body.anchor.model_dump(exclude={"section"})
    return making.Wanted(
        section=body.anchor.section, passage=Passage(**words), words=body.suggestion
    )


async def _cursor(tx: Transaction, case: Case, comment_id: UUID) -> Comment:
    """The comment that a page begins before; a deleted one keeps its place."""
    row = await comments.get(tx, comment_id)
    if row is None or row.idea_id != case.idea.id:
        raise Invalid("bad-cursor", fields={"before": "unknown"})
    return row


async def one_shown(request: ApiRequest, ref: str, comment_id: UUID) -> CommentOut:
    """The comment as the asking person sees it."""
    passages = await passages_of(request.services, request.actor, ref)
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        row = await actions.comment_of(tx, case, comment_id)
        (out,) = await _shown(tx, case, [row], passages)
    return out


async def _shown(
    tx: Transaction, case: Case, rows: Iterable[Comment], passages: Passages
) -> list[CommentOut]:
    found = await said_of(tx, case, rows)
    await passages.look_up(each.anchor for each in found)
    known = await faces(tx, {each.row.author_id for each in found})
    return [
        CommentOut.of(
            each,
            Author(
                handle=known[each.row.author_id].handle,
                name=each.author_name,
                organisation=each.organisation,
            ),
            passages,
        )
        for each in found
    ]


operations = [
    list_comments,
    list_anchors,
    add_comment,
    read_comment,
    change_comment,
    delete_comment,
    hide_comment,
]
