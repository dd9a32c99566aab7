"""What a reader sees: nodes, HTML, Markdown, plain text, and one hash for one look."""

from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.text import (
    DossierText,
    from_json,
    nodes_to_html,
    nodes_to_markdown,
    nodes_to_plain,
    render,
    sha256,
    to_html,
    to_json,
    to_markdown,
    to_plain,
)
from tests.collab.sync.pens import ADA, SCHEMA, SECTIONS, Pen, admitted, seeded


def rendered(*blocks: XmlElement | XmlText | str) -> list[dict[str, Any]]:
    """The nodes of a section with these children, past every guard."""
    doc: Doc[XmlFragment] = Doc(client_id=5)
    root = doc.get("need", type=XmlFragment)
    for block in blocks:
        root.children.append(block)
    return render(Document.load(SCHEMA, [doc.get_update()]), ["need"]).sections["need"]


def element(name: str, *contents: Any, **attributes: Any) -> XmlElement:
    return XmlElement(name, attributes, list(contents))


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def styled(text: str, **marks: Any) -> dict[str, Any]:
    (node,) = rendered(element("paragraph", XmlText(text)))
    doc: Doc[XmlFragment] = Doc(client_id=5)
    root = doc.get("need", type=XmlFragment)
    run = XmlText(text)
    root.children.append(XmlElement("paragraph", contents=[run]))
    run.format(0, len(text.encode()), marks)
    (node,) = render(Document.load(SCHEMA, [doc.get_update()]), ["need"]).sections["need"]
    return node


def test_title_and_sections_are_read() -> None:
    document, _ = Document.seeded(SCHEMA, {"title": [" Ein ", "Radweg"], "need": ["Warum?"]})
    assert render(document, SECTIONS) == DossierText(
        title="Ein Radweg",
        sections={"need": [paragraph("Warum?")], "idea": [{"type": "paragraph"}]},
    )


def test_sections_keep_the_order_they_are_asked_for() -> None:
    document, _ = seeded()
    assert list(render(document, ["idea", "need"]).sections) == ["idea", "need"]


def test_attributes_are_whole_numbers_and_defaults_are_left_out() -> None:
    item = element("listItem", element("paragraph", XmlText("x")))
    nodes = rendered(
        element("heading", XmlText("h"), level=3.0),
        element("heading", XmlText("h"), level=77),
        element("orderedList", item, start=1),
    )
    assert [node.get("attrs") for node in nodes] == [{"level": 3}, {"level": 2}, None]
    assert rendered(element("orderedList", start=4))[0]["attrs"] == {"start": 4}


def test_marks_are_sorted_and_lose_their_hash() -> None:
    (run,) = styled("x", strong={}, **{"em--aGFzaGVz": {}})["content"]
    assert run["marks"] == [{"type": "em"}, {"type": "strong"}]


def test_unknown_marks_are_left_out_and_what_then_looks_the_same_is_one_run() -> None:
    text = XmlText("abcd")
    doc: Doc[XmlFragment] = Doc(client_id=5)
    doc.get("need", type=XmlFragment).children.append(XmlElement("paragraph", contents=[text]))
    text.format(1, 2, {"blink": {}})
    document = Document.load(SCHEMA, [doc.get_update()])
    assert render(document, ["need"]).sections["need"] == [paragraph("abcd")]


@pytest.mark.parametrize(
    ("href", "is_kept"),
    [
        ("https://example.org/?a=1&b=2#c", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("mailto:ada@example.org", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://example.org/\n", False),
        ("https://example.org/ x", False),
        ('https://example.org/"x', False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("/ideas", False),
        ("", False),
        (None, False),
        (5, False),
    ],
)
def test_links_lead_to_the_web_and_to_mail_only(href: Any, is_kept: bool) -> None:
    node = styled("x", link={"href": href})
    assert ("marks" in node["content"][0]) == is_kept
    unchecked = {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {"href": href}}]}
    assert ("<a " in nodes_to_html([unchecked])) == is_kept
    assert ("](" in nodes_to_markdown([unchecked])) == is_kept


def test_unknown_elements_give_way_to_their_content() -> None:
    inner = element("paragraph", XmlText("innen"))
    assert rendered(element("table", element("row", inner))) == [paragraph("innen")]


def test_text_outside_a_paragraph_gets_one() -> None:
    assert rendered(XmlText("lose")) == [paragraph("lose")]


def test_control_characters_are_left_out() -> None:
    assert rendered(element("paragraph", XmlText("a\x00b\x07\tc\ufffe"))) == [paragraph("ab c")]


def test_deep_nesting_is_read_without_recursion() -> None:
    doc: Doc[XmlFragment] = Doc(client_id=5)
    inside = doc.get("need", type=XmlFragment).children.append(XmlElement("blockquote"))
    for _ in range(500):
        inside = inside.children.append(XmlElement("blockquote"))
    inside.children.append(XmlText("unten"))
    text = render(Document.load(SCHEMA, [doc.get_update()]), ["need"])
    assert to_plain(text) == "unten"
    assert to_html(text)["need"].count("<blockquote>") < 110


LIST = {
    "type": "bulletList",
    "content": [
        {"type": "listItem", "content": [paragraph("eins")]},
        {
            "type": "listItem",
            "content": [
                paragraph("zwei"),
                {
                    "type": "orderedList",
                    "attrs": {"start": 3},
                    "content": [{"type": "listItem", "content": [paragraph("drei")]}],
                },
            ],
        },
    ],
}
HEADING = {
    "type": "heading",
    "attrs": {"level": 3},
    "content": [{"type": "text", "text": "Über <uns>"}],
}
QUOTE = {"type": "blockquote", "content": [paragraph("a"), paragraph("b")]}
BREAK = {
    "type": "paragraph",
    "content": [
        {"type": "text", "text": "a"},
        {"type": "hardBreak"},
        {"type": "text", "text": "b"},
    ],
}
RULE = {"type": "horizontalRule"}


def test_html_has_a_tag_for_every_node() -> None:
    assert nodes_to_html([HEADING, LIST, QUOTE, BREAK, RULE]) == (
        "<h3>Über &lt;uns&gt;</h3>"
        "<ul><li><p>eins</p></li><li><p>zwei</p>"
        '<ol start="3"><li><p>drei</p></li></ol></li></ul>'
        "<blockquote><p>a</p><p>b</p></blockquote><p>a<br>b</p><hr>"
    )


def test_html_of_marks_and_of_an_empty_paragraph() -> None:
    node = styled("x & y", strong={}, em={}, link={"href": "https://example.org/?a&b"})
    assert nodes_to_html([node]) == (
        '<p><strong><a href="https://example.org/?a&amp;b" rel="nofollow ugc noopener noreferrer">'
        "<em>x &amp; y</em></a></strong></p>"
    )
    assert nodes_to_html([{"type": "paragraph"}]) == "<p></p>"


def test_markdown_keeps_the_structure() -> None:
    assert nodes_to_markdown([HEADING, LIST, QUOTE, BREAK, RULE]) == (
        "### Über \\<uns\\>\n\n- eins\n- zwei\n\n  3. drei\n\n> a\n>\n> b\n\na\\\nb\n\n---"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("[x](y)", "\\[x\\](y)"),
        ("<script>", "\\<script\\>"),
        ("# kein Titel", "\\# kein Titel"),
        ("1. kein Punkt", "1\\. kein Punkt"),
        ("a & b", "a \\& b"),
    ],
)
def test_markdown_escapes_what_would_mean_something(text: str, written: str) -> None:
    assert nodes_to_markdown([paragraph(text)]) == written


def test_markdown_puts_emphasis_around_words_not_around_spaces() -> None:
    assert nodes_to_markdown([styled(" wichtig ", strong={})]) == " **wichtig** "
    assert nodes_to_markdown([styled("  ", strong={})]) == "  "


def test_plain_text_has_a_line_for_each_paragraph() -> None:
    assert nodes_to_plain([HEADING, LIST, QUOTE, BREAK, RULE]) == (
        "Über <uns>\neins\nzwei\ndrei\na\nb\na\nb"
    )
    text = DossierText("Titel", {"a": [paragraph("x")], "b": [], "c": [paragraph("y")]})
    assert to_plain(text) == "x\n\ny"


def test_markdown_and_html_are_by_section() -> None:
    text = DossierText("Titel", {"a": [paragraph("x")], "b": []})
    assert to_markdown(text) == {"a": "x", "b": ""}
    assert to_html(text) == {"a": "<p>x</p>", "b": ""}


def test_stored_text_comes_back_with_the_same_hash() -> None:
    document, _ = seeded(None, "Wörter 😀")
    text = render(document, SECTIONS)
    assert from_json(to_json(text)) == text
    assert sha256(from_json(to_json(text))) == sha256(text)


def test_the_hash_is_of_the_text_not_of_the_way_to_it() -> None:
    document, seed = seeded(None, "eins")
    before = sha256(render(document, SECTIONS))
    ada = Pen(ADA, seed)
    admitted(document, ada.type("x"))
    assert sha256(render(document, SECTIONS)) != before
    admitted(document, ada.erase(0, 1))
    assert sha256(render(document, SECTIONS)) == before


def test_the_hash_is_canonical() -> None:
    text = DossierText("Ä", {"a": [{"type": "paragraph"}]})
    assert sha256(text) == "a7119f0c05b834272418e28534996f1afc9203f3bd95aa52e82e9218d06e17b6"
