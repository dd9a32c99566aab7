"""The minutes of a workshop as their page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.process.workshop.standing import Standing
from collab.sync.address import DocumentAddress
from server.actions.workshop.places import Place
from server.realtime.holders import DocumentKind
from server.services import Present, Services
from server.views.workshop.harvest.reading import Minutes, read_minutes
from storage import documents
from storage.workshop import workshops


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Where the minutes are, what stands in them, and who has them open."""

    document_id: str
    access: str
    text: Minutes
    present: Sequence[Present]


async def minutes_view(services: Services, place: Place) -> MinutesView:
    """The durable text of the minutes, to be written while hands are up and the evening lasts.

    Pages keep hands down; the document takes what was typed before (ADR 0025).
    """
    async with services.database.read() as tx:
        document_id = (await workshops.documents(tx, place.workshop.id))[DocumentKind.MINUTES]
        head = (await documents.heads(tx, [document_id]))[document_id]
    text = await read_minutes(services, document_id)
    leads = place.standing is Standing.FACILITATOR
    is_over = place.workshop.expires_at <= services.clock()
    may_write = not (text.is_unreadable or is_over or (place.workshop.is_frozen and not leads))
    return MinutesView(
        document_id=str(DocumentAddress(head.id, head.epoch, head.schema)),
        access="write" if may_write else "read",
        text=text,
        present=services.hub.present(document_id),
    )
