"""The update that replaces words of a section: nothing else moves, and marks around them stay.

Words that stay are not touched, so they keep their marks and their author. Only where a paragraph
is parted do the words after the place move, as they do when somebody presses Enter there.
"""

from collections.abc import Sequence

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.schema import TITLE
from collab.sync.suggesting.blocks import Block, Cell, Marks, blocks_in, joined
from collab.sync.suggesting.changes import Piece, pieces
from collab.sync.suggesting.passages import Passage, find, in_one_line

HOLDERS = frozenset({"listItem", "bulletList", "orderedList", "blockquote"})


def words_update(
    document: Document, root: str, passage: Passage, words: str, client: int
) -> bytes | None:
    """The update under ``client`` that brings the words into the passage's place.

    None if the passage is not there any more, or could be meant in several places.
    """
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(document.state())
    before = doc.get_state()
    with doc.transaction():
        lines = joined([block.text for block in blocks_in(doc, root)])
        at = find(in_one_line(lines.text), passage)
        if at is None:
            return None
        standing = lines.text[at : at + len(passage.quote)]
        for piece in reversed(pieces(standing, words)):
            _replace(doc, root, Piece(at + piece.start, at + piece.end, piece.added))
    return doc.get_update(before)


def texts_in(document: Document, root: str) -> list[str]:
    """The paragraphs and headings of a section as they are in the CRDT."""
    with document.doc.transaction():
        return [block.text for block in blocks_in(document.doc, root)]


def _replace(doc: Doc[XmlFragment], root: str, piece: Piece) -> None:
    blocks = blocks_in(doc, root)
    if not blocks:
        doc.get(root, type=XmlFragment).children.append(XmlElement("paragraph"))
        blocks = blocks_in(doc, root)
    lines = joined([block.text for block in blocks])
    first, start = lines.place(piece.start)
    last, end = lines.place(piece.end)
    parts = piece.added.split("\n") if root != TITLE else [in_one_line(piece.added)]
    if first == last:
        _within(blocks[first], start, end, parts)
    else:
        _across(blocks[first : last + 1], start, end, parts)
    if piece.end > piece.start:
        for number in sorted({first, first + len(parts) - 1}, reverse=True):
            _remove_if_empty(blocks_in(doc, root), number)


def _within(block: Block, start: int, end: int, parts: Sequence[str]) -> None:
    """Replace inside of one block, parting it where there are several parts."""
    if len(parts) == 1:
        _put(block, start, end, parts[0])
    elif start == 0:
        # What comes before the block leaves it as it is.
        _put(block, 0, end, parts[-1])
        for part in reversed(parts[:-1]):
            _beside(block, part, below=False)
    else:
        tail = block.cells()[end:]
        _put(block, start, len(block.cells()), parts[0])
        for number, part in enumerate(reversed(parts[1:])):
            made = _beside(block, part, below=True)
            if number == 0:
                _append(made, tail)


def _across(blocks: Sequence[Block], start: int, end: int, parts: Sequence[str]) -> None:
    """Replace from inside of the first block to inside of the last one."""
    upper, lower = blocks[0], blocks[-1]
    if len(parts) > 1:
        _put(lower, 0, end, parts[-1])
        _put(upper, start, len(upper.cells()), parts[0])
        going = blocks[1:-1]
    elif start == 0:
        # Nothing of the first one stays: the last one keeps its words and what it is.
        _put(lower, 0, end, parts[0])
        going = blocks[:-1]
    else:
        tail = lower.cells()[end:]
        _put(upper, start, len(upper.cells()), parts[0])
        _append(upper.element, tail)
        going = blocks[1:]
    # From the bottom up, so that no place moves.
    for block in reversed(going):
        _remove(block)
    for part in reversed(parts[1:-1]):
        _beside(upper, part, below=True)


def _put(block: Block, start: int, end: int, text: str) -> None:
    """Replace characters of a block; the new ones look like those they come to."""
    cells = block.cells()
    marks = _marks_at(cells, start, end)
    _delete(block, cells[start:end])
    if text:
        _insert(block, start, text, marks)


def _marks_at(cells: Sequence[Cell], start: int, end: int) -> Marks:
    """The marks of the first replaced character, else what is on both sides of the place.

    At an edge of the block it is what is on the one side, but for links, which end there.
    """
    if start < end:
        return cells[start].marks
    before = cells[start - 1].marks if start else None
    after = cells[start].marks if start < len(cells) else None
    if before is not None and after is not None:
        return {key: value for key, value in before.items() if after.get(key) == value}
    only = before or after or {}
    return {key: value for key, value in only.items() if not key.startswith("link")}


def _delete(block: Block, cells: Sequence[Cell]) -> None:
    for number in sorted({cell.child for cell in cells}, reverse=True):
        inside = [cell for cell in cells if cell.child == number]
        child = block.element.children[number]
        if isinstance(child, XmlText):
            del child[inside[0].byte : inside[-1].end_byte]
        else:
            del block.element.children[number]


def _insert(block: Block, at: int, text: str, marks: Marks) -> None:
    cells, children = block.cells(), block.element.children
    before = cells[at - 1] if at else None
    after = cells[at] if at < len(cells) else None
    if before is not None and not before.is_break:
        _text(block.element, before.child).insert(before.end_byte, text, dict(marks))
    elif after is not None and not after.is_break:
        _text(block.element, after.child).insert(after.byte, text, dict(marks))
    else:
        place = before.child + 1 if before is not None else 0
        children.insert(place, XmlText())
        _text(block.element, place).insert(0, text, dict(marks))


def _append(element: XmlElement, tail: Sequence[Cell]) -> None:
    """Put characters with their marks at the end of a block."""
    for cell in _runs(tail):
        children = element.children
        if cell.is_break:
            children.append(XmlElement("hardBreak"))
            continue
        if not len(children) or not isinstance(children[len(children) - 1], XmlText):
            children.append(XmlText())
        text = _text(element, len(children) - 1)
        text.insert(len(text), cell.character, dict(cell.marks))


def _runs(cells: Sequence[Cell]) -> list[Cell]:
    """Neighbours with the same marks as one."""
    runs: list[Cell] = []
    for cell in cells:
        last = runs[-1] if runs else None
        if last and not last.is_break and not cell.is_break and last.marks == cell.marks:
            runs[-1] = Cell(last.character + cell.character, last.child, last.byte, last.marks)
        else:
            runs.append(cell)
    return runs


def _beside(block: Block, text: str, *, below: bool) -> XmlElement:
    """A new paragraph beside a block; beside the only one of a list item, an item of its own."""
    made = XmlElement("paragraph", contents=[XmlText(text)] if text else [])
    parent, index = block.parent, block.index
    is_item = isinstance(parent, XmlElement) and parent.tag == "listItem"
    if is_item and len(parent.children) == 1:
        made = XmlElement("listItem", contents=[made])
        parent, index = block.parents[-2], block.at[-2]
    place = index + 1 if below else index
    parent.children.insert(place, made)
    put = parent.children[place]
    assert isinstance(put, XmlElement)
    if put.tag == "listItem":
        put = put.children[0]
    assert isinstance(put, XmlElement)
    return put


def _remove_if_empty(blocks: Sequence[Block], number: int) -> None:
    """Whoever takes all words of a paragraph away wants none in their place."""
    if len(blocks) > 1 and not blocks[number].text:
        _remove(blocks[number])


def _remove(block: Block) -> None:
    """Take a block out, and what held nothing else; a section keeps one to write in."""
    for parent, index in zip(reversed(block.parents), reversed(block.at), strict=True):
        del parent.children[index]
        if len(parent.children):
            return
        if not isinstance(parent, XmlElement) or parent.tag not in HOLDERS:
            parent.children.append(XmlElement("paragraph"))
            return


def _text(element: XmlElement, child: int) -> XmlText:
    found = element.children[child]
    assert isinstance(found, XmlText)
    return found
