"""Plain text of people as HTML: paragraphs, line breaks and links, everything else escaped.

Links are addresses, and in comments the handles of people who are named.
"""

import re
from collections.abc import Collection, Iterator

from markupsafe import Markup, escape

from collab.process.talk.mentions import mentions_in
from collab.typed import TURNING

# Only the two schemes that cannot run code in our page; bounded, so no long input is slow.
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`\x00-\x1f\u202a-\u202e\u2066-\u2069]{1,2000}", re.I)
_GAP = re.compile(r"\n[ \t]*\n\s*")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,;:!?…*_~|"


def prose(text: str, named: Collection[str] = ()) -> Markup:
    """``text`` as paragraphs: a blank line parts them, a line break stays one.

    ``named`` are the handles that lead to a person where they stand after an ``@``.
    """
    text = TURNING.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    paragraphs = (_GAP.split(text)) if text else []
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(each, named)) for each in paragraphs)


def _lines(paragraph: str, named: Collection[str]) -> Markup:
    return Markup("<br>\n").join(_linked(line, named) for line in paragraph.split("\n"))


def _linked(line: str, named: Collection[str]) -> Markup:
    return Markup("").join(_pieces(line, named))


def _pieces(line: str, named: Collection[str]) -> Iterator[Markup]:
    """The line in order: escaped text and links."""
    at = 0
    for begin, end, link in sorted([*_addresses(line), *_people(line, named)]):
        if begin < at:
            continue
        yield escape(line[at:begin])
        yield link
        at = end
    yield escape(line[at:])


def _addresses(line: str) -> Iterator[tuple[int, int, Markup]]:
    for match in _ADDRESS.finditer(line):
        address = _without_punctuation(match[0])
        link = Markup('<a href="{0}" rel="nofollow ugc noopener noreferrer">{0}</a>')
        yield match.start(), match.start() + len(address), link.format(address)


def _people(line: str, named: Collection[str]) -> Iterator[tuple[int, int, Markup]]:
    for begin, end, handle in mentions_in(line) if named else ():
        if handle in named:
            link = Markup('<a class="mention" href="/people/{}">{}</a>')
            yield begin, end, link.format(handle, line[begin:end])


def _without_punctuation(address: str) -> str:
    """``address`` without what belongs to the sentence: a full stop, an unopened bracket."""
    counts = {bracket: address.count(bracket) for pair in _CLOSING.items() for bracket in pair}
    end = len(address)
    while end:
        last = address[end - 1]
        opening = _CLOSING.get(last)
        unopened = opening is not None and counts[last] > counts[opening]
        if last not in _TRAILING and not unopened:
            break
        counts[last] = counts.get(last, 0) - 1
        end -= 1
    return address[:end]
