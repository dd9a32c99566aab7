"""The audit log of an idea over the API."""

from collections.abc import AsyncIterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from collab.process.audit.entry import Entry
from collab.process.permissions import Action
from server.actions.audit.export import lines
from server.actions.cases import Case, open_case
from server.api.operation import ApiRequest, operation
from server.views.record.known import may_know
from storage.process import audit

MEDIA = "application/jsonl"
ENTRIES_MAX = 500


class Wanted(BaseModel):
    """Which entries, and in which form."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "jsonl"] = "json"
    after: int = Field(default=0, ge=0, le=2**31 - 1)
    limit: int = Field(default=100, ge=1, le=ENTRIES_MAX)


class AuditLog(BaseModel):
    """Some entries of the idea's chain in order; ``last`` is what to ask ``after`` next."""

    ref: str
    entries: list[dict[str, Any]]
    last: int


@operation("GET", "/api/v1/ideas/{ref}/audit", tag="events", media=(MEDIA,), refusals=(404, 422))
async def read_audit(request: ApiRequest, ref: str, query: Wanted) -> AuditLog:
    """The chain of an idea's official acts; what the reader may not know is closed.

    ``format=jsonl`` gives the whole chain as a file that can be checked without Arena.
    """
    database = request.services.database
    async with database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        if query.format == "jsonl":
            chains = await audit.chains(tx, [ref])
            whole = lines(database, chains, lambda entry: _is_open(case, entry))
            return _file(ref, whole)  # type: ignore[return-value]
        found = await audit.entries(tx, ref, query.after, query.limit)
    shown = [entry.to_json() if _is_open(case, entry) else entry.closed() for entry in found]
    return AuditLog(ref=ref, entries=shown, last=found[-1].number if found else query.after)


def _is_open(case: Case, entry: Entry) -> bool:
    return case.may(Action.READ_AUDIT) or may_know(
        case, entry.draft.act, is_public=entry.draft.public
    )


def _file(ref: str, whole: AsyncIterator[str]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{ref}-audit.jsonl"'}
    ended = (f"{line}\n" async for line in whole)
    return StreamingResponse(ended, media_type=MEDIA, headers=headers)


operations = [read_audit]
