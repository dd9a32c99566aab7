"""What would go if a moderator took back what one person wrote, before he orders it."""

from dataclasses import dataclass
from datetime import datetime

from collab.process.actors import Actor
from collab.process.permissions import Action
from collab.sync.comparing.texts import Difference, compare
from collab.sync.document import Document
from collab.sync.text import render
from server.actions.cases import Case, open_case
from server.actions.live.moderation import reverting
from server.realtime.holders import schema_of
from server.services import Services
from server.views.record.difference import in_turn
from server.views.team import writers
from storage.documents import Found


@dataclass(frozen=True, slots=True)
class Wrote:
    """The case, and handles and names of those who wrote in its text."""

    case: Case
    writers: tuple[tuple[str, str], ...]


async def who_wrote(services: Services, actor: Actor, ref: str) -> Wrote:
    """Whose text a moderator may take back."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.REVERT_TEXT)
        found = await writers(services, tx, case)
    return Wrote(case, tuple((face.handle, face.name) for face in found))


async def preview(
    services: Services, actor: Actor, ref: str, *, handle: str, since: datetime | None
) -> Difference:
    """What taking back the text of ``handle`` would change.

    Raises:
        Conflict: (nothing-to-revert, revert-failed) as in ``revert_text``.
        Invalid: nobody has this handle.
    """
    made = await reverting(services, actor, ref, handle=handle, since=since)
    sections = made.case.template.section_ids
    return await in_turn(_compared, made.found, made.update, sections)


def _compared(found: Found, update: bytes, sections: tuple[str, ...]) -> Difference:
    schema = schema_of(found.head)
    before = Document.load(schema, found.updates)
    after = Document.load(schema, [*found.updates, update])
    return compare(render(before, sections), render(after, sections))
