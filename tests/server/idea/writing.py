"""Writing in an idea's text the way an editor does: an update into the open room."""

from uuid import UUID

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from storage import documents, ideas
from storage.documents import Found
from tests.server.idea.arena_of_all import Everyone


async def write(arena: Everyone, ref: str, handle: str, section: str, text: str) -> None:
    """Let the person append a paragraph to a section; durable when this returns."""
    await write_in(arena, await document_of(arena, ref), handle, section, text)


async def write_in(
    arena: Everyone, document_id: UUID, handle: str, section: str, text: str
) -> None:
    """The same in whichever document."""
    services = arena.arena.services
    async with services.database.read() as tx:
        found = await documents.load(tx, document_id)
    assert isinstance(found, Found)
    doc: Doc[XmlFragment] = Doc()
    for update in found.updates:
        doc.apply_update(update)
    before = doc.get_state()
    paragraph = XmlElement("paragraph", contents=[XmlText(text)])
    doc.get(section, type=XmlFragment).children.append(paragraph)
    actor = await arena.actor(handle)
    await services.hub.apply_server_update(document_id, doc.get_update(before), actor.person_id)


async def document_of(arena: Everyone, ref: str) -> UUID:
    """The id of an idea's document."""
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
    assert idea is not None
    return idea.document_id
