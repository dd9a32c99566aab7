"""The internal notes on an idea as their page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collab.process.permissions import Action
from collab.sync.text import to_html
from server.actions.board.notes import Notes
from server.realtime.holders import NOTES_ROOT
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Present, Services


@dataclass(frozen=True, slots=True)
class NotesView:
    """Where the notes are, what stands in them, and who has them open."""

    document_id: str
    access: str
    html: Markup
    is_empty: bool
    is_unreadable: bool
    present: Sequence[Present]


async def notes_view(services: Services, notes: Notes) -> NotesView:
    """The durable text of the notes; unreadable ones are said to be so, never shown as empty."""
    try:
        text, _ = await services.hub.text(notes.document_id)
    except DocumentUnreadable:
        html, is_unreadable = "", True
    else:
        html, is_unreadable = to_html(text)[NOTES_ROOT], False
    may_write = notes.case.may(Action.WRITE_NOTES) and not is_unreadable
    return NotesView(
        document_id=notes.address,
        access="write" if may_write else "read",
        html=Markup(html),
        is_empty=not Markup(html).striptags() and not is_unreadable,
        is_unreadable=is_unreadable,
        present=services.hub.present(notes.document_id),
    )
