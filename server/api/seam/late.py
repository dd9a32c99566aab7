"""Text that came after it was settled, over the API."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.views.seam.late import rows_for
from storage import people
from storage.process.late import LateContribution

TAG = "late text"


class PassageOut(BaseModel):
    """A paragraph that differs; one side is empty where it came or went."""

    section: str
    before: str
    after: str


class LateOut(BaseModel):
    """One late contribution."""

    id: UUID
    handle: str = Field(description="Whose it is.")
    received_at: datetime
    state: Literal["waiting", "applied", "set_aside"]
    reason: str | None = Field(description="The code why it was set aside.")
    epoch: int
    applied_seq: int | None = Field(description="From this version on it is in the text.")
    passages: list[PassageOut]


class LateText(BaseModel):
    """What came late to one idea and the reader may see, in the order it came."""

    contributions: list[LateOut]


@operation("GET", "/api/v1/ideas/{ref}/late", tag=TAG, refusals=(401, 404))
async def read_late_text(request: ApiRequest, ref: str) -> LateText:
    """Text that came after it was settled: all of it for team and moderators, else one's own."""
    actor = request.person
    async with request.services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        rows = await rows_for(tx, case)
        named = await people.named(tx, {row.actor_id for row in rows})
    handles = {person_id: person.handle for person_id, person in named.items()}
    return LateText(contributions=[_out(row, handles[row.actor_id]) for row in rows])


def _out(row: LateContribution, handle: str) -> LateOut:
    keys = ("section", "before", "after")
    return LateOut(
        **row.model_dump(include={"id", "received_at", "state", "reason", "epoch", "applied_seq"}),
        handle=handle,
        passages=[PassageOut(**dict(zip(keys, each, strict=True))) for each in row.passages],
    )


operations = [read_late_text]
