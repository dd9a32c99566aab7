"""The readable text of a document: title and sections as nodes, and its hash.

Rendering reads the CRDT without changing it, walks it without recursion, and brings whatever it
finds into the shape of :mod:`collab.sync.formats.nodes`: unknown elements give way to their
content, text outside a paragraph gets one; unknown marks, odd values and unsafe links are left
out. The hash is over this shape, so it means "what a reader sees" and is the same however the
text came about.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pycrdt import XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.formats.html import nodes_to_html as nodes_to_html
from collab.sync.formats.markdown import nodes_to_markdown as nodes_to_markdown
from collab.sync.formats.nodes import ELEMENTS, MARKS, Node, safe_href
from collab.sync.formats.plain import nodes_to_plain as nodes_to_plain
from collab.sync.schema import HEADING_LEVELS, TITLE, is_level, is_start, mark_name
from collab.typed import TURNING

DEPTH_MAX: Final = 100
"""Deeper elements give way to their content; the guard stops earlier."""

CONTROLS: Final = dict.fromkeys((*range(32), 127, 65534, 65535)) | {9: " ", 10: "\n"}

Children = Iterator[XmlElement | XmlText | XmlFragment]


@dataclass(frozen=True, slots=True)
class DossierText:
    """A text as it is read: the title as one line, each section as nodes, in template order."""

    title: str
    sections: dict[str, list[Node]]


def render(document: Document, sections: Iterable[str]) -> DossierText:
    """Read the title and the named sections; a root that nobody has written to is empty."""
    with document.doc.transaction():
        title = nodes_to_plain(_nodes(document, TITLE))
        return DossierText(
            # It stands in sentences and lists, where it turns nothing round.
            title=" ".join(TURNING.sub("", title).split()),
            sections={name: _nodes(document, name) for name in sections},
        )


def to_json(text: DossierText) -> dict[str, Any]:
    """``{"title": …, "sections": {id: [node, …]}}``, to be stored or sent."""
    return {"title": text.title, "sections": text.sections}


def from_json(data: Mapping[str, Any]) -> DossierText:
    """What ``to_json`` gave, back from storage."""
    return DossierText(str(data["title"]), dict(data["sections"]))


def to_html(text: DossierText) -> dict[str, str]:
    """HTML of each section, safe to put into a page as it is."""
    return {name: nodes_to_html(nodes) for name, nodes in text.sections.items()}


def to_markdown(text: DossierText) -> dict[str, str]:
    """CommonMark of each section."""
    return {name: nodes_to_markdown(nodes) for name, nodes in text.sections.items()}


def to_plain(text: DossierText) -> str:
    """All sections as plain text, for search; the title is not in it."""
    plain = (nodes_to_plain(nodes) for nodes in text.sections.values())
    return "\n\n".join(each for each in plain if each)


def sha256(text: DossierText) -> str:
    """Hex hash of the canonical JSON (sorted keys, no spaces, UTF-8) of ``to_json``."""
    canonical = json.dumps(
        to_json(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _nodes(document: Document, root: str) -> list[Node]:
    """The nodes of one root; blocks only at the top."""
    found: list[Node] = []
    fragment = document.doc.get(root, type=XmlFragment)
    walk: list[tuple[Children, list[Node]]] = [(iter(fragment.children), found)]
    while walk:
        children, into = walk[-1]
        child = next(children, None)
        if child is None:
            walk.pop()
        elif isinstance(child, XmlText):
            _append_text(into, child, wrap=into is found)
        elif isinstance(child, XmlElement) and child.tag in ELEMENTS and len(walk) < DEPTH_MAX:
            content: list[Node] = []
            into.append({"type": child.tag, **_attrs(child), "content": content})
            walk.append((iter(child.children), content))
        else:
            walk.append((iter(child.children), into))
    return [_without_empty(node) for node in found]


def _without_empty(node: Node) -> Node:
    """Drop empty ``content``; bounded by DEPTH_MAX."""
    content = node.pop("content", None)
    if content:
        node["content"] = [_without_empty(child) for child in content]
    return node


def _attrs(element: XmlElement) -> Node:
    if element.tag == "heading":
        level = element.attributes.get("level")
        return {"attrs": {"level": int(level or 0) if is_level(level) else HEADING_LEVELS[0]}}
    if element.tag == "orderedList":
        start = element.attributes.get("start")
        if start is not None and is_start(start) and start != 1:
            return {"attrs": {"start": int(start)}}
    return {}


def _append_text(into: list[Node], text: XmlText, *, wrap: bool) -> None:
    """Append the runs of a text, joining those that look the same."""
    runs: list[Node] = []
    for insert, attributes in text.diff():
        if not isinstance(insert, str):
            continue
        shown = insert.translate(CONTROLS)
        if not shown:
            continue
        run: Node = {"type": "text", "text": shown}
        marks = _marks(attributes or {})
        if marks:
            run["marks"] = marks
        last = runs[-1] if runs else into[-1] if into and not wrap else {}
        if last.get("type") == "text" and last.get("marks", []) == marks:
            last["text"] += shown
        else:
            runs.append(run)
    if runs:
        into.extend([{"type": "paragraph", "content": runs}] if wrap else runs)


def _marks(attributes: Mapping[str, Any]) -> list[Node]:
    """The known marks, sorted, so that the same look has one form."""
    marks: dict[str, Node] = {}
    for key, value in sorted(attributes.items()):
        name = mark_name(key)
        if name not in MARKS or value is None or value is False:
            continue
        if name != "link":
            marks[name] = {"type": name}
        elif isinstance(value, dict) and (href := safe_href({"attrs": value})):
            marks[name] = {"type": name, "attrs": {"href": href}}
    return list(marks.values())
