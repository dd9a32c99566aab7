"""A section as its blocks, one line each, and the update that replaces some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.formats.nodes import Nodes
from collab.sync.merging.lines import Edit, hunks, place
from collab.sync.text import nodes_to_plain, render


@dataclass(frozen=True, slots=True)
class Blocks:
    """The lines of a section's filled blocks, and which child of the root each is."""

    lines: tuple[str, ...]
    children: tuple[int, ...]
    count: int


def lines_of(nodes: Nodes) -> tuple[str, ...]:
    """The lines of a section, empty ones left out and white space evened out."""
    lines = (" ".join(line.split()) for line in nodes_to_plain(nodes).splitlines())
    return tuple(line for line in lines if line)


def merge_update(
    document: Document, root: str, old: Sequence[str], new: Sequence[str], client: int
) -> bytes | None:
    """The update under ``client`` that brings what makes ``new`` of ``old`` into a section.

    Empty if it is there already, None if some of it has no place there. Blocks are replaced
    whole, by paragraphs.
    """
    blocks = read_blocks(document, root)
    edits = None if blocks is None else place(hunks(old, new), blocks.lines, old)
    if blocks is None or edits is None:
        return None
    return _written(document, root, blocks, edits, client) if edits else b""


def read_blocks(document: Document, root: str) -> Blocks | None:
    """The blocks of a section; None if something else lies among them."""
    nodes = render(document, [root]).sections[root]
    with document.doc.transaction():
        count = len(document.doc.get(root, type=XmlFragment).children)
    if len(nodes) != count:
        return None
    lines = [" ".join(lines_of([node])) for node in nodes]
    filled = [(line, child) for child, line in enumerate(lines) if line]
    return Blocks(tuple(one[0] for one in filled), tuple(one[1] for one in filled), count)


def _written(
    document: Document, root: str, blocks: Blocks, edits: Sequence[Edit], client: int
) -> bytes:
    """Applied to a copy from the bottom up, so that no place moves."""
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(document.state())
    before = doc.get_state()
    with doc.transaction():
        children = doc.get(root, type=XmlFragment).children
        for edit in reversed(edits):
            at = blocks.children[edit.at] if edit.at < len(blocks.children) else blocks.count
            for child in reversed(blocks.children[edit.at : edit.at + edit.removed]):
                del children[child]
            for line in reversed(edit.added):
                children.insert(at, XmlElement("paragraph", contents=[XmlText(line)]))
        if not len(children):
            children.append(XmlElement("paragraph"))
    return doc.get_update(before)
