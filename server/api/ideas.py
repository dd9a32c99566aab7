"""Ideas over the API: bring one in, list and read them, change kind and team."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import Invalid
from collab.process.actors import Actor, Role
from collab.process.dossier import TITLE_CHARS_MAX, IdeaKind
from collab.process.permissions import Action, may
from collab.process.processes import DEFAULT_PROCESS, every_stage, stages_with
from collab.process.stages import StageAccess
from collab.process.version import TextVersion
from collab.sync.address import DocumentAddress
from server.actions import ideas as actions
from server.actions.cases import Case, open_case
from server.actions.catalogues.today import today
from server.actions.seeds import SECTION_CHARS_MAX
from server.api.districts.districts import DistrictIds
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.api.versions import VersionBody
from server.faces import faces
from server.views.alignment.goals import goals_in
from server.views.arena.finder import seeking_lead
from server.views.districts.districts import district
from storage import documents, ideas, texts
from storage.database import Transaction
from storage.process.measures import register as measures
from storage.process.ties import districts
from storage.tables.ideas import Idea

TAG = "ideas"
COLLECTION = "/api/v1/ideas"
ITEM = COLLECTION + "/{ref}"
PAGE_MAX = 100


class NewIdea(BaseModel):
    """What is brought in: a need asks for no solution, a proposal says what to do."""

    model_config = ConfigDict(extra="forbid")

    kind: IdeaKind
    # White space around does not count; what is too long after that is refused by the rules.
    title: str = Field(min_length=1, max_length=2 * TITLE_CHARS_MAX)
    sections: dict[str, Annotated[str, Field(max_length=SECTION_CHARS_MAX)]] = Field(
        default_factory=dict, max_length=50, description="Plain text by section id of the template."
    )
    submit: bool = Field(default=False, description="Publish at once instead of keeping a draft.")
    answers: str | None = Field(
        default=None, max_length=64, description="The need that a proposal answers."
    )
    process: str = Field(default=DEFAULT_PROCESS, max_length=64, description="Which way it goes.")
    districts: DistrictIds = Field(default_factory=list)


class Versioned(BaseModel):
    """A template or process by id and version."""

    id: str
    version: int


class IdeaOut(BaseModel):
    """An idea as lists show it; ``document_id`` names its live text for sockets."""

    ref: str
    kind: IdeaKind
    title: str
    stage: str
    revision: int
    document_id: str
    text_version: VersionBody
    template: Versioned
    process: Versioned
    author: PersonRef
    created_at: datetime
    active_at: datetime
    latitude: float | None
    longitude: float | None
    districts: list[str]


class Member(BaseModel):
    """A person with a role at the idea."""

    person: PersonRef
    role: str


class IdeaDetail(IdeaOut):
    """One idea with its team, and what the asking person may do with it now."""

    team: list[Member]
    may: list[Action]
    measure: str | None = Field(description="Its number in the register, once it is a measure.")


class Ideas(BaseModel):
    """Some ideas, newest activity first; ``next_cursor`` is null on the last page."""

    ideas: list[IdeaOut]
    next_cursor: str | None


class IdeaQuery(BaseModel):
    """Which ideas to list."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["need", "proposal"] | None = None
    stage: str | None = Field(default=None, max_length=64)
    q: str = Field(default="", max_length=200, description="Words of the text, in any order.")
    seeks_lead: bool = Field(
        default=False, description="Only proposals for which nobody is responsible yet."
    )
    guiding_idea: str | None = Field(
        default=None, max_length=64, description="Only ideas that pay into this guiding idea."
    )
    field: str | None = Field(
        default=None,
        max_length=64,
        description="Only ideas that pay into this field of action or a field below it.",
    )
    district: str | None = Field(
        default=None, max_length=64, description="Only ideas that name this district."
    )
    mine: bool = Field(default=False, description="Only ideas where the asking person has a role.")
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=20, ge=1, le=PAGE_MAX)


class KindBody(BaseModel):
    """The kind to change to, and the idea's revision that was seen."""

    model_config = ConfigDict(extra="forbid")

    kind: IdeaKind
    expected_revision: int = Field(ge=1, le=2**31 - 1)


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 422, 429))
async def create_idea(request: ApiRequest, body: NewIdea) -> Annotated[Answer, IdeaDetail]:
    """Bring an idea in.

    It begins as a draft of the asking person; with ``submit`` it is published at once, or refused
    with everything that is missing.
    """
    new = actions.NewIdea(
        kind=body.kind,
        title=body.title,
        sections=body.sections,
        process=body.process,
        answers=body.answers,
        districts=body.districts,
    )
    created = await actions.create_idea(request.services, request.person, new, submit=body.submit)
    detail = await _detail(request, created.idea.ref)
    return Answer(detail, headers={"Location": f"{COLLECTION}/{detail.ref}"})


@operation("GET", COLLECTION, tag=TAG, refusals=(422,))
async def list_ideas(request: ApiRequest, query: IdeaQuery) -> Ideas:
    """Ideas that the asking person may read, newest activity first."""
    if query.stage is not None and query.stage not in every_stage():
        raise Invalid(fields={"stage": "unknown-choice"})
    wanted = ideas.IdeaFilter(
        kind=query.kind,
        stage=query.stage,
        q=query.q,
        mine=request.person.person_id if query.mine else None,
        reader=request.actor.person_id,
        hidden_stages=hidden_stages(request.actor),
        seeking_lead_in=seeking_lead() if query.seeks_lead else None,
        district=query.district,
    )
    on = today(request.services)
    async with request.services.database.read() as tx:
        wanted = replace(wanted, pays_into=await goals_in(tx, on, query.model_dump()))
        if query.district is not None and await district(tx, query.district) is None:
            raise Invalid(fields={"district": "unknown-choice"})
        page = await ideas.page(tx, wanted, query.cursor, query.limit)
        return Ideas(ideas=await _listed(tx, page.ideas), next_cursor=page.next_cursor)


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_idea(request: ApiRequest, ref: str) -> IdeaDetail:
    """One idea."""
    return await _detail(request, ref)


@operation("PUT", ITEM + "/kind", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def change_kind(request: ApiRequest, ref: str, body: KindBody) -> IdeaDetail:
    """Make a need a proposal or a proposal a need; its text stays."""
    await actions.change_kind(
        request.services,
        request.actor,
        ref,
        kind=body.kind,
        expected_revision=body.expected_revision,
    )
    return await _detail(request, ref)


@operation("PUT", ITEM + "/team/{handle}/{role}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def add_to_team(request: ApiRequest, ref: str, handle: str, role: Role) -> IdeaDetail:
    """Give a person a role at the idea: author, editor or lead."""
    await actions.add_to_team(request.services, request.actor, ref, handle=handle, role=role)
    return await _detail(request, ref)


@operation("DELETE", ITEM + "/team/{handle}/{role}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def remove_from_team(request: ApiRequest, ref: str, handle: str, role: Role) -> None:
    """Take a role at the idea from a person, or lay down one's own."""
    await actions.remove_from_team(request.services, request.actor, ref, handle=handle, role=role)


def hidden_stages(actor: Actor) -> frozenset[str]:
    """The stages whose ideas the actor sees only if he has a role there."""
    private = stages_with(StageAccess.PRIVATE)
    return frozenset(each for each in private if not may(actor, Action.READ_IDEA, each))


async def _detail(request: ApiRequest, ref: str) -> IdeaDetail:
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        listed = (await _listed(tx, [case.idea]))[0]
        team = await _team(tx, case.idea.id)
        made = await measures.of_idea(tx, case.idea.id)
    number = made.number if made else None
    return IdeaDetail(**dict(listed), team=team, may=_rights(case), measure=number)


def _rights(case: Case) -> list[Action]:
    return [action for action in Action if case.may(action)]


async def _team(tx: Transaction, idea_id: UUID) -> list[Member]:
    roles = (await ideas.team(tx, [idea_id])).get(idea_id, [])
    known = await faces(tx, {each.person_id for each in roles})
    return [Member(person=PersonRef.of(known[each.person_id]), role=each.role) for each in roles]


async def _listed(tx: Transaction, rows: Iterable[Idea]) -> list[IdeaOut]:
    """The rows with what belongs to them, in few queries however many they are."""
    shown = list(rows)
    heads = await documents.heads(tx, [each.document_id for each in shown])
    projected = await texts.of_ideas(tx, [each.id for each in shown])
    known = await faces(tx, {each.created_by for each in shown})
    placed = await districts.of_ideas(tx, [each.id for each in shown])
    return [
        _idea_out(
            each,
            document=heads[each.document_id],
            text=projected[each.id],
            author=PersonRef.of(known[each.created_by]),
            places=placed.get(each.id, ()),
        )
        for each in shown
    ]


def _idea_out(
    row: Idea,
    *,
    document: documents.Head,
    text: texts.IdeaText,
    author: PersonRef,
    places: Sequence[str],
) -> IdeaOut:
    address = DocumentAddress(row.document_id, document.epoch, document.schema)
    return IdeaOut(
        ref=row.ref,
        kind=IdeaKind(row.kind),
        title=row.title,
        stage=row.stage,
        revision=row.revision,
        document_id=str(address),
        text_version=VersionBody.of(TextVersion(text.epoch, text.seq, text.sha256)),
        template=Versioned(id=row.template_id, version=row.template_version),
        process=Versioned(id=row.process_id, version=row.process_version),
        author=author,
        created_at=row.created_at,
        active_at=row.active_at,
        latitude=row.latitude,
        longitude=row.longitude,
        districts=list(places),
    )


operations = [create_idea, list_ideas, read_idea, change_kind, add_to_team, remove_from_team]
