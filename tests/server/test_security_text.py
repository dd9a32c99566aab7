"""Text that people send must not be able to stop the page or the process that shows it."""

from collab.sync.formats.markdown import nodes_to_markdown
from collab.sync.formats.nodes import Node
from server.views.prose import prose

LINES = 100_000


def paragraph(text: str) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def test_a_text_of_nothing_but_line_ends_becomes_markdown_at_once() -> None:
    # In squared time this would take minutes.
    lines = nodes_to_markdown([paragraph("\n" * LINES + "1. x")])
    assert lines == "\n" * LINES + "1\\. x"


def test_what_looks_like_a_list_stays_text_behind_any_white_space() -> None:
    assert nodes_to_markdown([paragraph("\u00a0\t12) x")]) == "\u00a0\t12\\) x"


def test_an_address_with_a_tail_of_brackets_is_a_link_at_once() -> None:
    tail = ")]}." * 450
    html = prose(f"https://example.org/(a){tail} und https://example.org/{'(' * 900}{')' * 900}x")
    assert 'href="https://example.org/(a)"' in html
    assert html.count(")]}.") == 450
