"""An idea as it is shown to a room: its text alone, section by section."""

from dataclasses import dataclass

from collab.process.actors import Actor
from collab.sync.text import DossierText
from server.actions.cases import Case, open_case
from server.actions.workshop.places import enter_workshop
from server.actions.workshop.tables import table_of
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from server.views.dossier import NOTHING, UNKNOWN, DossierView, ReadText, dossier_view, read_text
from storage import documents, ideas


@dataclass(frozen=True, slots=True)
class Presented:
    """The idea with its text; ``stamp`` changes with what is shown. ``table``: where it lies."""

    case: Case
    dossier: DossierView
    table: str = ""

    @property
    def stamp(self) -> str:
        return f"{self.dossier.version.sha256[:32]}-{self.case.idea.stage}"


async def presented(services: Services, actor: Actor, ref: str) -> Presented:
    """The idea, for who may read it.

    Raises:
        NotFound: there is none, or not for him.
    """
    read = await read_text(services, actor, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
    return Presented(case, dossier_view(case, read, head))


async def at_table(services: Services, actor: Actor, code: str, number: int) -> Presented | None:
    """What lies on a table, for everybody who is in the workshop; None if nothing does.

    Raises:
        NotAllowed: (join-first, removed-from-workshop) he is not.
        NotFound: (no-such-table).
    """
    async with services.database.read() as tx:
        place = await enter_workshop(tx, actor, code)
        table = await table_of(tx, place.workshop, number)
        idea = await ideas.get(tx, table.idea_id) if table.idea_id else None
        if idea is None:
            return None
        head = (await documents.heads(tx, [idea.document_id]))[idea.document_id]
    try:
        read = ReadText(*await services.hub.text(idea.document_id))
    except DocumentUnreadable:
        read = ReadText(_named(idea.title), UNKNOWN, unreadable=True)
    case = Case(idea, actor)
    return Presented(case, dossier_view(case, read, head), table.name)


def _named(title: str) -> DossierText:
    return DossierText(title, NOTHING.sections)
