"""Where an idea is meant to be, over the API."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collab.process.districts.districts import ID_CHARS_MAX
from server.actions.cases import open_case
from server.actions.districts.districts import set_districts
from server.api.operation import ApiRequest, operation
from storage.process.ties import districts

TAG = "ideas"
ITEM = "/api/v1/ideas/{ref}/districts"
SENT_MAX = 20
"""More than can be chosen, so that the rule says what is wrong."""

DistrictIds = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=ID_CHARS_MAX)]],
    Field(
        max_length=SENT_MAX,
        description="Ids of the catalogue `districts`: up to three, or `city_wide` alone; "
        "none: not said.",
    ),
]


class Districts(BaseModel):
    """The districts of an idea, in the order of the catalogue."""

    model_config = ConfigDict(extra="forbid")

    districts: DistrictIds


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_districts(request: ApiRequest, ref: str) -> Districts:
    """Where the idea is meant to be."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        return Districts(districts=list(await districts.of_idea(tx, case.idea.id)))


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 422, 429))
async def put_districts(request: ApiRequest, ref: str, body: Districts) -> Districts:
    """Say where the idea is meant to be; none takes that back."""
    chosen = await set_districts(request.services, request.actor, ref, body.districts)
    return Districts(districts=list(chosen))


operations = [read_districts, put_districts]
