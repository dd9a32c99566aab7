"""Nodes as HTML: everything escaped, a fixed set of tags, links by allow-list."""

from html import escape
from typing import Final

from collab.sync.formats.nodes import Node, Nodes, safe_href

TAGS: Final = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
}
VOID: Final = {"hardBreak": "<br>", "horizontalRule": "<hr>"}
LINK_RELATIONS: Final = "nofollow ugc noopener noreferrer"


def nodes_to_html(nodes: Nodes) -> str:
    """HTML of some nodes. Nested as deep as they are, which rendering has bounded."""
    return "".join(map(_html, nodes))


def _html(node: Node) -> str:
    kind = node["type"]
    if kind == "text":
        return _text(node)
    if kind in VOID:
        return VOID[kind]
    inside = nodes_to_html(node.get("content", ()))
    if kind == "heading":
        level = node.get("attrs", {}).get("level", 2)
        return f"<h{level:d}>{inside}</h{level:d}>"
    tag = TAGS[kind]
    start = node.get("attrs", {}).get("start", 1)
    opening = tag if start == 1 else f'{tag} start="{start:d}"'
    return f"<{opening}>{inside}</{tag}>"


def _text(node: Node) -> str:
    html = escape(node["text"])
    for mark in node.get("marks", ()):
        if mark["type"] in ("strong", "em"):
            html = f"<{mark['type']}>{html}</{mark['type']}>"
        elif href := safe_href(mark):
            html = f'<a href="{escape(href)}" rel="{LINK_RELATIONS}">{html}</a>'
    return html
