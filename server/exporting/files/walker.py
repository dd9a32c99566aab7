"""The walker: brings a paper into the shape that every format can hold, once for all writers.

Formats differ in what breaks them: typst ends at deep nesting, Word knows three levels of lists,
PDF/UA wants headings that skip no level, XML takes no control characters. After ``settled`` no
paper has any of this, and no writer needs to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from collab.sync.formats.nodes import BLOCKS, Node, Nodes, safe_href
from server.exporting.files.paper import Block, Facts, Heading, Inline, Paper, Prose, Table
from server.pages.xml import well_formed

NESTED_MAX: Final = 6
"""Lists and quotes in one another; what lies deeper stands in the innermost one."""

HEADING_MAX: Final = 6
EMPTY: Final = "–"

_LISTS = frozenset({"bulletList", "orderedList"})
_HOLDERS = _LISTS | {"listItem", "blockquote"}


def settled(paper: Paper) -> Paper:
    """The same paper, fit for every format."""
    return replace(
        paper,
        title=line(paper.title) or EMPTY,
        authors=tuple(filter(None, map(line, paper.authors))),
        foot=line(paper.foot),
        boxed=line(paper.boxed),
        body=tuple(_body(paper.body)),
    )


def line(text: str) -> str:
    """The text on one line, without what no file can hold."""
    return " ".join(well_formed(text).split())


def _body(blocks: Iterable[Block]) -> Iterator[Block]:
    level = 1
    for block in blocks:
        match block:
            case Heading():
                level = _level(block.level, level)
                yield replace(block, level=level, text=line(block.text) or EMPTY)
            case Prose():
                nodes = list(_blocks(block.nodes, 0))
                _lay_out(nodes, level)
                if nodes:
                    yield replace(block, nodes=tuple(nodes))
            case Facts():
                pairs = [(line(term), inline(said)) for term, said in block.pairs]
                if kept := tuple((term or EMPTY, said) for term, said in pairs if said):
                    yield Facts(kept)
            case Table():
                yield _table(block)


def _table(table: Table) -> Table:
    """The table with as many cells in each row as its header has; an empty one says so."""
    width = len(table.header)
    rows = [tuple(inline(cell) or _dash() for cell in row) for row in table.rows]
    assert all(len(row) == width for row in rows), "a row differs from its header"
    return Table(tuple(line(cell) or EMPTY for cell in table.header), tuple(rows))


def _dash() -> Inline:
    return ({"type": "text", "text": EMPTY, "marks": []},)


def _level(wanted: int, last: int) -> int:
    """The level of a heading that comes after one of ``last``: none is skipped."""
    return max(2, min(wanted, last + 1, HEADING_MAX))


def _lay_out(nodes: list[Node], above: int) -> None:
    """Put the headings of a text under the one that it stands under."""
    last = above
    for node in nodes:
        if node["type"] == "heading":
            last = _level(above - 1 + node["attrs"]["level"], last)
            node["attrs"]["level"] = last


def _blocks(nodes: Nodes, depth: int) -> Iterator[Node]:
    """Blocks with something in them; a text that stands loose gets its paragraph."""
    for node in nodes:
        kind = node["type"]
        content = node.get("content", ())
        if kind == "horizontalRule":
            yield {"type": kind}
        elif kind == "heading" and depth == 0:
            level = node.get("attrs", {}).get("level", 2)
            yield from _filled({"type": kind, "attrs": {"level": level}}, inline(content))
        elif kind in {"paragraph", "heading"}:
            yield from _filled({"type": "paragraph"}, inline(content))
        elif kind not in _HOLDERS:
            yield from _filled({"type": "paragraph"}, inline([node]))
        elif depth >= NESTED_MAX:
            yield from _blocks(content, depth)
        else:
            yield from _held(node, depth)


def _held(node: Node, depth: int) -> Iterator[Node]:
    """A list or a quote with its blocks; an item that stands loose is what is in it."""
    kind, content = node["type"], node.get("content", ())
    if kind in _LISTS:
        parts = (
            each.get("content", ()) if each["type"] == "listItem" else [each] for each in content
        )
        items = [list(_blocks(part, depth + 1)) for part in parts]
        inside: list[Any] = [{"type": "listItem", "content": item} for item in items if item]
        start = node.get("attrs", {}).get("start", 1) if kind == "orderedList" else 1
        attrs = {"attrs": {"start": start}} if start != 1 else {}
        yield from _filled({"type": kind, **attrs}, inside)
    elif kind == "blockquote":
        yield from _filled({"type": kind}, list(_blocks(content, depth + 1)))
    else:
        yield from _blocks(content, depth)


def _filled(node: Node, content: Iterable[Node]) -> Iterator[Node]:
    found = list(content)
    if found:
        yield {**node, "content": found}


def inline(nodes: Nodes) -> Inline:
    """Text and line breaks alone, clean; nothing at all where there would be nothing to read."""
    found = list(_inline(nodes))
    while found and found[-1]["type"] == "hardBreak":
        found.pop()
    return tuple(found) if any(node.get("text", "").strip() for node in found) else ()


def _inline(nodes: Nodes) -> Iterator[Node]:
    for node in nodes:
        if node["type"] == "hardBreak":
            yield {"type": "hardBreak"}
        elif node["type"] in BLOCKS:
            yield from _inline(node.get("content", ()))
        elif text := well_formed(node.get("text", "")).replace("\n", " ").replace("\t", " "):
            yield {"type": "text", "text": text, "marks": list(_marks(node))}


def _marks(node: Node) -> Iterator[Node]:
    """Strong, emphasis and a link that may be followed, each once."""
    kinds = {mark["type"]: mark for mark in node.get("marks", ())}
    for kind in ("strong", "em"):
        if kind in kinds:
            yield {"type": kind}
    if "link" in kinds and (href := safe_href(kinds["link"])):
        yield {"type": "link", "attrs": {"href": href}}


def size_of(paper: Paper) -> tuple[int, int]:
    """How many characters a paper holds, and in how many paragraphs, items and cells."""
    chars, parts = len(paper.title) + len(paper.foot), len(paper.body)
    waiting: list[Nodes] = []
    for block in paper.body:
        match block:
            case Heading():
                chars += len(block.text)
            case Prose():
                waiting.append(block.nodes)
            case Facts():
                chars += sum(len(term) for term, _ in block.pairs)
                waiting += [said for _, said in block.pairs]
            case Table():
                chars += sum(map(len, block.header))
                waiting += [cell for row in block.rows for cell in row]
    while waiting:
        nodes = waiting.pop()
        parts += 1
        chars += sum(len(node.get("text", "")) for node in nodes)
        waiting += [node["content"] for node in nodes if "content" in node]
    return chars, parts
