"""Nodes as CommonMark, with everything escaped that Markdown or HTML would take as its own."""

import re
from typing import Final

from collab.sync.formats.nodes import BLOCKS, Node, Nodes, safe_href

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+\-!|~&])")
# White space of its line only: over line ends it would be tried from each of them, in squared time.
ORDERED_START = re.compile(r"^([^\S\n]*\d+)([.)])", re.MULTILINE)
WRAPPERS: Final = {"strong": "**", "em": "*"}


def nodes_to_markdown(nodes: Nodes) -> str:
    """Markdown of some blocks, separated by blank lines, without a newline at the end."""
    return "\n\n".join(_block(node) for node in nodes)


def _block(node: Node) -> str:
    content = node.get("content", [])
    attrs = node.get("attrs", {})
    match node["type"]:
        case "heading":
            return f"{'#' * attrs.get('level', 2)} {_inline(content)}"
        case "horizontalRule":
            return "---"
        case "blockquote":
            return _indent(nodes_to_markdown(content), "> ", "> ")
        case "bulletList":
            return "\n".join(_item(item, "- ") for item in content)
        case "orderedList":
            numbered = enumerate(content, attrs.get("start", 1))
            return "\n".join(_item(item, f"{number}. ") for number, item in numbered)
        case "listItem":
            return nodes_to_markdown(content)
        case "paragraph":
            return _inline(content)
    return _inline([node])


def _item(node: Node, marker: str) -> str:
    inside = [node] if node["type"] != "listItem" else node.get("content", [])
    return _indent(nodes_to_markdown(inside), marker, " " * len(marker))


def _indent(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    indented = [first + lines[0], *(others + line if line else others for line in lines[1:])]
    return "\n".join(line.rstrip() for line in indented)


def _inline(nodes: Nodes) -> str:
    return "".join(_span(node) for node in nodes)


def _span(node: Node) -> str:
    if node["type"] == "hardBreak":
        return "\\\n"
    if node["type"] in BLOCKS:
        return nodes_to_markdown([node])
    text = ORDERED_START.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", node.get("text", "")))
    inner = text.strip()
    if not inner:
        return text
    # CommonMark takes no emphasis that begins or ends with a space.
    before, _, after = text.partition(inner)
    for mark in node.get("marks", ()):
        if wrapper := WRAPPERS.get(mark["type"]):
            inner = f"{wrapper}{inner}{wrapper}"
        elif href := safe_href(mark):
            inner = f"[{inner}](<{href}>)"
    return f"{before}{inner}{after}"
