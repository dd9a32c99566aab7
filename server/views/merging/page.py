"""Both texts side by side, who is asked, what goes along, and what the reader may do."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collab.errors import NotFound
from collab.process.permissions import Action
from collab.process.stages import Effect
from server.actions.cases import Case, open_case
from server.actions.facts.case import case_facts
from server.auth.visitor import Visitor
from server.services import Services
from server.views.dossier import read_text
from server.views.idea.gathering import Context, gather
from server.views.merging.merges import MergeView, merge_view, merges_of
from server.views.merging.what import Going, going
from server.views.ways import Way, open_to_actor
from storage.database import Transaction
from storage.process.ties import merging


@dataclass(frozen=True, slots=True)
class MergePage:
    """What the page shows; without ``chosen`` there is nothing to decide yet."""

    case: Case
    merges: tuple[MergeView, ...]
    chosen: MergeView | None
    going: Going | None
    way: Way | None
    """How the reader carries it out, or undoes it; with what stands against that."""
    may_propose: bool
    may_take: bool


async def merge_page(
    services: Services,
    visitor: Visitor,
    ref: str,
    merge_id: UUID | None,
    *,
    to: str = "",
    is_new: bool = False,
) -> tuple[MergePage, Context]:
    """The page, and the two texts as ``source`` and ``target``, if there is a merge to show.

    ``to`` is the other idea that somebody thinks of, of whose team he may be; ``is_new``: another
    one is to be proposed.

    Raises:
        NotFound: (merge-unknown) the idea is at neither end of the one that is asked for.
    """
    now = services.clock()
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        found = await merges_of(tx, case, now)
        chosen = None if is_new else _chosen(found, merge_id)
    texts = await _texts(services, visitor, chosen) if chosen else {}
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        way = await _way(services, visitor, tx, chosen) if chosen else None
        shown = await going(tx, chosen.both) if chosen and chosen.is_asked else None
        may_propose = case.may(Action.PROPOSE_MERGE) or await _may_at(tx, visitor, to)
    can = texts["target"]["can"] if texts else None
    page = MergePage(
        case=case,
        merges=tuple(found),
        chosen=chosen,
        going=shown,
        way=way,
        may_propose=may_propose,
        may_take=bool(chosen and (chosen.is_asked or chosen.is_done) and can and can.edit_text),
    )
    return page, texts


async def one_merge(
    services: Services, visitor: Visitor, ref: str, merge_id: UUID
) -> tuple[Case, MergeView]:
    """One merge at an end of which the idea is; raises NotFound."""
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        row = await merging.get(tx, merge_id)
        if row is None:
            raise NotFound("merge-unknown")
        return case, await merge_view(tx, case, row, services.clock())


async def _may_at(tx: Transaction, visitor: Visitor, to: str) -> bool:
    """Whether he may propose it as one of the other idea's."""
    try:
        return bool(to) and (await open_case(tx, visitor.actor, to)).may(Action.PROPOSE_MERGE)
    except NotFound:
        return False


def _chosen(found: list[MergeView], merge_id: UUID | None) -> MergeView | None:
    """The one that is asked for, else what is to be decided, else what holds."""
    if merge_id is not None:
        named = next((each for each in found if each.row.id == merge_id), None)
        if named is None:
            raise NotFound("merge-unknown")
        return named
    living = [each for each in found if each.is_asked] + [each for each in found if each.is_done]
    return living[0] if living else None


async def _texts(services: Services, visitor: Visitor, chosen: MergeView) -> dict[str, Any]:
    return {
        "source": await gather(services, visitor, chosen.source.ref, ()),
        "target": await gather(services, visitor, chosen.target.ref, ()),
    }


async def _way(
    services: Services, visitor: Visitor, tx: Transaction, chosen: MergeView
) -> Way | None:
    """The transition of the source that merges or separates it, for who may take it."""
    case = chosen.both.source
    if case.actor.person_id is None or not case.may(Action.CHANGE_STAGE):
        return None
    read = await read_text(services, visitor.actor, case.idea.ref)
    facts = await case_facts(tx, case, read.text, now=services.clock())
    wanted = {Effect.MERGE, Effect.UNMERGE}
    ways = open_to_actor(case, facts)
    return next((each for each in ways if wanted.intersection(each.transition.effects)), None)
