"""Official acts one by one: their statement of reasons, and taking them back."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.process.gates.unmet import REASON_CHARS_MAX
from collab.process.seam.statement import load_statements
from collab.process.templates.reading import Words
from server.actions.cases import open_case
from server.actions.seam.undo import undo_act as undo
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.views.seam.acts import act_view
from storage.stages import StageChange

TAG = "stages"


class ActOut(BaseModel):
    """One official act; ``revision`` is the idea's after it."""

    transition: str
    from_stage: str
    to_stage: str
    actor: str
    office: str | None
    organisation: str | None
    reason: str
    reason_code: str | None
    revision: int
    undoes: int | None = Field(description="The revision of the act that it takes back.")
    text_version: VersionBody
    at: datetime


class Statement(ActOut):
    """An act with its statement of reasons, in the reader's language."""

    undone_by: int | None = Field(description="The revision of the act that takes it back.")
    advice: list[str] = Field(description="What would satisfy it, and other ways; an example.")
    objection: str = Field(description="How to object; an example.")


class UndoBody(BaseModel):
    """Why the act is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


@operation("GET", "/api/v1/ideas/{ref}/acts/{revision}", tag=TAG, refusals=(404,))
async def read_statement(request: ApiRequest, ref: str, revision: int) -> Statement:
    """The statement of reasons of an act that returned, declined, put off or ended something."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await act_view(tx, case, revision)

    def say(words: Words) -> str:
        return words[request.language]

    return Statement(
        **_out(found.change).model_dump(),
        undone_by=found.undone_by.revision if found.undone_by else None,
        advice=[say(each) for each in found.advice],
        objection=say(load_statements().objection),
    )


@operation(
    "POST",
    "/api/v1/ideas/{ref}/acts/{revision}/undo",
    tag=TAG,
    refusals=(401, 403, 404, 409, 422),
)
async def undo_act(request: ApiRequest, ref: str, revision: int, body: UndoBody) -> ActOut:
    """Take an act back, within its time and while nothing else has happened at the idea.

    409 with ``act-stands``, ``act-followed`` or ``undo-over`` if that is not, or no more, possible.
    """
    change = await undo(request.services, request.actor, ref, revision, reason=body.reason)
    return _out(change)


def _out(change: StageChange) -> ActOut:
    same = {"transition", "from_stage", "to_stage", "office", "organisation", "reason"}
    return ActOut(
        **change.model_dump(include=same | {"reason_code", "revision", "undoes", "at"}),
        actor=change.actor_name,
        text_version=VersionBody(epoch=change.epoch, seq=change.seq, sha256=change.sha256),
    )


operations = [read_statement, undo_act]
