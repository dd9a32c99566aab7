"""Where an idea was taken over from and to, and what its origin offers, as its reader sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from collab.errors import Refusal
from collab.process.actors import Actor
from collab.process.linking.replication import Terms, licence_label
from collab.process.permissions import Action
from collab.process.stages import Stage
from collab.process.templates.reading import Words
from server.actions.cases import Case
from server.actions.facts.linking import replicas_of
from server.actions.linking.offers import Change, change_of
from server.actions.linking.replicas import offer_to
from server.views.arena.cards import stage_of
from server.views.linking.links import readable
from storage.database import Transaction
from storage.process.ties import linking, replication
from storage.process.ties.replication import Replication
from storage.tables.ideas import Idea
from storage.tables.people import Organisation

NODES_MAX: Final = 200
DEPTH_MAX: Final = 10
"""Further replicas of replicas are left out of the tree."""


@dataclass(frozen=True, slots=True)
class Node:
    """One idea of the tree; ``row`` says from where and for whom, None at its root."""

    idea: Idea
    stage: Stage
    row: Replication | None
    replicas: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offered change in the words of the dossier."""

    change: Change
    label: Words

    @property
    def seen(self) -> str:
        """The text it leads to, as forms carry it."""
        return f"{self.change.row.epoch}.{self.change.row.seq}"


@dataclass(frozen=True, slots=True)
class Replicas:
    """Everything about taking over at one idea."""

    origin: Idea | None
    """Where it was taken over from, if the reader may read that."""
    source: Replication | None
    tree: Node | None
    """The whole tree that the idea stands in; None if it stands alone."""
    direct: tuple[Node, ...]
    count: int
    open_offers: int
    has_offers: bool
    licence_label: str
    terms: Terms | None
    organisations: tuple[Organisation, ...]
    """For which the reader could take it over."""
    may_offer: bool
    may_take: bool


async def replicas(tx: Transaction, case: Case, on: date) -> Replicas:
    """The part about taking over, for the case's actor."""
    source = await replication.origin_of(tx, case.idea.id)
    tree = await _tree(tx, case)
    origins = await linking.ideas_of(tx, [source.origin_id] if source else [])
    shown = await readable(tx, case.actor, origins.values())
    offered = await replication.changes(tx, case.idea.id) if source else []
    terms, organisations = await _offered(tx, case, on)
    here = _find(tree, case.idea.id)
    return Replicas(
        origin=next((each for each in origins.values() if each.id in shown), None),
        source=source,
        tree=tree if tree.replicas else None,
        direct=here.replicas if here else (),
        count=await replicas_of(tx, case),
        open_offers=sum(each.state == "open" for each in offered),
        has_offers=bool(offered),
        licence_label=licence_label(source.licence) if source else "",
        terms=terms,
        organisations=organisations,
        may_offer=bool(here and here.replicas) and case.may(Action.OFFER_CHANGES),
        may_take=case.may(Action.TAKE_CHANGES),
    )


async def offers(tx: Transaction, case: Case) -> list[OfferView]:
    """Every change that was offered to the case, the open ones first, then the newest."""
    source = await replication.origin_of(tx, case.idea.id)
    if source is None:
        return []
    origin = (await linking.ideas_of(tx, [source.origin_id]))[source.origin_id]
    rows = await replication.changes(tx, case.idea.id)
    rows.sort(key=lambda row: (row.state == "open", row.at), reverse=True)
    return [OfferView(await change_of(tx, row, origin), _label(case, row.section)) for row in rows]


async def _offered(
    tx: Transaction, case: Case, on: date
) -> tuple[Terms | None, tuple[Organisation, ...]]:
    """On which terms and for whom the reader could take the case over."""
    if case.actor.person_id is None or not case.may(Action.REPLICATE):
        return None, ()
    try:
        found = await offer_to(tx, case, on)
    except Refusal:
        return None, ()
    return found.terms, found.organisations


async def _tree(tx: Transaction, case: Case) -> Node:
    """The tree around the case, of ideas that its actor may read."""
    root = case.idea
    for _ in range(DEPTH_MAX):
        above = await replication.origin_of(tx, root.id)
        if above is None:
            break
        origin = (await linking.ideas_of(tx, [above.origin_id]))[above.origin_id]
        if origin.id not in await readable(tx, case.actor, [origin]):
            break
        root = origin
    rows, known = await _below(tx, case.actor, root)
    return _node(root, None, rows, known)


async def _below(
    tx: Transaction, actor: Actor, root: Idea
) -> tuple[Sequence[Replication], dict[UUID, Idea]]:
    """All replicas below the root, level by level, within bounds."""
    found: list[Replication] = []
    known = {root.id: root}
    level = {root.id}
    for _ in range(DEPTH_MAX):
        rows = await replication.of_origins(tx, level)
        ideas = await linking.ideas_of(tx, {row.replica_id for row in rows} - known.keys())
        shown = await readable(tx, actor, ideas.values())
        kept = [row for row in rows if row.replica_id in shown][: NODES_MAX - len(found)]
        found += kept
        level = {row.replica_id for row in kept}
        known |= {each: ideas[each] for each in level}
        if not level:
            break
    return found, known


def _node(
    idea: Idea, row: Replication | None, rows: Sequence[Replication], known: dict[UUID, Idea]
) -> Node:
    below = (each for each in rows if each.origin_id == idea.id)
    return Node(
        idea,
        stage_of(idea.stage),
        row,
        tuple(_node(known[each.replica_id], each, rows, known) for each in below),
    )


def _find(node: Node, idea_id: UUID) -> Node | None:
    if node.idea.id == idea_id:
        return node
    return next((found for each in node.replicas if (found := _find(each, idea_id))), None)


def _label(case: Case, section_id: str) -> Words:
    section = case.template.section(section_id)
    return section.label if section else Words(section_id, section_id)
