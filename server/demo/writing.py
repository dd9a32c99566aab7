"""Writing into a document as a person does: paragraphs, headings and lists, in his own name.

The texts of the demonstration are a small part of Markdown: blank lines part blocks, ``- `` and
``1. `` begin items, ``### `` a heading. Every update goes through the document's guard.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.process.talk.comments import CONTEXT_CHARS_MAX, Anchor
from collab.sync.codec import write_var_uint
from collab.sync.document import Document
from collab.sync.guard import Admission
from collab.sync.yjs.update import parse_state_vector
from storage.documents import LogRow

_LIST = {"bulletList": re.compile(r"- (.*)"), "orderedList": re.compile(r"[0-9]+\. (.*)")}
_HEADING = re.compile(r"(#{2,4}) (.*)")
_ASSOC_AFTER, _ASSOC_BEFORE = 0x00, 0x41  # lib0 variable-length 0 and -1


@dataclass(frozen=True, slots=True)
class Written:
    """One run of text in the document: who inserted it, from which clock on."""

    section: str
    text: str
    client: int
    clock: int


class Pen:
    """One person's hand in one document."""

    def __init__(
        self, document: Document, person_id: UUID, note: Callable[[Written], None]
    ) -> None:
        self._document = document
        self._person_id = person_id
        self._note = note
        self.client = client_of(person_id)
        self._doc: Doc[XmlFragment] = Doc(client_id=self.client)
        self._owners: dict[int, UUID] = {}

    def write(self, section: str, text: str) -> tuple[LogRow, frozenset[int]]:
        """Add ``text`` at the end of the section; returns the log row and ids to be claimed."""
        self._doc.apply_update(self._document.state())
        before = self._doc.get_state()
        root = self._doc.get(section, type=XmlFragment)
        empty = _only_empty_paragraph(root)
        for block in blocks(text):
            self._block(root, section, block, empty)
            empty = None
        update = self._doc.get_update(before)
        verdict = self._document.admit_and_apply([(update, self._person_id)], self._owners)[0]
        assert isinstance(verdict, Admission), verdict
        self._owners[self.client] = self._person_id
        return LogRow(update, self._person_id, verdict.inserted), verdict.new_clients

    def _block(
        self, root: XmlFragment, section: str, block: "Block", empty: XmlElement | None
    ) -> None:
        kind, lines = block
        if kind == "paragraph":
            target = empty or root.children.append(XmlElement("paragraph"))
            self._text(target, section, " ".join(lines))
            return
        if empty is not None:
            del root.children[0]
        if kind == "heading":
            attributes = {"level": len(lines[0])}
            heading = root.children.append(XmlElement("heading", attributes))  # type: ignore[arg-type]
            self._text(heading, section, lines[1])
            return
        listed = root.children.append(XmlElement(kind))
        for line in lines:
            item = listed.children.append(XmlElement("listItem"))
            self._text(item.children.append(XmlElement("paragraph")), section, line)

    def _text(self, element: XmlElement, section: str, text: str) -> None:
        node = element.children.append(XmlText())
        clock = parse_state_vector(self._doc.get_state()).get(self.client, 0)
        node.insert(0, text)
        self._note(Written(section, text, self.client, clock))


Block = tuple[str, list[str]]
"""The kind of a block and its lines; a heading's are its marks and its text."""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text."""
    for part in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        kind = "paragraph"
        for line in part.splitlines():
            found, content = _line(line.strip())
            if lines and (found != kind or found == "heading"):
                yield kind, lines
                lines = []
            kind = found
            lines += content
        yield kind, lines


def client_of(person_id: UUID) -> int:
    """The client id under which a demonstration person writes; the same at every filling."""
    return 1_000 + int.from_bytes(sha256(person_id.bytes).digest()[:3], "big")


def anchor(written: list[Written], section: str, quote: str) -> Anchor:
    """An anchor to ``quote`` as a browser makes it: relative positions of its first and last."""
    found = next(one for one in written if one.section == section and quote in one.text)
    at = found.text.index(quote)
    first = found.clock + _utf16(found.text[:at])
    last = first + _utf16(quote) - 1
    return Anchor(
        section=section,
        start=_relative_position(found.client, first, _ASSOC_AFTER),
        end=_relative_position(found.client, last, _ASSOC_BEFORE),
        quote=quote,
        prefix=found.text[:at][-CONTEXT_CHARS_MAX:],
        suffix=found.text[at + len(quote) :][:CONTEXT_CHARS_MAX],
    )


def _relative_position(client: int, clock: int, assoc: int) -> str:
    """A Yjs relative position that names one character (encodeRelativePosition)."""
    data = bytearray([0])
    write_var_uint(data, client)
    write_var_uint(data, clock)
    data.append(assoc)
    return base64.b64encode(data).decode()


def _utf16(text: str) -> int:
    """The length as Yjs counts it."""
    return len(text.encode("utf-16-le")) // 2


def _line(line: str) -> tuple[str, list[str]]:
    if heading := _HEADING.fullmatch(line):
        return "heading", [heading[1], heading[2]]
    for kind, pattern in _LIST.items():
        if item := pattern.fullmatch(line):
            return kind, [item[1]]
    return "paragraph", [line]


def _only_empty_paragraph(root: XmlFragment) -> XmlElement | None:
    """The empty paragraph that a new section consists of; None once somebody wrote there."""
    children = list(root.children)
    if (
        len(children) == 1
        and isinstance(children[0], XmlElement)
        and not list(children[0].children)
    ):
        return children[0]
    return None
