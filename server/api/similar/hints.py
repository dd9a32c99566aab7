"""Similar ideas over the API."""

from pydantic import BaseModel, ConfigDict, Field

from server.actions.similar import keeping
from server.actions.similar.finding import similar_ideas
from server.api.operation import ApiRequest, operation

TAG = "links"
HINTS = "/api/v1/ideas/{ref}/similar"


class HintOut(BaseModel):
    """An idea that a machine found alike, and why."""

    ref: str
    title: str
    stage: str
    by_meaning: bool = Field(description="Else by the words of its title.")
    common: list[str]
    people: int


class Hints(BaseModel):
    """The most alike first; nothing is merged by itself."""

    hints: list[HintOut]


class Dismissing(BaseModel):
    """The idea that is not to be pointed to again."""

    model_config = ConfigDict(extra="forbid")

    other: str


@operation("GET", HINTS, tag=TAG, refusals=(404,))
async def read_similar(request: ApiRequest, ref: str) -> Hints:
    """Public ideas that are like this one."""
    _, hits = await similar_ideas(request.services, request.actor, ref)
    return Hints(
        hints=[
            HintOut(
                ref=hit.ref,
                title=hit.title,
                stage=hit.stage,
                by_meaning=hit.by_meaning,
                common=list(hit.common),
                people=hit.people,
            )
            for hit in hits
        ]
    )


@operation("POST", HINTS + "/dismissed", tag=TAG, refusals=(401, 403, 404, 422))
async def dismiss_hint(request: ApiRequest, ref: str, body: Dismissing) -> None:
    """Do not point to that idea again, for the team."""
    await keeping.dismiss(request.services, request.actor, ref, body.other)


operations = [read_similar, dismiss_hint]
