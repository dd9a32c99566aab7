"""An idea as a card of the board: where it stands, who is at it, what it lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.actors import Actor, Role
from collab.process.board.stalled import is_stalled
from collab.process.permissions import Action, may
from collab.process.processes import load_process
from collab.process.stages import Stage
from collab.process.version import TextVersion
from server.realtime.onlookers import Onlooker
from server.services import Present, Services
from server.views.board.missing import NextStep, next_steps
from storage import ideas as stored_ideas
from storage import people
from storage.database import Transaction
from storage.process import responsibility
from storage.process.board import claims, columns, prepared
from storage.process.board.claims import Claim
from storage.tables.ideas import Idea, IdeaRole
from storage.tables.people import Person
from storage.tables.process.responsibility import Responsibility


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who looks after the idea, until when, and what was said when it was taken over."""

    handle: str
    name: str
    until: datetime
    is_own: bool
    taken_from: str
    note: str


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One idea; ``targets`` are the stages to which its reader's roles could move it."""

    ref: str
    title: str
    kind: str
    stage: Stage
    revision: int
    version: TextVersion | None
    since: datetime
    active_at: datetime
    is_stalled: bool
    lead: str
    claim: ClaimView | None
    next: NextStep | None
    here: Sequence[Present]
    looking: Sequence[Onlooker]
    lists: Sequence[str]
    """Lists in which a decision on it is prepared."""
    targets: Sequence[Stage]
    can_claim: bool

    @property
    def state(self) -> str:
        """What a decision on it is bound to, in one field of a form."""
        return state_of(self.ref, self.revision, self.version) if self.version else ""


def state_of(ref: str, revision: int, version: TextVersion) -> str:
    """The idea with the state of it that somebody has seen, as forms carry it."""
    return f"{ref}.{revision}.{version.epoch}.{version.seq}.{version.sha256}"


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of all cards of one page."""

    now: datetime
    reader: Actor
    came_at: Mapping[UUID, datetime]
    shown: Mapping[UUID, TextVersion]
    claims: Mapping[UUID, Claim]
    roles: Mapping[UUID, Sequence[tuple[UUID, str]]]
    leads: Mapping[UUID, Responsibility]
    people: Mapping[UUID, Person]
    lists: Mapping[UUID, Sequence[str]]
    steps: Mapping[UUID, NextStep | None]
    looking: Mapping[str, Sequence[Onlooker]]


async def board_cards(
    tx: Transaction, services: Services, reader: Actor, ideas: Sequence[Idea]
) -> list[BoardCard]:
    """The cards of these ideas, in their order; a fixed number of queries for what is known."""
    ids, now = [idea.id for idea in ideas], services.clock()
    shown = await columns.shown_versions(tx, ids)
    team = await stored_ideas.team(tx, ids)
    held = await claims.of_ideas(tx, ids, now)
    listed = await prepared.of_ideas(tx, ids)
    around = _Around(
        now=now,
        reader=reader,
        came_at=await columns.came_at(tx, ids),
        shown=shown,
        claims=held,
        roles={key: [(row.person_id, row.role) for row in rows] for key, rows in team.items()},
        leads=await responsibility.leads(tx, ids),
        people=await people.named(tx, _people(held.values(), team)),
        lists={key: [row.list_name for row in rows] for key, rows in listed.items()},
        steps=await next_steps(tx, reader, ideas, shown, now),
        looking=services.live.onlookers.at(),
    )
    return [_card(services, idea, around) for idea in ideas]


def _people(held: Iterable[Claim], team: Mapping[UUID, Sequence[IdeaRole]]) -> frozenset[UUID]:
    """Everybody whom a card names."""
    found = {row.person_id for rows in team.values() for row in rows if row.role == Role.LEAD}
    for claim in held:
        found |= {claim.person_id, *([claim.taken_from] if claim.taken_from else [])}
    return frozenset(found)


def _card(services: Services, idea: Idea, around: _Around) -> BoardCard:
    process = load_process(idea.process_id, idea.process_version)
    stage = process.stage(idea.stage)
    assert stage is not None, f"{idea.ref}: unknown stage {idea.stage}"
    held = around.roles.get(idea.id, ())
    reader = around.reader
    here = reader.with_roles(Role(role) for person, role in held if person == reader.person_id)
    ways = process.transitions_from(idea.stage, idea.kind, here.effective_roles)
    targets = {way.target for way in ways} if may(here, Action.CHANGE_STAGE, idea.stage) else set()
    return BoardCard(
        ref=idea.ref,
        title=idea.title,
        kind=idea.kind,
        stage=stage,
        revision=idea.revision,
        version=around.shown.get(idea.id),
        since=around.came_at.get(idea.id, idea.created_at),
        active_at=idea.active_at,
        is_stalled=is_stalled(stage, idea.active_at, around.now),
        lead=_lead(around, idea.id),
        claim=_claim(around, around.claims.get(idea.id)),
        next=around.steps[idea.id],
        here=services.hub.present(idea.document_id),
        looking=[each for each in around.looking.get(idea.ref, ()) if each.handle != reader.handle],
        lists=around.lists.get(idea.id, ()),
        targets=[each for each in process.stages if each.id in targets],
        can_claim=may(here, Action.CLAIM, idea.stage),
    )


def _lead(around: _Around, idea_id: UUID) -> str:
    """The organisation that answers for the idea, else the person who leads it; empty: nobody."""
    if idea_id in around.leads:
        return around.leads[idea_id].organisation_name
    held = around.roles.get(idea_id, ())
    return next((around.people[person].name for person, role in held if role == Role.LEAD), "")


def _claim(around: _Around, claim: Claim | None) -> ClaimView | None:
    if claim is None:
        return None
    holder = around.people[claim.person_id]
    former = around.people.get(claim.taken_from) if claim.taken_from else None
    return ClaimView(
        handle=holder.handle,
        name=holder.name,
        until=claim.until,
        is_own=claim.person_id == around.reader.person_id,
        taken_from=former.name if former else "",
        note=claim.note,
    )
