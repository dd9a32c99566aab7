"""What a file says, before anybody knows which format it will have.

A ``Paper`` is plain frozen values; its prose is the nodes that every reader of texts knows
(``collab.sync.formats.nodes``). What a cell says is nodes too, so that a link stays one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collab.sync.formats.nodes import Node

Inline = tuple[Node, ...]
"""Text nodes with their marks, and line breaks."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows; the paper's own title is level 1, so these begin with 2."""

    level: int
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Blocks of text: paragraphs, lists, quotes, headings below the last one."""

    nodes: tuple[Node, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with what is said to each; none is empty."""

    pairs: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; the first cell of a row names it."""

    header: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]


Block = Heading | Prose | Facts | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. ``at`` is the moment of what it shows, never that of its writing."""

    title: str
    language: str
    at: datetime
    body: tuple[Block, ...]
    authors: tuple[str, ...] = ()
    foot: str = ""
    """One line under each page: which text this is."""
    boxed: str = ""
    """What a box stands for, said at the end where a format has no sign for what was written."""


def words(text: str, href: str | None = None, *, strong: bool = False) -> Inline:
    """Plain text as inline nodes; nothing for an empty one."""
    if not text:
        return ()
    marks: list[Node] = [{"type": "strong"}] if strong else []
    if href is not None:
        marks.append({"type": "link", "attrs": {"href": href}})
    node: dict[str, Any] = {"type": "text", "text": text}
    return ({**node, "marks": marks} if marks else node,)


def paragraph(text: str, *, strong: bool = False) -> Node:
    """Plain text as one paragraph; its line ends stay."""
    lines = [words(line, strong=strong) for line in text.split("\n")]
    content = [node for line in lines for node in (*line, {"type": "hardBreak"})][:-1]
    return {"type": "paragraph", "content": content}


def prose(text: str, language: str | None = None) -> Prose:
    """What somebody wrote in a field: a blank line parts paragraphs."""
    parts = [part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n")]
    return Prose(tuple(paragraph(part) for part in parts if part.strip()), language)


def bullets(items: Sequence[Inline]) -> Prose:
    """A list of one line each."""
    found = [
        {"type": "listItem", "content": [{"type": "paragraph", "content": list(item)}]}
        for item in items
    ]
    return Prose(({"type": "bulletList", "content": found},) if found else ())
