"""Prepared decisions over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.board.prepared import ACTS_MAX, LIST_NAME_CHARS_MAX
from server.actions.board import prepared as actions
from server.api.board.moves import MoveBody, MovedOut, MovesOut
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.views.board.decisions import Act, DecisionList, decision_lists

TAG = "board"
DECISIONS = "/api/v1/board/decisions"


class PrepareBody(BaseModel):
    """Acts to be written into a list; nothing is decided by that."""

    model_config = ConfigDict(extra="forbid")

    list_name: str = Field(max_length=2 * LIST_NAME_CHARS_MAX)
    acts: list[MoveBody] = Field(min_length=1, max_length=ACTS_MAX)


class PublishBody(BaseModel):
    """Which acts of which list were reviewed; others stay."""

    model_config = ConfigDict(extra="forbid")

    list_name: str = Field(max_length=2 * LIST_NAME_CHARS_MAX)
    acts: list[UUID] = Field(min_length=1, max_length=ACTS_MAX)


class ActOut(BaseModel):
    """A prepared act, by whom, on which state, and why it was refused when last published."""

    id: UUID
    ref: str
    title: str
    to: str
    reason: str
    prepared_by: str
    at: datetime
    expected_revision: int
    text_version: VersionBody
    is_current: bool = Field(description="Nobody has acted and nothing was written since.")
    refused_at: datetime | None
    refusal: dict[str, Any] | None

    @classmethod
    def of(cls, act: Act) -> "ActOut":
        """The act as programs read it."""
        row = act.row
        return cls(
            id=row.id,
            ref=act.idea.ref,
            title=act.idea.title,
            to=row.to_stage,
            reason=row.reason,
            prepared_by=act.prepared_by,
            at=row.at,
            expected_revision=row.revision,
            text_version=VersionBody(epoch=row.epoch, seq=row.seq, sha256=row.sha256),
            is_current=act.is_current,
            refused_at=row.refused_at,
            refusal=row.refusal,
        )


class ListOut(BaseModel):
    """One list of prepared acts."""

    name: str
    acts: list[ActOut]


class ListsOut(BaseModel):
    """All lists by name."""

    lists: list[ListOut]


@operation("GET", DECISIONS, tag=TAG, refusals=(401, 403))
async def read_decisions(request: ApiRequest) -> ListsOut:
    """Everything that is prepared and not decided."""
    found = await decision_lists(request.services, request.person)
    return ListsOut(lists=[_list(each) for each in found])


@operation("POST", DECISIONS, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422))
async def prepare_decisions(request: ApiRequest, body: PrepareBody) -> ListOut:
    """Write acts into a list; an idea that is in it already gets the new act."""
    moves = [act.value() for act in body.acts]
    name = await actions.prepare(request.services, request.person, body.list_name, moves)
    found = await decision_lists(request.services, request.person)
    (made,) = [each for each in found if each.name == name]
    return _list(made)


@operation("DELETE", DECISIONS + "/{act_id}", tag=TAG, refusals=(401, 403, 404))
async def drop_decision(request: ApiRequest, act_id: UUID) -> None:
    """Take an act out of its list."""
    await actions.drop(request.services, request.person, act_id)


@operation("POST", DECISIONS + "/publish", tag=TAG, refusals=(401, 403, 422))
async def publish_decisions(request: ApiRequest, body: PublishBody) -> MovesOut:
    """Execute those of these acts that still fit, all at one moment; the others stay."""
    results = await actions.publish(request.services, request.person, body.list_name, body.acts)
    return MovesOut(results=[MovedOut.of(each) for each in results])


def _list(found: DecisionList) -> ListOut:
    return ListOut(name=found.name, acts=[ActOut.of(act) for act in found.acts])


operations = [read_decisions, prepare_decisions, drop_decision, publish_decisions]
