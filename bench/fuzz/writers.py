"""Honest people on pycrdt (yrs): each writes at random into a copy of his own.

None of them undoes: the undo manager of pycrdt 0.14 takes the process down now and then.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sized

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText

from collab.sync.schema import TITLE, DocumentSchema

SCHEMA = DocumentSchema(number=1, roots=(TITLE, "need", "idea"))
SECTIONS = ("need", "idea")

WORDS = (
    "Radweg", "Schule", "für alle", "Bürger:innen", "😀", "👩‍👩‍👧", "ß", " ", "x", "𝔘",
    "e\u0301", "123", "日本", "\n", "\t", "א", "a" * 40,
)  # fmt: skip

CHILDREN_MAX = 40
"""Who writes at random for hours clears up now and then."""


class Writer:
    """One person with a copy of the document; ``unsent`` is what he has still to send."""

    def __init__(self, client: int, dice: random.Random, *updates: bytes) -> None:
        self.client = client
        self.dice = dice
        self.doc: Doc[XmlFragment] = Doc(client_id=client)
        self.unsent: list[bytes] = []
        self._is_reading = False
        self.read(*updates)
        self._roots = [self.doc.get(name, type=XmlFragment) for name in SCHEMA.roots]
        self._title, *self._sections = self._roots
        self._subscription = self.doc.observe(self._note)

    def _note(self, event: TransactionEvent) -> None:
        if not self._is_reading:
            self.unsent.append(event.update)

    def read(self, *updates: bytes) -> None:
        """Take in what others wrote."""
        self._is_reading = True
        with self.doc.transaction(origin="others"):
            for each in updates:
                self.doc.apply_update(each)
        self._is_reading = False

    def take_unsent(self) -> list[bytes]:
        """What is to be sent, which counts as sent now."""
        unsent, self.unsent = self.unsent, []
        return unsent

    def write(self) -> None:
        """Do one thing."""
        kind = self.dice.choices(ACTS, WEIGHTS)[0]
        if kind is type_on:
            type_on(self)
            return
        with self.doc.transaction():
            kind(self)

    def pick(self, what: Sized) -> int:
        """Any index of ``what``."""
        return self.dice.randrange(len(what))

    def place(self) -> XmlFragment:
        """Any root."""
        return self.dice.choice(self._roots)

    def section(self) -> XmlFragment:
        """Any section, which may hold more than plain lines."""
        return self.dice.choice(self._sections)

    def text(self, root: XmlFragment) -> XmlText:
        """Any text below the root; a new one in a paragraph without text."""
        block = self.line(root) or root.children.append(XmlElement("paragraph"))
        texts = [child for child in block.children if isinstance(child, XmlText)]
        return self.dice.choice(texts) if texts else block.children.append(XmlText())

    def line(self, root: XmlFragment) -> XmlElement | None:
        """Some paragraph or heading below the root, if one is found by chance."""
        node: XmlFragment | XmlElement = root
        while len(node.children):
            child = node.children[self.pick(node.children)]
            if not isinstance(child, XmlElement):
                return None
            if child.tag in {"paragraph", "heading"}:
                return child
            node = child
        return None

    def span(self, text: XmlText, longest: int) -> tuple[int, int]:
        """A stretch of the text in bytes, between whole characters; may be empty."""
        offsets = offsets_of(text)
        start = self.pick(offsets)
        end = min(len(offsets) - 1, start + self.dice.randint(1, longest))
        return offsets[start], offsets[end]


def offsets_of(text: XmlText) -> list[int]:
    """The byte offsets between the characters of a text."""
    offsets = [0]
    for run, _ in text.diff():
        offsets += [offsets[-1] + size for size in ends_of(run)]
    return offsets


def ends_of(run: str) -> list[int]:
    """Where each character of ``run`` ends, in bytes."""
    ends, end = [], 0
    for character in run:
        end += len(character.encode())
        ends.append(end)
    return ends


def type_on(writer: Writer) -> None:
    """Some words, character by character, each of them an update; now and then a typing error."""
    text = writer.text(writer.place())
    offsets = offsets_of(text)
    at = offsets[writer.pick(offsets)]
    for _ in range(writer.dice.randint(1, 6)):
        for character in writer.dice.choice(WORDS):
            text.insert(at, character)
            at += len(character.encode())
        if writer.dice.random() < 0.1:
            size = len(character.encode())
            at -= size
            del text[at : at + size]


def paste_words(writer: Writer) -> None:
    text = writer.text(writer.place())
    offsets = offsets_of(text)
    words = [writer.dice.choice(WORDS) for _ in range(writer.dice.randint(1, 6))]
    text.insert(offsets[writer.pick(offsets)], "".join(words))


def erase(writer: Writer) -> None:
    text = writer.text(writer.place())
    start, end = writer.span(text, 12)
    if start < end:
        del text[start:end]


def mark(writer: Writer) -> None:
    text = writer.text(writer.section())
    start, end = writer.span(text, 10)
    name = writer.dice.choice(("strong", "em", "link"))
    value = {"href": "https://example.org/"} if name == "link" else {}
    if start < end:
        text.format(start, end, {name: value if writer.dice.random() < 0.6 else None})


def add_block(writer: Writer) -> None:
    children = writer.section().children
    if len(children) > CHILDREN_MAX:
        del children[0 : CHILDREN_MAX // 2]
    children.insert(writer.pick(range(len(children) + 1)), some_block(writer, 0))


def some_block(writer: Writer, depth: int) -> XmlElement:
    """A block with content; lists and quotations hold blocks."""
    inner = ("paragraph", "paragraph", "heading", "horizontalRule")
    kind = writer.dice.choice(
        inner if depth > 2 else (*inner, "bulletList", "orderedList", "blockquote")
    )
    if kind == "heading":
        return XmlElement(kind, contents=[XmlText("Ziel")])
    if kind == "paragraph":
        return XmlElement(kind, contents=[XmlText(writer.dice.choice(WORDS))])
    if kind == "horizontalRule":
        return XmlElement(kind)
    blocks = [some_block(writer, depth + 1) for _ in range(writer.dice.randint(1, 2))]
    if kind == "blockquote":
        return XmlElement(kind, contents=blocks)
    return XmlElement(kind, contents=[XmlElement("listItem", contents=[each]) for each in blocks])


def add_line(writer: Writer) -> None:
    children = writer.place().children
    if len(children) > CHILDREN_MAX:
        del children[CHILDREN_MAX // 2 :]
    words = [XmlText(writer.dice.choice(WORDS))] if writer.dice.random() < 0.7 else []
    children.insert(writer.pick(range(len(children) + 1)), XmlElement("paragraph", contents=words))


def add_break(writer: Writer) -> None:
    line = writer.line(writer.section())
    if line is not None:
        children = line.children
        children.insert(writer.pick(range(len(children) + 1)), XmlElement("hardBreak"))


def set_attribute(writer: Writer) -> None:
    elements = [each for each in writer.section().children if isinstance(each, XmlElement)]
    for each in elements[: 1 + writer.pick(range(3))]:
        if each.tag == "heading":
            each.attributes["level"] = writer.dice.randint(2, 4)
        elif each.tag == "orderedList":
            each.attributes["start"] = writer.dice.randint(1, 9)


def remove_blocks(writer: Writer) -> None:
    children = writer.place().children
    if len(children) > 1:
        start = writer.pick(children)
        del children[start : min(len(children), start + writer.dice.randint(1, 3))]


def split(writer: Writer) -> None:
    """As editors do: the second half is deleted and written anew in a paragraph behind."""
    root = writer.place()
    index = writer.pick(range(max(1, len(root.children))))
    block = root.children[index] if len(root.children) else None
    if not isinstance(block, XmlElement) or block.tag != "paragraph" or not len(block.children):
        return
    text = block.children[0]
    if not isinstance(text, XmlText):
        return
    start, _ = writer.span(text, 1)
    end = offsets_of(text)[-1]
    moved = "".join(run for run, _ in text.diff()).encode()[start:].decode()
    if start < end:
        del text[start:end]
    new = XmlElement("paragraph", contents=[XmlText(moved)] if moved else [])
    root.children.insert(index + 1, new)


Act = Callable[[Writer], None]

SHARES: dict[Act, int] = {
    type_on: 40, paste_words: 8, erase: 16, mark: 12, add_block: 6, add_line: 6, add_break: 4,
    set_attribute: 4, remove_blocks: 5, split: 7,
}  # fmt: skip
ACTS, WEIGHTS = list(SHARES), list(SHARES.values())
