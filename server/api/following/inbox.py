"""The inbox, the news of what one follows, and the mails one wants, over the API."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.process.following.mailing import Addressed, Choice, Followed
from server.actions.following import looking
from server.actions.following.choosing import choice_of, choose
from server.api.operation import ApiRequest, operation
from server.views.following.inbox import inbox
from server.views.following.news import catch_up

TAG = "following"
NOTICES = "/api/v1/me/notices"
NEWS = "/api/v1/me/news"
MAILS = "/api/v1/me/mails"


class NoticeOut(BaseModel):
    """Something that is addressed to the person himself, in his language."""

    event: int
    reason: str
    text: str
    idea: str | None
    path: str
    at: datetime
    read: bool


class Notices(BaseModel):
    """Notices, the newest first within each idea; ``older`` asks for what lies before."""

    notices: list[NoticeOut]
    unread: int
    older: int | None


class NoticeQuery(BaseModel):
    """Where to begin."""

    model_config = ConfigDict(extra="forbid")

    before: int | None = Field(default=None, ge=1, le=2**53)


class ReadBody(BaseModel):
    """What was read: all up to an event, of one idea if named."""

    model_config = ConfigDict(extra="forbid")

    up_to: int = Field(ge=1, le=2**53)
    idea: str | None = Field(default=None, max_length=64)


class NewsOut(BaseModel):
    """What happened at a followed idea since one was there, by number."""

    idea: str
    title: str
    text_changed: bool
    counts: dict[str, int]
    at: datetime
    seen_at: datetime | None


class News(BaseModel):
    """Each idea once, the newest first; ``next_cursor`` asks for what follows."""

    news: list[NewsOut]
    next_cursor: str | None


class NewsQuery(BaseModel):
    """Where to go on."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(default=None, max_length=200)


class MailChoice(BaseModel):
    """Which mails one wants, and whether one follows by itself where one takes part."""

    model_config = ConfigDict(extra="forbid")

    addressed: Addressed = Addressed.INSTANT
    followed: Followed = Followed.WEEKLY
    follows_own: bool = True
    keeps_quiet: bool = True


@operation("GET", NOTICES, tag=TAG, refusals=(401, 422))
async def list_my_notices(request: ApiRequest, query: NoticeQuery) -> Notices:
    """What is addressed to the person, as far as he may read it now."""
    services = request.services
    catalogue = services.pages.catalogues[request.language]
    async with services.database.read() as tx:
        found = await inbox(tx, request.person, catalogue, query.before)
    return Notices(
        notices=[
            NoticeOut(
                event=line.event_id,
                reason=line.reason,
                text=line.text,
                idea=group.idea.ref if group.idea else None,
                path=line.path,
                at=line.at,
                read=not line.is_unread,
            )
            for group in found.groups
            for line in group.lines
        ],
        unread=found.unread,
        older=found.older,
    )


@operation("POST", NOTICES + "/read", tag=TAG, refusals=(401, 404, 422))
async def read_my_notices(request: ApiRequest, body: ReadBody) -> None:
    """Mark notices as read; they are not mailed any more."""
    await looking.read_notices(request.services, request.person, body.up_to, body.idea)


@operation("GET", NEWS, tag=TAG, refusals=(401, 422))
async def list_my_news(request: ApiRequest, query: NewsQuery) -> News:
    """What happened where one follows since one was there."""
    async with request.services.database.read() as tx:
        found, cursor = await catch_up(tx, request.person, query.cursor)
    return News(
        news=[
            NewsOut(
                idea=each.idea.ref,
                title=each.idea.title,
                text_changed=each.text_changed,
                counts={heard.value: count for heard, count in each.counts.items()},
                at=each.at,
                seen_at=each.seen_at,
            )
            for each in found
        ],
        next_cursor=cursor,
    )


@operation("GET", MAILS, tag=TAG, refusals=(401,))
async def read_my_mails(request: ApiRequest) -> MailChoice:
    """Which mails one gets."""
    wanted = await choice_of(request.services, request.person)
    return MailChoice(
        addressed=wanted.addressed,
        followed=wanted.followed,
        follows_own=wanted.follows_own,
        keeps_quiet=wanted.keeps_quiet,
    )


@operation("PUT", MAILS, tag=TAG, refusals=(401, 422))
async def choose_mails(request: ApiRequest, body: MailChoice) -> None:
    """Choose which mails one gets."""
    wanted = Choice(
        body.addressed,
        body.followed,
        follows_own=body.follows_own,
        keeps_quiet=body.keeps_quiet,
    )
    await choose(request.services, request.person, wanted)


operations = [
    list_my_notices,
    read_my_notices,
    list_my_news,
    read_my_mails,
    choose_mails,
]
