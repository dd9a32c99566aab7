"""Following ideas and searches over the API, and what a person has seen of an idea."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.actions.catalogues.today import today
from server.actions.following import follows as actions
from server.actions.following.looking import saw
from server.api.operation import ApiRequest, operation
from server.views.following.follows import Why, following
from server.views.following.searches import parameters_of

TAG = "following"
IDEA = "/api/v1/ideas/{ref}"
MINE = "/api/v1/me/following"
SEARCHES = "/api/v1/me/searches"


class FollowedOut(BaseModel):
    """An idea that one follows, and why: by choice, as one of its team, or for what one said."""

    ref: str
    title: str
    stage: str
    why: Why


class SearchOut(BaseModel):
    """A saved search: the parameters of its address, and whether new ideas are announced."""

    id: UUID
    parameters: str
    alert: bool
    saved_at: datetime


class FollowingOut(BaseModel):
    """What one follows; ``more``: how many ideas are not listed here."""

    ideas: list[FollowedOut]
    more: int
    searches: list[SearchOut]


class SearchBody(BaseModel):
    """A search of the list of ideas, as it stands in its address: ``q=rad&kind=need``."""

    model_config = ConfigDict(extra="forbid")

    parameters: str = Field(min_length=1, max_length=actions.PARAMETERS_CHARS_MAX)
    alert: bool = True


class SeenBody(BaseModel):
    """The newest event that the reader was shown."""

    model_config = ConfigDict(extra="forbid")

    event: int = Field(ge=0, le=2**53)


@operation("GET", MINE, tag=TAG, refusals=(401,))
async def list_followed(request: ApiRequest) -> FollowingOut:
    """The ideas and searches that one follows, the last active ideas first."""
    services, person = request.services, request.person
    async with services.database.read() as tx:
        found = await following(tx, person, today(services))
    return FollowingOut(
        ideas=[
            FollowedOut(
                ref=each.idea.ref, title=each.idea.title, stage=each.idea.stage, why=each.why
            )
            for each in found.ideas
        ],
        more=found.more,
        searches=[
            SearchOut(id=each.id, parameters=each.parameters, alert=each.alert, saved_at=each.at)
            for each in found.searches
        ],
    )


@operation("PUT", IDEA + "/follow", tag=TAG, refusals=(401, 403, 404, 422, 429))
async def follow_idea(request: ApiRequest, ref: str) -> None:
    """Hear of the idea from now on."""
    await actions.follow(request.services, request.actor, ref, follows_it=True)


@operation("DELETE", IDEA + "/follow", tag=TAG, refusals=(401, 403, 404, 429))
async def unfollow_idea(request: ApiRequest, ref: str) -> None:
    """Hear of the idea no more, also if one is of its team."""
    await actions.follow(request.services, request.actor, ref, follows_it=False)


@operation("POST", IDEA + "/seen", tag=TAG, refusals=(401, 403, 404, 422, 429))
async def see_idea(request: ApiRequest, ref: str, body: SeenBody) -> None:
    """Say up to which event one has seen the idea: nothing of it is news or mailed any more."""
    await saw(request.services, request.actor, ref, body.event)


@operation("POST", SEARCHES, tag=TAG, refusals=(401, 422, 429))
async def save_search(request: ApiRequest, body: SearchBody) -> None:
    """Save a search; saving it again says anew whether it announces new ideas."""
    parameters = parameters_of(body.parameters)
    await actions.save_search(request.services, request.person, parameters, alert=body.alert)


@operation("DELETE", SEARCHES + "/{search_id}", tag=TAG, refusals=(401, 404))
async def forget_search(request: ApiRequest, search_id: UUID) -> None:
    """Forget a saved search."""
    await actions.forget_search(request.services, request.person, search_id)


operations = [
    list_followed,
    follow_idea,
    unfollow_idea,
    see_idea,
    save_search,
    forget_search,
]
