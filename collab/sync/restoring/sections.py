"""The update that brings sections back to what they were, and keeps what is the same.

Blocks that read alike stay as they are, with their ids: comments, cursors and what others type in
them survive. A block that changed is changed back word by word where it lies; only what was not
there goes, and only what is not there any more is written anew.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment

from collab.sync.comparing.pairing import paired
from collab.sync.comparing.script import Op, Stretch, TooMuchWork, Work, replaced, script
from collab.sync.comparing.words import counted
from collab.sync.document import DEFAULT_LIMITS, Document
from collab.sync.formats.nodes import Node, Nodes
from collab.sync.formats.plain import nodes_to_plain
from collab.sync.restoring.inline import fill, rewrite
from collab.sync.schema import TITLE
from collab.sync.text import DossierText, render

WORK_MAX = 2_000_000
"""Steps for one text; past them it is replaced where it differs, in one piece."""

INLINE = frozenset({"paragraph", "heading"})
EMPTY: Nodes = ({"type": "paragraph"},)
"""What an editor finds in a section without text."""

Parent = XmlElement | XmlFragment


class NotRestored(Exception):
    """The text would not read as wanted; nothing was made of it."""


def wanted_of(text: DossierText) -> dict[str, Nodes]:
    """A whole text by its roots, the title among them."""
    title: Node = {"type": "paragraph"}
    if text.title:
        title["content"] = [{"type": "text", "text": text.title}]
    return {TITLE: [title], **{name: nodes or EMPTY for name, nodes in text.sections.items()}}


def restore_update(document: Document, wanted: Mapping[str, Nodes], client: int) -> bytes:
    """The update under ``client`` that makes these nodes of these roots; empty if they are so.

    Raises:
        NotRestored: what it would make reads otherwise.
    """
    have = render(document, wanted).sections
    differing = {name: nodes for name, nodes in wanted.items() if _differs(name, have, nodes)}
    if not differing:
        return b""
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(document.state())
    before, work = doc.get_state(), Work(WORK_MAX)
    with doc.transaction():
        for name, nodes in differing.items():
            _restore(doc.get(name, type=XmlFragment), have[name], nodes, work)
    made = Document(document.schema, doc, 0, DEFAULT_LIMITS)
    after = render(made, differing).sections
    if missed := [name for name, nodes in differing.items() if _differs(name, after, nodes)]:
        raise NotRestored(", ".join(missed))
    return doc.get_update(before)


def _differs(name: str, have: Mapping[str, Nodes], want: Nodes) -> bool:
    """Whether readers would see a difference; of a title they see its words."""
    if name == TITLE:
        words = (nodes_to_plain(nodes).split() for nodes in (have[name], want))
        return next(words) != next(words)
    return list(have[name] or EMPTY) != list(want)


def _restore(parent: Parent, have: Nodes, want: Nodes, work: Work) -> None:
    """Make ``want`` of the children of ``parent``, from the last to the first."""
    children = parent.children
    tags = [child.tag if isinstance(child, XmlElement) else "" for child in children]
    if tags != [node["type"] for node in have]:
        del children[0 : len(children)]
        have = ()
    place = len(have)
    for one, other in reversed(list(_plan(have, want, work))):
        if one is None:
            assert other is not None, "a step takes from one of both"
            insert_node(parent, place, want[other])
            continue
        place = one
        if other is None:
            del children[one]
        elif have[one] != want[other]:
            changed = children[one]
            assert isinstance(changed, XmlElement), "its tag was compared"
            _change(changed, have[one], want[other], work)


def _plan(have: Nodes, want: Nodes, work: Work) -> Iterator[tuple[int | None, int | None]]:
    """What becomes of which: pairs stay, what has no other half goes or comes."""
    before, after = [_key(node) for node in have], [_key(node) for node in want]
    try:
        stretches = script(before, after, work)
    except TooMuchWork:
        stretches = replaced(before, after)
    gone = came = range(0)
    other = 0
    for each in [*stretches, Stretch(Op.SAME, len(have), len(have))]:
        if each.op is Op.REMOVED:
            gone = range(each.start, each.end)
        elif each.op is Op.ADDED:
            came = range(each.start, each.end)
        else:
            # What lies between two stretches that are the same went and came at one place.
            yield from _between(have, want, gone, came)
            start, other = other + len(came), other + len(came) + each.end - each.start
            yield from zip(range(each.start, each.end), range(start, other), strict=True)
            gone = came = range(0)


def _between(
    have: Nodes, want: Nodes, gone: range, came: range
) -> Iterator[tuple[int | None, int | None]]:
    words = [counted(nodes_to_plain([have[at]])) for at in gone]
    others = [counted(nodes_to_plain([want[at]])) for at in came]
    before = after = 0
    for one, other in [*paired(words, others), (len(gone), len(came))]:
        is_pair = one < len(gone) and have[gone[one]]["type"] == want[came[other]]["type"]
        end, stop = (one, other) if is_pair or one == len(gone) else (one + 1, other + 1)
        yield from ((gone[at], None) for at in range(before, end))
        yield from ((None, came[at]) for at in range(after, stop))
        if is_pair:
            yield gone[one], came[other]
        before, after = one + 1, other + 1


def _change(element: XmlElement, have: Node, want: Node, work: Work) -> None:
    """Make ``want`` of an element of the same kind."""
    for key in have.get("attrs", {}).keys() - want.get("attrs", {}).keys():
        del element.attributes[key]
    _attributes(element, want, have)
    old, new = have.get("content", ()), want.get("content", ())
    if want["type"] in INLINE:
        rewrite(element, old, new, work)
    else:
        _restore(element, old, new, work)


def insert_node(parent: Parent, at: int, node: Node) -> None:
    """Write a node anew; an element must lie in the document before it is filled."""
    element = parent.children.insert(at, XmlElement(node["type"]))
    _attributes(element, node, {})
    content = node.get("content", ())
    if node["type"] in INLINE:
        fill(element, content)
        return
    for place, child in enumerate(content):
        insert_node(element, place, child)


def _attributes(element: XmlElement, want: Node, have: Node) -> None:
    known: Mapping[str, Any] = have.get("attrs", {})
    for key, value in want.get("attrs", {}).items():
        if known.get(key) != value:
            element.attributes[key] = value


def _key(node: Node) -> str:
    return json.dumps(node, sort_keys=True, ensure_ascii=False)
