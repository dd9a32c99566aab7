"""Plain text of people as HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.views.prose import prose

TAG = re.compile(
    r"</?(p|br|a)(?: href=\"https?://[^\"<>]*\" rel=\"nofollow ugc noopener noreferrer\")?>"
)


def test_markup_is_shown_as_text() -> None:
    assert prose('<img src=x onerror="a()">') == ("<p>&lt;img src=x onerror=&#34;a()&#34;&gt;</p>")


def test_blank_lines_part_paragraphs_and_line_breaks_stay() -> None:
    assert prose("eins\r\nzwei\n \n\n drei\n") == "<p>eins<br>\nzwei</p>\n<p>drei</p>"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("siehe https://berlin.de/a.", "https://berlin.de/a"),
        ("(https://berlin.de/a)", "https://berlin.de/a"),
        (
            "https://de.wikipedia.org/wiki/Spree_(Fluss), ja",
            "https://de.wikipedia.org/wiki/Spree_(Fluss)",
        ),
        ("HTTP://berlin.de?x=1&y=2!", "HTTP://berlin.de?x=1&amp;y=2"),
    ],
)
def test_addresses_become_links_without_the_sentence_around(text: str, address: str) -> None:
    assert f'href="{address}" ' in prose(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_other_schemes_stay_text(text: str) -> None:
    assert "<a" not in prose(text)


def test_an_address_cannot_leave_its_attribute() -> None:
    assert 'href="https://a.example/"' in prose('https://a.example/"onclick="x')
    assert "&#34;onclick" in prose('https://a.example/"onclick="x')


def test_letters_after_the_text_keep_their_direction() -> None:
    assert prose("a\u202eb\u2066c") == "<p>abc</p>"


@given(st.text(alphabet="ab <>\"'&\n:/.)(htps\u202e", max_size=200))
def test_only_paragraphs_breaks_and_links_come_out(text: str) -> None:
    assert "<" not in TAG.sub("", prose(text))
