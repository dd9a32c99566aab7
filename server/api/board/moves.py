"""Acts on many ideas at once, over the API."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from collab.process.board.prepared import ACTS_MAX
from collab.process.gates.unmet import REASON_CHARS_MAX
from server.actions.board import moves as actions
from server.actions.board.moves import Moved
from server.actions.stages import Decision
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody

TAG = "board"


class MoveBody(BaseModel):
    """Where one idea is to go, why, and on which state of idea and text that was decided."""

    model_config = ConfigDict(extra="forbid")

    ref: str = Field(max_length=32)
    to: str = Field(max_length=64)
    expected_revision: int = Field(ge=1)
    text_version: VersionBody
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    reason_code: str | None = Field(default=None, max_length=64)

    def value(self) -> Decision:
        """The move as actions take it."""
        seen = self.text_version.value()
        return Decision(
            self.ref, self.to, self.expected_revision, seen, self.reason, self.reason_code
        )


class MovesBody(BaseModel):
    """Up to fifty moves; each is an act of its own."""

    model_config = ConfigDict(extra="forbid")

    moves: list[MoveBody] = Field(min_length=1, max_length=ACTS_MAX)


class MovedOut(BaseModel):
    """What became of one move; ``code`` and ``detail`` say why it was refused."""

    ref: str
    to: str
    done: bool
    code: str | None = None
    detail: dict[str, Any] = Field(
        default_factory=dict, description="As in the refusal of one move: winner, current, unmet."
    )

    @classmethod
    def of(cls, moved: Moved) -> "MovedOut":
        """The result of an action, as programs read it."""
        if moved.refusal is None:
            return cls(ref=moved.ref, to=moved.to, done=True)
        refusal = moved.refusal
        return cls(
            ref=moved.ref, to=moved.to, done=False, code=refusal.code, detail=dict(refusal.data)
        )


class MovesOut(BaseModel):
    """What became of each, in the order in which they were asked for."""

    results: list[MovedOut]


@operation("POST", "/api/v1/board/moves", tag=TAG, refusals=(401, 403, 422))
async def move_many(request: ApiRequest, body: MovesBody) -> MovesOut:
    """Move several ideas; what is refused does not hinder the others."""
    moves = [move.value() for move in body.moves]
    results = await actions.move_many(request.services, request.person, moves)
    return MovesOut(results=[MovedOut.of(each) for each in results])


operations = [move_many]
