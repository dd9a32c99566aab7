"""What a document may contain: its roots, and which node may stand in which.

The rules follow from what editors do with what they do not know: y-prosemirror *deletes* an
element, or a whole text, that its schema does not take. So an unknown mark on somebody's
sentence would make every honest editor remove the sentence; the guard therefore refuses by these
rules. An honest editor cannot break them, because each node it writes lies where its own schema
allows it. A new node or mark is a new schema number.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from collab.papers import NOTE_COLOURS as NOTE_COLOURS
from collab.papers import NOTE_ID
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.content import (
    ANY,
    DELETED,
    FORMAT,
    STRING,
    TYPE,
    XML_ELEMENT,
    Content,
    Format,
    NewType,
)

TITLE: Final = "title"

SERVER_CLIENT: Final = 1
"""The client id of seeds. Nobody writes under it later, not even the server."""

VALUE_CHARS_MAX: Final = 2_048
HEADING_LEVELS: Final = (2, 3, 4)

HASHED_MARK = re.compile(r"(.*)--[a-zA-Z0-9+/=]{8}", re.DOTALL)
"""y-prosemirror appends a hash to marks that may overlap themselves."""

NOTE: Final = "note"
GROUP: Final = "group"
POSITION_MAX: Final = 100_000
"""How far from the middle of a board a note may lie, to each side."""

LABEL_CHARS_MAX: Final = 40

ATTRIBUTE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


def not_allowed(detail: str) -> FrameRefused:
    """The refusal for something that has no place there."""
    return FrameRefused(RefusalReason.KIND_NOT_ALLOWED, detail)


def mark_name(key: str) -> str:
    """The name of a mark without y-prosemirror's hash."""
    hashed = HASHED_MARK.fullmatch(key)
    return hashed.group(1) if hashed else key


def is_scalar(value: object) -> bool:
    """A small plain value, as attributes of nodes and marks are."""
    if isinstance(value, str):
        return len(value) <= VALUE_CHARS_MAX
    return value is None or isinstance(value, bool | int | float)


class Rule:
    """What may lie in one place: the kinds of structs, and for some their content.

    ``kinds`` are content kinds of the Yjs format; deleted content may lie anywhere.
    """

    kinds: frozenset[int] = frozenset()

    def child(self, content: Content) -> "Rule | None":
        """Judge content that is not text; the rule of its inside if it is a type.

        Raises:
            FrameRefused: kind-not-allowed.
        """
        raise not_allowed("nothing may lie here")

    def attribute(self, key: str) -> "Rule":
        """The rule for the values of an attribute; raises ``FrameRefused``."""
        raise not_allowed("no attributes here")


@dataclass(eq=False)
class ElementRule(Rule):
    """An element or a root: which elements it may hold, and whether it holds text.

    ``is_closed``: it takes no attributes but those that are named.
    """

    name: str
    children: dict[str, "ElementRule"] = field(default_factory=dict)
    text: "TextRule | None" = None
    attributes: Mapping[str, Callable[[object], bool]] | None = None
    is_closed: bool = False
    kinds = frozenset({TYPE, DELETED})

    def child(self, content: Content) -> Rule:
        assert isinstance(content, NewType)
        rule = self.children.get(content.name) if content.ref == XML_ELEMENT else self.text
        if rule is None:
            raise not_allowed(f"{content.name or 'text'!r} in {self.name!r}")
        return rule

    def attribute(self, key: str) -> Rule:
        if self.attributes is None or not ATTRIBUTE_NAME.fullmatch(key):
            raise not_allowed("attribute name")
        if self.is_closed and key not in self.attributes:
            raise not_allowed(f"attribute {key!r} of {self.name!r}")
        return ValueRule(self.attributes.get(key, is_scalar))


@dataclass(eq=False)
class TextRule(Rule):
    """A text: characters, and the marks that may lie on them."""

    marks: Mapping[str, Callable[[object], bool]] = field(default_factory=dict)
    kinds = frozenset({STRING, FORMAT, DELETED})

    def child(self, content: Content) -> None:
        assert isinstance(content, Format)
        is_valid = self.marks.get(mark_name(content.key))
        if is_valid is None or not (content.value is None or is_valid(content.value)):
            raise not_allowed("mark")


@dataclass(eq=False)
class ValueRule(Rule):
    """An attribute: values, the last of which counts."""

    is_valid: Callable[[object], bool]
    kinds = frozenset({ANY, DELETED})

    def child(self, content: Content) -> None:
        assert isinstance(content, tuple)
        if not all(self.is_valid(value) for value in content):
            raise not_allowed("value of an attribute")


class GoneRule(Rule):
    """Inside something that is deleted and collected: whatever comes here vanishes at once."""

    kinds = frozenset({ANY, DELETED, FORMAT, STRING, TYPE})

    def child(self, content: Content) -> Rule | None:
        return self if isinstance(content, NewType) else None

    def attribute(self, key: str) -> Rule:
        return self


GONE: Final = GoneRule()


def is_plain_mark(value: object) -> bool:
    """``{}`` from y-prosemirror, ``true`` from others."""
    return value is True or (isinstance(value, dict) and all(map(is_scalar, value.values())))


def is_link(value: object) -> bool:
    """A link needs an address, or no editor can show it; which schemes count, renderers decide."""
    return isinstance(value, dict) and isinstance(value.get("href"), str) and is_plain_mark(value)


def is_level(value: object) -> bool:
    """The level of a heading: it ends up in the name of an HTML element."""
    return not isinstance(value, bool) and value in HEADING_LEVELS


def is_start(value: object) -> bool:
    """The first number of an ordered list."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value is None
    return 0 <= value <= 1_000_000 and value == int(value)


def is_note_id(value: object) -> bool:
    """The name of a note or group, by which others refer to it."""
    return isinstance(value, str) and NOTE_ID.fullmatch(value) is not None


def is_position(value: object) -> bool:
    """A coordinate on a board."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= POSITION_MAX


def is_colour(value: object) -> bool:
    """One of the papers that there are."""
    return isinstance(value, str) and value in NOTE_COLOURS


def is_label(value: object) -> bool:
    """A short word on a note, or none."""
    return value is None or (isinstance(value, str) and len(value) <= LABEL_CHARS_MAX)


def is_group(value: object) -> bool:
    """The group that a note lies in, or none; whether there is such a group, readers see."""
    return value is None or is_note_id(value)


def _first_schema() -> tuple[ElementRule, ElementRule]:
    """The rules of schema 1: for the title's root and for a section's root."""
    text = TextRule({"strong": is_plain_mark, "em": is_plain_mark, "link": is_link})
    hard_break = ElementRule("hardBreak", attributes={})
    inline = {"hardBreak": hard_break}
    item = ElementRule("listItem", attributes={})
    lists = {"listItem": item}
    blocks = {
        "paragraph": ElementRule("paragraph", inline, text, {}),
        "heading": ElementRule("heading", inline, text, {"level": is_level}),
        "bulletList": ElementRule("bulletList", lists, attributes={}),
        "orderedList": ElementRule("orderedList", lists, attributes={"start": is_start}),
        "horizontalRule": ElementRule("horizontalRule", attributes={}),
    }
    blocks["blockquote"] = ElementRule("blockquote", blocks, attributes={})
    item.children = blocks
    line = ElementRule("paragraph", {}, TextRule(), {})
    return ElementRule("title", {"paragraph": line}), ElementRule("section", blocks)


def _board_schema() -> tuple[ElementRule, ElementRule]:
    """The rules of schema 2: a board of notes and groups (ADR 0026); it has no title."""
    place = {"id": is_note_id, "x": is_position, "y": is_position}
    paper = {"colour": is_colour, "group": is_group, "label": is_label}
    kinds = {
        NOTE: ElementRule(NOTE, {}, TextRule(), {**place, **paper}, is_closed=True),
        GROUP: ElementRule(GROUP, {}, TextRule(), place, is_closed=True),
    }
    board = ElementRule("board", kinds)
    return board, board


RULES: Final[dict[int, tuple[ElementRule, ElementRule]]] = {
    1: _first_schema(),
    2: _board_schema(),
}
"""By schema number: the rule of the title's root and the rule of every other root."""


@dataclass(frozen=True)
class DocumentSchema:
    """The schema number of a document and the names of its roots, the title first."""

    number: int
    roots: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.number not in RULES:
            raise ValueError(f"unknown document schema {self.number}")

    @cached_property
    def rules(self) -> dict[str, ElementRule]:
        """The rule of each root."""
        title, section = RULES[self.number]
        return {name: title if name == TITLE else section for name in self.roots}
