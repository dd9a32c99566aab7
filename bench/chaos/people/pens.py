"""Editing like people: words here and there, deletes, marks, paragraphs, lists, undo.

Positions of pycrdt count UTF-8 bytes; everything here is cut between whole characters.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

ROOTS = ("situation", "situation", "situation", "wishes", "title")
SCRAPS = ("a", "b ", "über ", "Straße", "😀", "👩‍👩‍👧", "e\u0301", "中文", "\t", "x" * 40)
MARKS: tuple[tuple[str, Any], ...] = (
    ("strong", True),
    ("em", True),
    ("link", {"href": "https://example.org/"}),
)
PARAGRAPHS_MAX = 12


class Pen:
    """One person's hand on one copy."""

    def __init__(self, doc: Doc[XmlFragment], dice: Random) -> None:
        self._doc = doc
        self._dice = dice
        self._count = 0
        self._root_name = ROOTS[0]
        self._typed: list[str] = []
        self._erased: list[str] = []

    def edit(self) -> None:
        """Do one thing, in one transaction."""
        deed = self._dice.choices(DEEDS, WEIGHTS)[0]
        with self._doc.transaction():
            deed(self)

    # What people do.

    def type(self) -> None:
        text = self._text()
        self._count += 1
        word = f"{self._doc.client_id % 1_000}.{self._count} {self._dice.choice(SCRAPS)}"
        text.insert(self._place(text), word)
        self._typed.append(word)

    def erase(self) -> None:
        text = self._text()
        start, end = self._range(text)
        self._erased.append(plain(text).encode()[start:end].decode())
        del text[start:end]

    def undo(self) -> None:
        """Take back what was typed last, if it still stands there; or bring back what is gone.

        pycrdt's own undo is of no use here: what it restores depends on addresses in memory.
        """
        if not self._typed:
            return
        text, word = self._text(), self._typed.pop()
        before, found, _ = plain(text).partition(word)
        if found:
            start = len(before.encode())
            del text[start : start + len(word.encode())]
        elif self._erased:
            text.insert(self._place(text), self._erased.pop())

    def mark(self) -> None:
        text = self._text()
        if self._root_name == "title":
            return
        name, value = self._dice.choice(MARKS)
        start, end = self._range(text)
        if start < end:
            text.format(start, end, {name: None if self._dice.random() < 0.3 else value})

    def split(self) -> None:
        """Enter: the second half is deleted and written anew in a paragraph behind."""
        text = self._text()
        block = text.parent
        place = self._place(text)
        tail = plain(text).encode()[place:].decode()
        siblings = parent_of(block).children
        if self._root_name == "title" or len(siblings) >= PARAGRAPHS_MAX:
            return
        at = index_of(siblings, block)
        del text[place : len(text)]
        new = XmlElement("paragraph", {}, [XmlText(tail)] if tail else [])
        siblings.insert(at + 1, new)

    def join(self) -> None:
        """Backspace at the start: the paragraph's text goes to the end of the one before."""
        blocks = self._root().children
        if len(blocks) < 2:
            return
        at = self._dice.randrange(1, len(blocks))
        text = plain(blocks[at])
        del blocks[at]
        target = self._text_of(blocks[at - 1])
        target.insert(len(target), text)

    def add(self) -> None:
        """A new paragraph, heading or list item."""
        blocks = self._root().children
        if self._root_name == "title" or len(blocks) >= PARAGRAPHS_MAX:
            return
        at = self._dice.randint(0, len(blocks))
        kind = self._dice.choice(("paragraph", "heading", "list"))
        self._count += 1
        text = XmlText(f"{self._doc.client_id % 1_000}.{self._count}")
        if kind == "list":
            item = XmlElement("listItem", {}, [XmlElement("paragraph", {}, [text])])
            blocks.insert(at, XmlElement("bulletList", {}, [item]))
        elif kind == "heading":
            blocks.insert(at, XmlElement("heading", {}, [text]))
        else:
            blocks.insert(at, XmlElement("paragraph", {}, [text]))

    def drop(self) -> None:
        blocks = self._root().children
        if len(blocks) > 1:
            del blocks[self._dice.randrange(len(blocks))]

    # Places.

    def _root(self) -> XmlFragment:
        self._root_name = self._dice.choice(ROOTS)
        return self._doc.get(self._root_name, type=XmlFragment)

    def _text(self) -> XmlText:
        """Some text; the first of a paragraph that is made if need be."""
        blocks = self._root().children
        if not len(blocks):
            return self._text_of(blocks.append(XmlElement("paragraph")))
        return self._text_of(blocks[self._dice.randrange(len(blocks))])

    def _text_of(self, block: Any) -> XmlText:
        while not isinstance(block, XmlText):
            inside = list(block.children)
            if inside:
                block = self._dice.choice(inside)
            elif block.tag in ("bulletList", "listItem"):
                tag = "listItem" if block.tag == "bulletList" else "paragraph"
                block = block.children.append(XmlElement(tag))
            else:
                block = block.children.append(XmlText())
        return block

    def _place(self, text: XmlText) -> int:
        """A place between two characters, often the end."""
        content = plain(text)
        if self._dice.random() < 0.4:
            return len(content.encode())
        return len(content[: self._dice.randint(0, len(content))].encode())

    def _range(self, text: XmlText) -> tuple[int, int]:
        content = plain(text)
        start = self._dice.randint(0, len(content))
        end = min(len(content), start + self._dice.choice((1, 1, 2, 5, 30)))
        return len(content[:start].encode()), len(content[:end].encode())


def plain(node: Any) -> str:
    """The text below a node, without marks."""
    if isinstance(node, XmlText):
        return "".join(chunk for chunk, _ in node.diff() if isinstance(chunk, str))
    return "".join(plain(child) for child in node.children)


def parent_of(node: Any) -> Any:
    """The element or root that a block lies in."""
    parent = node.parent
    assert parent is not None
    return parent


def index_of(siblings: Any, node: Any) -> int:
    """Where a node stands among its siblings."""
    return next(at for at in range(len(siblings)) if siblings[at] == node)


DEEDS: tuple[Callable[[Pen], None], ...] = (
    Pen.type, Pen.erase, Pen.mark, Pen.split, Pen.join, Pen.add, Pen.drop, Pen.undo,
)  # fmt: skip
WEIGHTS = (50, 14, 10, 8, 5, 8, 5, 10)
