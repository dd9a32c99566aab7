"""Suggested wording over the API; the rules are in ``server.actions.suggestions``."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.suggestions.wording import (
    REASON_CHARS_MAX,
    WORDS_CHARS_MAX,
    SuggestionKind,
    SuggestionState,
)
from collab.sync.suggesting.passages import (
    CONTEXT_CHARS_MAX,
    POSITION_CHARS_MAX,
    QUOTE_CHARS_MAX,
    Passage,
)
from server.actions.cases import open_case
from server.actions.suggestions import deciding, making
from server.actions.suggestions.finding import suggestion_of
from server.actions.suggestions.making import Wanted
from server.api.operation import Answer, ApiRequest, operation
from server.views.dossier import read_text
from server.views.suggestions.listing import Suggested, listing, shown

TAG = "suggestions"
COLLECTION = "/api/v1/ideas/{ref}/suggestions"
ITEM = COLLECTION + "/{suggestion_id}"


class PassageBody(BaseModel):
    """Words of a section with what stands around them; without words, the point in between."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(max_length=QUOTE_CHARS_MAX)
    prefix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)
    suffix: str = Field(default="", max_length=CONTEXT_CHARS_MAX)
    start: str = Field(default="", max_length=POSITION_CHARS_MAX)
    end: str = Field(default="", max_length=POSITION_CHARS_MAX)

    def passage(self) -> Passage:
        return Passage(**self.model_dump())


class NewSuggestion(BaseModel):
    """Other words for a passage; no words would take it out."""

    model_config = ConfigDict(extra="forbid")

    section: str = Field(max_length=64)
    passage: PassageBody
    # Longer texts are cut nowhere: they are refused, after control characters were taken out.
    text: str = Field(max_length=2 * WORDS_CHARS_MAX)
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    comment_id: UUID | None = None


class SuggestionChange(BaseModel):
    """Other words, or another reason, for one's own open suggestion as it was seen."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2 * WORDS_CHARS_MAX)
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    revision: int = Field(ge=1, le=1_000)


class Acceptance(BaseModel):
    """Which revision is accepted: the one that was seen."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=1, le=1_000)


class Declining(BaseModel):
    """Why; the author reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class Somebody(BaseModel):
    """A person as others see him."""

    handle: str
    name: str
    organisation: str | None


class EarlierWords(BaseModel):
    """What a suggestion said before it was changed."""

    text: str
    reason: str
    at: datetime


class SuggestionOut(BaseModel):
    """A suggestion; ``is_lost``: its words no longer stand in the text, or stand there twice.

    ``hidden_at``: since when a moderator hides it.
    """

    id: UUID
    author: Somebody
    section: str
    kind: SuggestionKind
    passage: PassageBody
    text: str
    reason: str
    comment_id: UUID | None
    revision: int
    history: list[EarlierWords]
    is_lost: bool
    competes_with: list[UUID]
    created_at: datetime
    edited_at: datetime | None
    state: SuggestionState
    decided_by: Somebody | None
    decided_at: datetime | None
    decision: str
    applied_epoch: int | None
    applied_seq: int | None
    hidden_at: datetime | None

    @classmethod
    def of(cls, each: Suggested, group: tuple[Suggested, ...] = ()) -> Self:
        row = each.row
        is_over = not each.is_open
        return cls(
            id=row.id,
            author=_somebody(each),
            section=row.section,
            kind=SuggestionKind(row.kind),
            passage=PassageBody.model_validate(row.passage),
            text=row.text,
            reason=row.reason,
            comment_id=row.comment_id,
            revision=row.revision,
            history=[EarlierWords.model_validate(one) for one in row.history],
            is_lost=each.is_lost,
            competes_with=[other.row.id for other in group if other.row.id != row.id],
            created_at=row.created_at,
            edited_at=row.edited_at,
            state=SuggestionState(row.state),
            decided_by=_decider(each) if is_over else None,
            decided_at=row.decided_at if is_over else None,
            decision=row.decision,
            applied_epoch=row.applied_epoch,
            applied_seq=row.applied_seq,
            hidden_at=row.hidden_at,
        )


class Suggestions(BaseModel):
    """Open suggestions in the order of the text, the newest decided ones, and what was hidden.

    What a moderator hid is there for its author and moderators only.
    """

    suggestions: list[SuggestionOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_suggestions(request: ApiRequest, ref: str) -> Suggestions:
    """What people suggest for the text, and what was decided."""
    read = await read_text(request.services, request.actor, ref)
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await listing(tx, case, read.text)
    waiting = [SuggestionOut.of(each, group) for group in found.groups for each in group]
    others = [SuggestionOut.of(each) for each in (*found.decided, *found.hidden)]
    return Suggestions(suggestions=waiting + others)


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def suggest(
    request: ApiRequest, ref: str, body: NewSuggestion
) -> Annotated[Answer, SuggestionOut]:
    """Suggest other words for a passage, more words at a point, or to take words out."""
    wanted = Wanted(
        section=body.section,
        passage=body.passage.passage(),
        words=body.text,
        reason=body.reason,
        comment_id=body.comment_id,
    )
    row = await making.suggest(request.services, request.actor, ref, wanted)
    location = COLLECTION.format(ref=ref) + f"/{row.id}"
    return Answer(await _shown(request, ref, row.id), headers={"Location": location})


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_suggestion(request: ApiRequest, ref: str, suggestion_id: UUID) -> SuggestionOut:
    """One suggestion."""
    return await _shown(request, ref, suggestion_id)


@operation("PATCH", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def change_suggestion(
    request: ApiRequest, ref: str, suggestion_id: UUID, body: SuggestionChange
) -> SuggestionOut:
    """Change one's own suggestion while it is open."""
    await making.change_suggestion(
        request.services,
        request.actor,
        ref,
        suggestion_id,
        revision=body.revision,
        text=body.text,
        reason=body.reason,
    )
    return await _shown(request, ref, suggestion_id)


@operation("POST", ITEM + "/accept", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def accept_suggestion(
    request: ApiRequest, ref: str, suggestion_id: UUID, body: Acceptance
) -> SuggestionOut:
    """Bring it into the text, in its author's name; for those who may write."""
    await deciding.accept_suggestion(
        request.services, request.actor, ref, suggestion_id, revision=body.revision
    )
    return await _shown(request, ref, suggestion_id)


@operation("POST", ITEM + "/decline", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def decline_suggestion(
    request: ApiRequest, ref: str, suggestion_id: UUID, body: Declining
) -> SuggestionOut:
    """Decline it, for a reason; for those who may write."""
    await deciding.decline_suggestion(
        request.services, request.actor, ref, suggestion_id, reason=body.reason
    )
    return await _shown(request, ref, suggestion_id)


@operation("POST", ITEM + "/withdraw", tag=TAG, refusals=(401, 403, 404, 409, 429))
async def withdraw_suggestion(request: ApiRequest, ref: str, suggestion_id: UUID) -> SuggestionOut:
    """Take one's own suggestion back."""
    await making.withdraw_suggestion(request.services, request.actor, ref, suggestion_id)
    return await _shown(request, ref, suggestion_id)


async def _shown(request: ApiRequest, ref: str, suggestion_id: UUID) -> SuggestionOut:
    read = await read_text(request.services, request.actor, ref)
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        row = await suggestion_of(tx, case, suggestion_id)
        return SuggestionOut.of(await shown(tx, case, row, read.text))


def _somebody(each: Suggested) -> Somebody:
    face = each.author
    return Somebody(handle=face.handle, name=face.name, organisation=face.organisation)


def _decider(each: Suggested) -> Somebody | None:
    face = each.decided_by
    if face is None:
        return None
    return Somebody(handle=face.handle, name=face.name, organisation=face.organisation)


operations = [
    list_suggestions,
    suggest,
    read_suggestion,
    change_suggestion,
    accept_suggestion,
    decline_suggestion,
    withdraw_suggestion,
]
