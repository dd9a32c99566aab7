"""The text blocks of a section: their characters, where each lies in the CRDT, and its marks."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.comparing.words import counted, likeness
from collab.sync.formats.nodes import Nodes
from collab.sync.schema import TITLE
from collab.sync.text import DossierText

TEXT_BLOCKS: Final = frozenset({"paragraph", "heading"})
BREAK: Final = "\n"

Marks = Mapping[str, Any]
Parent = XmlElement | XmlFragment


@dataclass(frozen=True, slots=True)
class Cell:
    """One character of a block: which child of the block holds it, from which byte on."""

    character: str
    child: int
    byte: int
    marks: Marks
    is_break: bool = False

    @property
    def end_byte(self) -> int:
        return self.byte + len(self.character.encode())


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading, what it lies in from the root on, and which child of that it is."""

    element: XmlElement
    parents: tuple[Parent, ...]
    at: tuple[int, ...]

    @property
    def parent(self) -> Parent:
        return self.parents[-1]

    @property
    def index(self) -> int:
        return self.at[-1]

    def cells(self) -> list[Cell]:
        """Its characters; a line break is one."""
        found: list[Cell] = []
        for number, child in enumerate(self.element.children):
            if isinstance(child, XmlText):
                found += _cells(child, number)
            else:
                found.append(Cell(BREAK, number, 0, {}, is_break=True))
        return found

    @property
    def text(self) -> str:
        return "".join(cell.character for cell in self.cells())


@dataclass(frozen=True, slots=True)
class Lines:
    """The words of a section with a line end between blocks, and where each block begins.

    Empty blocks at the top begin at 0 like the first that is filled, as editors count them.
    """

    text: str
    starts: tuple[int, ...]

    def place(self, position: int) -> tuple[int, int]:
        """Which block a position lies in, and where in it; between two blocks the earlier one."""
        block = max(0, bisect_right(self.starts, position) - 1)
        return block, position - self.starts[block]


def joined(texts: Sequence[str]) -> Lines:
    """The texts of blocks as lines."""
    text, starts = "", []
    for each in texts:
        if text:
            text += "\n"
        starts.append(len(text))
        text += each
    return Lines(text, tuple(starts))


def block_texts(nodes: Nodes) -> list[str]:
    """The text of each paragraph and heading of a rendered section, also of empty ones."""
    found: list[str] = []
    for node in nodes:
        inside = node.get("content", ())
        if node["type"] in TEXT_BLOCKS:
            found.append(
                "".join(BREAK if one["type"] == "hardBreak" else one["text"] for one in inside)
            )
        else:
            found += block_texts(inside)
    return found


def section_texts(text: DossierText, section: str) -> list[str]:
    """The paragraphs and headings of a section of a rendered text; the title has one."""
    return [text.title] if section == TITLE else block_texts(text.sections.get(section, []))


def nearest(texts: Sequence[str], words: str) -> str:
    """The paragraph that has most words in common with these; empty if none has any."""
    wanted = counted(words)
    best = max(texts, key=lambda each: likeness(counted(each), wanted), default="")
    return best if likeness(counted(best), wanted) > 0 else ""


def blocks_in(doc: Doc[XmlFragment], root: str) -> list[Block]:
    """The text blocks of a section in their order."""
    return list(_blocks(doc.get(root, type=XmlFragment), (), ()))


def _blocks(parent: Parent, parents: tuple[Parent, ...], at: tuple[int, ...]) -> Iterator[Block]:
    """Bounded by the depth that the guard allows."""
    for index, child in enumerate(parent.children):
        if not isinstance(child, XmlElement):
            continue
        if child.tag in TEXT_BLOCKS:
            yield Block(child, (*parents, parent), (*at, index))
        else:
            yield from _blocks(child, (*parents, parent), (*at, index))


def _cells(text: XmlText, child: int) -> Iterator[Cell]:
    byte = 0
    for run, marks in text.diff():
        for character in str(run):
            yield Cell(character, child, byte, marks or {})
            byte += len(character.encode())
