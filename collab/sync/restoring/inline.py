"""Bringing the words of one paragraph back: word by word, so that what stays keeps its place."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pycrdt import XmlElement, XmlText

from collab.sync.comparing.script import Op, TooMuchWork, Work, replaced, script
from collab.sync.comparing.words import TOKEN
from collab.sync.formats.nodes import Node, Nodes

Token = tuple[str, str]
"""A word with its marks as JSON."""


def fill(element: XmlElement, runs: Nodes) -> None:
    """Write runs and line breaks into an element that is empty and lies in the document."""
    text: XmlText | None = None
    for run in runs:
        if run["type"] != "text":
            element.children.append(XmlElement(run["type"]))
            text = None
            continue
        if text is None:
            text = element.children.append(XmlText(""))
        text.insert(len(text), run["text"], _attributes(run))


def rewrite(element: XmlElement, have: Nodes, want: Nodes, work: Work) -> None:
    """Make ``want`` of the runs of an element; only plain texts are changed word by word."""
    if have == want:
        return
    text = _only_text(element, have, want)
    if text is None:
        del element.children[0 : len(element.children)]
        fill(element, want)
        return
    before, after = _tokens(have), _tokens(want)
    try:
        stretches = script(before, after, work)
    except TooMuchWork:
        stretches = replaced(before, after)
    places = [0]
    for word, _ in before:
        places.append(places[-1] + len(word.encode()))
    at = places[-1]
    for stretch in reversed(stretches):
        if stretch.op is Op.ADDED:
            for words, marks in reversed(_joined(after[stretch.start : stretch.end])):
                text.insert(at, words, json.loads(marks))
            continue
        at = places[stretch.start]
        if stretch.op is Op.REMOVED:
            del text[at : places[stretch.end]]


def _only_text(element: XmlElement, have: Nodes, want: Nodes) -> XmlText | None:
    """The text of an element that holds nothing else, if it reads as it is stored."""
    children = list(element.children)
    if len(children) != 1 or not isinstance(children[0], XmlText):
        return None
    if any(run["type"] != "text" for run in (*have, *want)):
        return None
    stored = [insert for insert, _ in children[0].diff()]
    if not all(isinstance(each, str) for each in stored):
        return None
    is_plain = "".join(map(str, stored)) == "".join(run["text"] for run in have)
    return children[0] if is_plain else None


def _tokens(runs: Nodes) -> list[Token]:
    return [
        (word, json.dumps(_attributes(run), sort_keys=True))
        for run in runs
        for word in TOKEN.findall(run["text"])
    ]


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Neighbouring words with the same marks as one."""
    groups = groupby(tokens, key=lambda token: token[1])
    return [("".join(word for word, _ in group), marks) for marks, group in groups]


def _attributes(run: Node) -> dict[str, Any]:
    """The marks of a run as they are stored; without any, none are taken over from before."""
    marks: Sequence[Node] = run.get("marks", ())
    return {mark["type"]: dict(mark.get("attrs", {})) for mark in marks}
