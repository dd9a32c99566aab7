"""Takes text out of a document for good, so that nobody reads it again in any version.

What is erased is a set of ids ``(client, clock)``. In the living document those are deleted, and
the state is written anew: what was deleted, now or long ago, is not in it any more, only that
something was there. In a version that an official act is bound to they are filled first, so that
a reader sees where something was taken away (``MARK``).
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.codec import read_var_uint, write_var_string, write_var_uint
from collab.sync.document import Document
from collab.sync.formats.nodes import Node
from collab.sync.formats.plain import nodes_to_plain
from collab.sync.guard import Owners
from collab.sync.removal.revert import Deeds
from collab.sync.schema import SERVER_CLIENT, TITLE, DocumentSchema
from collab.sync.text import DossierText, render
from collab.sync.yjs.content import FORMAT, STRING
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import parse_update, read_struct

MARK: Final = "[gelöscht/erased]"
"""What readers see in the place of erased text."""

FILL: Final = "\ue000"
"""Stands for one erased UTF-16 unit; a character for private use, which no keyboard has."""

_FILLED: Final = re.compile(f"{FILL}+")


def written_by(
    state: bytes, owners: Owners, actor: Hashable, *, with_seed: bool = False
) -> IdRanges:
    """The ids of everything that ``actor`` put into the document.

    ``with_seed``: he began the document, so the text it began with is his, too, but not the
    paragraphs around it.
    """
    found = IdRanges()
    for client, clock, end, structs in parse_update(state).blocks:
        if client != SERVER_CLIENT and owners.get(client, None) == actor:
            found.add(client, clock, end)
        elif client == SERVER_CLIENT and with_seed:
            for struct in structs:
                if struct.kind == STRING:
                    found.add(client, clock, clock + struct.length)
                clock += struct.length
    return found


def clients_of(state: bytes) -> frozenset[int]:
    """The client ids under which anything was ever written."""
    return frozenset(block.client for block in parse_update(state).blocks)


def lost_text(updates: Iterable[bytes], state: bytes) -> list[str]:
    """What these updates wrote and ``state`` no longer shows, as far as it lies together."""
    gone, written = deleted_in(state), IdRanges()
    pieces: dict[tuple[int, int], str] = {}
    for update in updates:
        for client, clock, _, structs in parse_update(update).blocks:
            for struct in structs:
                if isinstance(struct.content, str) and not written.covers(client, clock, clock + 1):
                    shown = IdRanges()
                    for first, last in gone.missing(client, clock, clock + struct.length):
                        shown.add(client, first, last)
                    pieces[client, clock] = _filled_text(struct.content, client, clock, shown)
                    written.add(client, clock, clock + struct.length)
                clock += struct.length
    found, end = "", (-1, -1)
    for (client, clock), piece in sorted(pieces.items()):
        found += piece if (client, clock) == end else FILL + piece
        end = (client, clock + len(piece.encode("utf-16-le")) // 2)
    return _pieces(found)


def deleted_in(state: bytes) -> IdRanges:
    """The ids of everything that the document no longer shows."""
    found = IdRanges()
    for client, start, end in parse_update(state).deletes:
        found.add(client, start, end)
    return found


def rewritten(updates: Iterable[bytes], schema: DocumentSchema, erased: IdRanges) -> bytes:
    """The document without the erased text and without all that was deleted in it before.

    Elements stay where text of others is in them. A title that is gone leaves the mark, so that
    the idea can still be named; a root that is empty gets a paragraph, as an editor needs one.
    """
    doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
    with doc.transaction():
        for update in updates:
            doc.apply_update(update)
    deeds = Deeds(schema)
    deeds.follow(parse_update(doc.get_update()), writer=None, actor=None)
    for client, start, end in erased:
        deeds.claim(client, start, end)
    insertions, _ = deeds.to_undo()
    with doc.transaction():
        had_title = bool(_title_of(doc))
        doc.apply_update(b"\x00" + insertions.encode())
        for name in schema.roots:
            root = doc.get(name, type=XmlFragment)
            lost_title = name == TITLE and had_title and not _title_of(doc)
            if lost_title:
                del root.children[0 : len(root.children)]
            if not len(root.children):
                content = [XmlText(MARK)] if lost_title else []
                root.children.append(XmlElement("paragraph", contents=content))
    # Only a document that never held the text is sure not to hold it.
    return _collected(_collected(doc.get_update()))


def redacted(state: bytes, erased: IdRanges) -> bytes:
    """A kept version with the erased text filled and the erased marks taken away.

    The same bytes if nothing in it is to be erased.
    """
    marks = IdRanges()
    for client, clock, _, structs in parse_update(state).blocks:
        for struct in structs:
            if struct.kind == FORMAT and erased.covers(client, clock, clock + 1):
                marks.add(client, clock, clock + 1)
            clock += struct.length
    rest = filled(state, erased)
    if rest == state and not marks:
        return state
    doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
    doc.apply_update(rest)
    if marks:
        doc.apply_update(b"\x00" + marks.encode())
    return _collected(_collected(doc.get_update()))


def filled(update: bytes, ids: IdRanges) -> bytes:
    """The same update with ``FILL`` for each unit of text in ``ids``; nothing else changes."""
    return changed_texts(update, lambda text, client, clock: _filled_text(text, client, clock, ids))


def changed_texts(update: bytes, change: Callable[[str, int, int], str]) -> bytes:
    """The same update with what ``change`` makes of each text, its client and first clock.

    The texts must keep their lengths in UTF-16 units.
    """
    written = bytearray()
    copied = 0
    blocks, at = read_var_uint(update, 0)
    for _ in range(blocks):
        structs, at = read_var_uint(update, at)
        client, at = read_var_uint(update, at)
        clock, at = read_var_uint(update, at)
        for _ in range(structs):
            struct, at = read_struct(update, at)
            if isinstance(struct.content, str):
                text = change(struct.content, client, clock)
                if text != struct.content:
                    written += update[copied : at - _stored_size(struct.content)]
                    write_var_string(written, text)
                    copied = at
            clock += struct.length
    return bytes(written + update[copied:])


def passages(
    state: bytes, schema: DocumentSchema, ids: IdRanges, sections: Sequence[str]
) -> dict[str, list[str]]:
    """What readers see of the text in ``ids``: the passages by root, in reading order."""
    others = IdRanges()
    for client, clock, end, _ in parse_update(state).blocks:
        for first, last in ids.missing(client, clock, end):
            others.add(client, first, last)
    text = render(Document.load(schema, [filled(state, others)]), sections)
    plain = {TITLE: text.title} | {
        name: nodes_to_plain(nodes) for name, nodes in text.sections.items()
    }
    found = {name: _pieces(content) for name, content in plain.items()}
    return {name: pieces for name, pieces in found.items() if pieces}


def marked(text: DossierText) -> DossierText:
    """A redacted text as it is read, with the mark where something was."""
    return DossierText(
        _FILLED.sub(MARK, text.title),
        {name: [_marked(node) for node in nodes] for name, nodes in text.sections.items()},
    )


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _FILLED.split(text) if piece.strip()]


def _marked(node: Node) -> Node:
    """Bounded by the depth of rendered texts."""
    found = dict(node)
    if "text" in found:
        found["text"] = _FILLED.sub(MARK, found["text"])
    if "content" in found:
        found["content"] = [_marked(child) for child in found["content"]]
    return found


def _filled_text(text: str, client: int, clock: int, ids: IdRanges) -> str:
    units = bytearray(text.encode("utf-16-le"))
    end = clock + len(units) // 2
    kept = ids.missing(client, clock, end)
    if kept == [(clock, end)]:
        return text
    fill = bytearray(FILL.encode("utf-16-le") * (end - clock))
    for first, last in kept:
        here = slice(2 * (first - clock), 2 * (last - clock))
        fill[here] = units[here]
    return fill.decode("utf-16-le", errors="replace")


def _stored_size(text: str) -> int:
    size = len(text.encode())
    length = bytearray()
    write_var_uint(length, size)
    return size + len(length)


def _collected(state: bytes) -> bytes:
    """The state as a document writes it that has just read it."""
    doc: Doc[XmlFragment] = Doc(client_id=SERVER_CLIENT)
    doc.apply_update(state)
    return doc.get_update()


def _title_of(doc: Doc[XmlFragment]) -> str:
    texts = (child for child in doc.get(TITLE, type=XmlFragment).children)
    return "".join(
        str(part)
        for child in texts
        for part in (child.children if isinstance(child, XmlElement) else [child])
    ).strip()
