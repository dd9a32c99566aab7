"""The shared text as an actor without a browser sees and edits it: a Yjs document and its sections.

Positions are code points here; pycrdt counts UTF-8 bytes (docs/protocol.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pycrdt import Doc, TransactionEvent, XmlElement, XmlFragment, XmlText

from tests.harness import lib0

Edit = tuple[int, int, str]
"""A position, how many code points go, and what comes instead."""

Node = XmlFragment | XmlElement | XmlText


class SharedText:
    """One person's copy of a document."""

    def __init__(self, on_edit: Callable[[bytes], None], client_id: int | None = None) -> None:
        self.doc: Doc[XmlFragment] = Doc(client_id=client_id)
        self._on_edit = on_edit
        self._is_own = False
        self._edits: list[bytes] = []
        self._subscription = self.doc.observe(self._changed)

    @property
    def clock(self) -> int:
        """How far this copy's own client id has come."""
        return lib0.clocks(self.doc.get_state()).get(self.doc.client_id, 0)

    def read(self, section: str) -> str:
        """The section's text, one line per block."""
        return "\n".join(plain(block) for block in self._root(section).children)

    def append(self, section: str, text: str) -> None:
        """Type at the end of the section's first text; make it if the paragraph is empty."""
        with self.own_edit():
            target = self._text(section)
            target.insert(len(plain(target).encode()), text)

    def splice(self, section: str, edits: Iterable[Edit]) -> None:
        """Replace pieces of the section's first text, one after the other, in one transaction."""
        with self.own_edit():
            target = self._text(section)
            known = plain(target)
            for at, deleted, inserted in edits:
                start = len(known[:at].encode())
                if deleted:
                    del target[start : start + len(known[at : at + deleted].encode())]
                if inserted:
                    target.insert(start, inserted)
                known = known[:at] + inserted + known[at + deleted :]

    def apply(self, update: bytes) -> None:
        """Take in what others wrote."""
        self.doc.apply_update(update)

    def _root(self, section: str) -> XmlFragment:
        return self.doc.get(section, type=XmlFragment)

    def _text(self, section: str) -> XmlText:
        """The first text of the first paragraph."""
        paragraph = next(iter(self._root(section).children))
        assert isinstance(paragraph, XmlElement), f"section {section} starts with {paragraph}"
        for child in paragraph.children:
            if isinstance(child, XmlText):
                return child
        return paragraph.children.append(XmlText())

    @contextmanager
    def own_edit(self) -> Iterator[None]:
        """Whatever is changed inside is typed here: one transaction, handed on when it ends."""
        self._is_own = True
        try:
            with self.doc.transaction():
                yield
        finally:
            self._is_own = False
        while self._edits:
            self._on_edit(self._edits.pop(0))

    def _changed(self, event: TransactionEvent) -> None:
        if self._is_own:
            self._edits.append(event.update)


def plain(node: Node) -> str:
    """The text below a node, without marks."""
    if isinstance(node, XmlText):
        return "".join(chunk for chunk, _marks in node.diff() if isinstance(chunk, str))
    return "".join(plain(child) for child in node.children)
