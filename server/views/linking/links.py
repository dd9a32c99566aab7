"""The links of an idea, read from its side; what a reader may not read is not there for him."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from collab.process.actors import Actor
from collab.process.linking.links import BY_HAND, DEPENDS, LinkKind, closes, fits
from collab.process.permissions import Action, may
from collab.process.stages import Stage
from server.actions.cases import Case, at_idea
from server.actions.linking.links import is_private
from server.views.arena.cards import stage_of
from storage.database import Transaction
from storage.process.ties import linking
from storage.process.ties.linking import IdeaLink
from storage.tables.ideas import Idea


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link: ``is_outward`` if it leads from the idea at hand to ``other``."""

    kind: LinkKind
    is_outward: bool
    other: Idea
    stage: Stage
    fits: bool
    """False if one of the two has changed its kind since."""
    may_unlink: bool


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """All links that are read with the same words."""

    kind: LinkKind
    is_outward: bool
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The links of an idea by what they say, and what the reader may do."""

    groups: tuple[LinkGroup, ...]
    may_link: bool
    may_answer: bool
    """The reader may begin a proposal that answers this need."""

    @property
    def all(self) -> Sequence[LinkView]:
        return [each for group in self.groups for each in group.links]

    @property
    def dependants(self) -> Sequence[LinkView]:
        """Links of ideas that depend on this one."""
        return [each for each in self.all if not each.is_outward and each.kind in DEPENDS]


async def links_of(tx: Transaction, case: Case) -> Links:
    """The links of the case, for its actor."""
    rows = await linking.of_idea(tx, case.idea.id)
    others = await linking.ideas_of(tx, {_other(row, case.idea.id) for row in rows})
    shown = await readable(tx, case.actor, others.values())
    may_link = case.may(Action.LINK_IDEAS)
    views = [
        _view(row, case.idea, others[other], may_link)
        for row in rows
        if (other := _other(row, case.idea.id)) in shown
    ]
    is_open_need = case.idea.kind == "need" and case.may(Action.READ_IDEA)
    return Links(
        groups=tuple(_groups(views)),
        may_link=may_link,
        may_answer=is_open_need and may(case.actor, Action.CREATE_IDEA),
    )


async def closing(tx: Transaction, case: Case, targets: Iterable[Stage]) -> dict[str, object]:
    """Which of the targets would end the case, and who depends on it, for a warning."""
    ends = frozenset(each.id for each in targets if closes(case.stage, each))
    return {"closing": ends, "dependants": (await links_of(tx, case)).dependants if ends else ()}


async def readable(tx: Transaction, actor: Actor, ideas: Iterable[Idea]) -> frozenset[UUID]:
    """Those of the ideas that the actor may read; roles are asked for at private ones only."""
    found = set()
    for idea in ideas:
        here = await at_idea(tx, actor, idea) if is_private(idea) else actor
        if may(here, Action.READ_IDEA, idea.stage):
            found.add(idea.id)
    return frozenset(found)


def _other(row: IdeaLink, idea_id: UUID) -> UUID:
    return row.to_id if row.from_id == idea_id else row.from_id


def _view(row: IdeaLink, idea: Idea, other: Idea, may_link: bool) -> LinkView:
    kind, is_outward = LinkKind(row.kind), row.from_id == idea.id
    one, two = (idea, other) if is_outward else (other, idea)
    return LinkView(
        kind=kind,
        is_outward=is_outward,
        other=other,
        stage=stage_of(other.stage),
        fits=fits(kind, one.kind, two.kind),
        may_unlink=may_link and is_outward and kind in BY_HAND,
    )


def _groups(views: Sequence[LinkView]) -> Iterable[LinkGroup]:
    for kind in LinkKind:
        for is_outward in (True, False):
            found = [each for each in views if (each.kind, each.is_outward) == (kind, is_outward)]
            if found:
                yield LinkGroup(kind, is_outward, tuple(found))
