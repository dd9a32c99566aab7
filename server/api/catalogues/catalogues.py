"""Catalogues over the API: reading them, and the coordination office's new versions."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from collab.process.catalogues import versions as rules
from collab.process.catalogues.catalogue import Catalogue, Entry, Source
from collab.process.catalogues.versions import CATALOGUES, ChangeKind
from collab.process.templates.reading import Words
from server.actions.catalogues import publishing as actions
from server.actions.catalogues.publishing import REASON_CHARS_MAX, Plan
from server.actions.catalogues.today import today
from server.api.operation import ApiRequest, operation

TAG = "catalogues"
COLLECTION = "/api/v1/catalogues"
ITEM = COLLECTION + "/{catalogue_id}"


class WordsOut(BaseModel):
    """One text in every language."""

    de: str
    en: str

    @classmethod
    def of(cls, words: Words) -> Self:
        return cls(de=words.de, en=words.en)


class EntryOut(BaseModel):
    """One entry; ``can_be_chosen`` says whether it is valid today."""

    id: str
    label: WordsOut
    source: Source
    description: WordsOut | None
    description_source: Source
    group: WordsOut | None
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    successor: str | None
    can_be_chosen: bool

    @classmethod
    def of(cls, entry: Entry, on: date) -> Self:
        return cls(
            id=entry.id,
            label=WordsOut.of(entry.label),
            source=entry.source,
            description=WordsOut.of(entry.description) if entry.description else None,
            description_source=entry.description_source,
            group=WordsOut.of(entry.group) if entry.group else None,
            parent=entry.parent,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
            successor=entry.successor,
            can_be_chosen=entry.is_valid(on),
        )


class CatalogueOut(BaseModel):
    """One version of a catalogue; ``versions`` are all there are, ``current`` counts today."""

    id: str
    version: int
    current: int
    versions: list[int]
    label: WordsOut
    note: WordsOut | None
    is_complete: bool
    valid_from: date | None
    entries: list[EntryOut]

    @classmethod
    def of(cls, shown: Catalogue, known: tuple[Catalogue, ...], on: date) -> Self:
        return cls(
            id=shown.id,
            version=shown.version,
            current=rules.current(known, on).version,
            versions=[each.version for each in known],
            label=WordsOut.of(shown.label),
            note=WordsOut.of(shown.note) if shown.note else None,
            is_complete=shown.is_complete,
            valid_from=shown.valid_from,
            entries=[EntryOut.of(entry, on) for entry in shown.entries],
        )


class CataloguesOut(BaseModel):
    """All catalogues, as they count today."""

    catalogues: list[CatalogueOut]


class VersionQuery(BaseModel):
    """Which version; without one that which counts today."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(default=None, ge=1)


class DraftBody(BaseModel):
    """A version as a catalogue file holds it."""

    model_config = ConfigDict(extra="forbid")

    data: dict[str, Any]


class PublishBody(DraftBody):
    """A version, and why it is published."""

    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class ChangeOut(BaseModel):
    """What the version does to an entry, and the cases that use it."""

    kind: ChangeKind
    entry: str
    cases: list[str]


class PlanOut(BaseModel):
    """What publishing the version does; ``affected`` counts the cases."""

    catalogue: str
    from_version: int
    to_version: int
    valid_from: date
    changes: list[ChangeOut]
    affected: int

    @classmethod
    def of(cls, plan: Plan) -> Self:
        assert plan.new.valid_from is not None, "a published version begins on a day"
        return cls(
            catalogue=plan.new.id,
            from_version=plan.old.version,
            to_version=plan.new.version,
            valid_from=plan.new.valid_from,
            changes=[
                ChangeOut(
                    kind=each.kind,
                    entry=each.entry_id,
                    cases=list(plan.refs.get(each.entry_id, ())),
                )
                for each in plan.changes
            ],
            affected=plan.affected,
        )


@operation("GET", COLLECTION, tag=TAG)
async def list_catalogues(request: ApiRequest) -> CataloguesOut:
    """The catalogues of the strategy, as they count today."""
    on, found = today(request.services), []
    for catalogue_id in CATALOGUES:
        known = await actions.versions_of(request.services, catalogue_id)
        found.append(CatalogueOut.of(rules.current(known, on), known, on))
    return CataloguesOut(catalogues=found)


@operation("GET", ITEM, tag=TAG, refusals=(404, 422))
async def read_catalogue(
    request: ApiRequest, catalogue_id: str, query: VersionQuery
) -> CatalogueOut:
    """One catalogue, as it counts today or in the version asked for."""
    on = today(request.services)
    known = await actions.versions_of(request.services, catalogue_id)
    return CatalogueOut.of(actions.version_in(known, query.version, on), known, on)


@operation("POST", COLLECTION + "/plan", tag=TAG, refusals=(401, 403, 409, 422))
async def plan_catalogue(request: ApiRequest, body: DraftBody) -> PlanOut:
    """Look at what publishing a version would do, and publish nothing.

    For the coordination office. ``fault`` says in words what is wrong with the data.
    """
    return PlanOut.of(await actions.plan(request.services, request.person, body.data))


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 409, 422))
async def publish_catalogue(request: ApiRequest, body: PublishBody) -> PlanOut:
    """Publish the next version of a catalogue, for a reason; for the coordination office."""
    done = await actions.publish(request.services, request.person, body.data, body.reason)
    return PlanOut.of(done)


operations = [list_catalogues, read_catalogue, plan_catalogue, publish_catalogue]
