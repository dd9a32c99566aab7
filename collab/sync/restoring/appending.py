"""The update that puts blocks below a section, and leaves everything that stands there."""

from pycrdt import Doc, XmlFragment

from collab.sync.document import Document
from collab.sync.formats.nodes import Nodes
from collab.sync.restoring.sections import insert_node


def append_update(document: Document, root: str, nodes: Nodes, client: int) -> bytes:
    """The update under ``client`` that adds these blocks at the end of a section."""
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(document.state())
    before = doc.get_state()
    with doc.transaction():
        fragment = doc.get(root, type=XmlFragment)
        for node in nodes:
            insert_node(fragment, len(fragment.children), node)
    return doc.get_update(before)
