"""One look of one visitor at one idea, of one moment."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from collab.process.permissions import Action
from collab.process.stages import StageAccess
from server.actions.cases import Case, open_case
from server.auth.visitor import Visitor
from server.realtime.rooms.loading import stored_text
from server.services import Services
from server.views.dossier import DossierView, ReadText, dossier_view, read_text
from server.views.prose import prose
from server.views.talk.passages import Passages
from server.views.team import muted_reason
from storage import documents, events
from storage.database import Transaction
from storage.engine.absent import look_ahead
from storage.log import quarantine

Context = dict[str, Any]

MANY_PARTS: Final = 8
"""From so many parts on it pays to ask ahead what there is of the idea at all."""


@dataclass(frozen=True, slots=True)
class View:
    """One look of one visitor at one idea: what the parts are made from."""

    services: Services
    visitor: Visitor
    tx: Transaction
    case: Case
    dossier: DossierView
    query: Mapping[str, str]


Part = Callable[[View], Awaitable[Context]]


async def gather(
    services: Services,
    visitor: Visitor,
    ref: str,
    parts: Sequence[Part],
    query: Mapping[str, str] | None = None,
) -> Context:
    """The context of a template that shows these parts of the idea, all of one moment."""
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        stored = await stored_text(tx, case.idea)
        if stored is not None:
            return await _gathered(services, visitor, tx, case, ReadText(*stored), parts, query)
    # Its room must say it, and what it says may be newer than this moment.
    read = await read_text(services, visitor.actor, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        return await _gathered(services, visitor, tx, case, read, parts, query)


async def _gathered(
    services: Services,
    visitor: Visitor,
    tx: Transaction,
    case: Case,
    read: ReadText,
    parts: Sequence[Part],
    query: Mapping[str, str] | None,
) -> Context:
    if len(parts) >= MANY_PARTS:
        await look_ahead(tx, case.idea.id, case.idea.document_id)
    head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
    view = View(services, visitor, tx, case, dossier_view(case, read, head), query or {})
    context = await _frame(view)
    for part in parts:
        context |= await part(view)
    return context


async def _frame(view: View) -> Context:
    """What every part needs."""
    case = view.case
    muted = await muted_reason(view.tx, case) if case.actor.person_id else None
    can = {action.value: case.may(action) for action in Action}
    is_held = case.actor.person_id in await quarantine.held(view.tx, case.idea.document_id)
    is_barred = muted is not None or is_held or view.dossier.unreadable
    can["edit_text"] = can["edit_text"] and not is_barred
    return {
        "idea": case.idea,
        "process": case.process,
        "stage": case.stage,
        "is_private": case.stage.access is StageAccess.PRIVATE,
        "can": SimpleNamespace(**can),
        "muted": muted,
        "is_held": is_held,
        "dossier": view.dossier,
        "passages": Passages(view.dossier.text),
        "access": "write" if can["edit_text"] else "read",
        "prose": prose,
        "last_event": await events.last_id(view.tx),
    }
