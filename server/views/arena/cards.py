"""Ideas as cards: what a list shows of each, and who is at it right now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.process.processes import every_stage
from collab.process.responsibility.rules import seeks_lead
from collab.process.stages import Stage
from server.services import Hub, Present
from server.views.districts.districts import Places, places_of_many
from storage import texts
from storage.database import Transaction
from storage.feasibility import judgements
from storage.process import responsibility
from storage.tables.ideas import Idea
from storage.talk import comments

EXCERPT_CHARS_MAX = 240


@dataclass(frozen=True, slots=True)
class Card:
    """One idea of a list."""

    ref: str
    kind: str
    title: str
    excerpt: str
    stage: Stage
    comments: int
    judgements: int
    here: int
    present: Sequence[Present]
    """Who is here, where the reader may know; else empty."""
    active_at: datetime
    lead: str | None
    """The organisation that leads."""
    seeks_lead: bool
    places: Places


async def cards(tx: Transaction, hub: Hub, ideas: Sequence[Idea], *, are_named: bool) -> list[Card]:
    """The cards of ``ideas`` in their order; with ``are_named`` it is said who is there."""
    ids = [idea.id for idea in ideas]
    projected = await texts.of_ideas(tx, ids)
    commented = await comments.counts(tx, ids)
    judged = await judgements.counts(tx, ids)
    led = await responsibility.leads(tx, ids)
    places = await places_of_many(tx, ids)
    here = hub.presence()
    return [
        Card(
            ref=idea.ref,
            kind=idea.kind,
            title=idea.title,
            excerpt=excerpt(projected[idea.id].plain) if idea.id in projected else "",
            stage=stage_of(idea.stage),
            comments=commented.get(idea.id, 0),
            judgements=judged.get(idea.id, 0),
            here=here.get(idea.document_id, 0),
            present=_present(hub, idea, here) if are_named else (),
            active_at=idea.active_at,
            lead=led[idea.id].organisation_name if idea.id in led else None,
            seeks_lead=seeks_lead(idea.kind, stage_of(idea.stage), has_lead=idea.id in led),
            places=places.get(idea.id, ()),
        )
        for idea in ideas
    ]


def stage_of(stage_id: str) -> Stage:
    """The stage with its words; one of a process that is gone is a fault of ours."""
    found = every_stage().get(stage_id)
    assert found is not None, f"unknown stage {stage_id}"
    return found


def excerpt(plain: str) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(plain.split())
    if len(line) <= EXCERPT_CHARS_MAX:
        return line
    cut = line[:EXCERPT_CHARS_MAX].rpartition(" ")[0] or line[:EXCERPT_CHARS_MAX]
    return cut.rstrip(" ,;:–-") + " …"


def people_here(hub: Hub) -> int:
    """How many different people are at any idea; guests count once for each place."""
    open_documents = hub.presence()
    known = {
        each.person_id or (document, each.handle)
        for document in open_documents
        for each in hub.present(document)
    }
    return len(known)


def _present(hub: Hub, idea: Idea, here: Iterable[object]) -> Sequence[Present]:
    return hub.present(idea.document_id) if idea.document_id in here else ()
