"""The contents of Yjs structs: text, marks, types, values.

Numbers are those of the Yjs v1 format (yjs ``contentRefs`` and ``typeRefs``). Only what an honest
client of ours can send is read at all; every other kind is refused where it starts, so nothing
unknown is skipped over by guessing its length.
"""

import json
import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from collab.sync.codec import UINT_MAX, malformed, read_var_bytes, read_var_string, read_var_uint
from collab.sync.refusals import FrameRefused, RefusalReason

GC: Final = 0
DELETED: Final = 1
STRING: Final = 4
FORMAT: Final = 6
TYPE: Final = 7
ANY: Final = 8

XML_ELEMENT: Final = 3
XML_TEXT: Final = 6

ANY_DEPTH_MAX = 24
MARK_CHARS_MAX = 4_096

Scalar = None | bool | int | float | str

Value = None | bool | int | float | str | bytes | list["Value"] | dict[str, "Value"]
"""What lib0 calls Any; ``undefined`` reads as ``None``."""


class Format(NamedTuple):
    """A mark starts here, or ends if its value is ``None``."""

    key: str
    value: Scalar | dict[str, Scalar]


class NewType(NamedTuple):
    """A shared type: an element with a name, or a text."""

    ref: int
    name: str


Content = None | str | Format | NewType | tuple[Value, ...]
"""By kind: nothing for GC and deleted, the text, the mark, the type, the values."""


def read_deleted(data: bytes, at: int) -> tuple[int, Content, int]:
    """Something that its own author has deleted; only its length is left."""
    length, at = read_var_uint(data, at)
    return length, None, at


def read_text(data: bytes, at: int) -> tuple[int, Content, int]:
    """Text; its length counts UTF-16 units, as JavaScript does."""
    raw, at = read_var_bytes(data, at)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise malformed("text is not UTF-8") from error
    if len(raw) == len(text):
        return len(raw), text, at
    return len(text.encode("utf-16-le")) // 2, text, at


def halves(text: str) -> list[int]:
    """Offsets in UTF-16 units at which a cut would halve a character."""
    if text.isascii():
        return []
    found, offset = [], 0
    for character in text:
        offset += 1
        if character > "\uffff":
            found.append(offset)
            offset += 1
    return found


def read_format(data: bytes, at: int) -> tuple[int, Content, int]:
    """The start or the end of a mark."""
    key, at = read_var_string(data, at)
    value, at = read_var_string(data, at)
    return 1, Format(key, None if value == "null" else read_mark_value(value)), at


def read_mark_value(text: str) -> Scalar | dict[str, Scalar]:
    """The JSON of a mark: a plain value or a flat object of them, all that pycrdt reads too."""
    if len(text) > MARK_CHARS_MAX:
        raise malformed("mark is too long")
    try:
        value = json.loads(text)
        # pycrdt's reader takes no NaN, no infinite numbers and no lone surrogates.
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise malformed("mark is not JSON") from None
    members = value.values() if isinstance(value, dict) else (value,)
    if not all(each is None or isinstance(each, bool | int | float | str) for each in members):
        raise FrameRefused(RefusalReason.TOO_DEEP, "nested value of a mark")
    if any(isinstance(each, int) and abs(each) > UINT_MAX for each in members):
        raise malformed("number of a mark is too big")
    checked: Scalar | dict[str, Scalar] = value
    return checked


def read_type(data: bytes, at: int) -> tuple[int, Content, int]:
    """An XML element or text; no other shared type has a place in our documents."""
    ref, at = read_var_uint(data, at)
    if ref == XML_ELEMENT:
        name, at = read_var_string(data, at)
        return 1, NewType(ref, name), at
    if ref == XML_TEXT:
        return 1, NewType(ref, ""), at
    raise FrameRefused(RefusalReason.KIND_NOT_ALLOWED, f"shared type {ref}")


def read_values(data: bytes, at: int) -> tuple[int, Content, int]:
    """One or more values of an attribute."""
    count, at = read_var_uint(data, at)
    values = []
    for _ in range(count):
        value, at = read_any(data, at, ANY_DEPTH_MAX)
        values.append(value)
    return count, tuple(values), at


def read_any(data: bytes, at: int, depth_left: int) -> tuple[Value, int]:
    """One lib0 Any; its nesting is bounded, because pycrdt's is not (it overflows the stack)."""
    if depth_left == 0:
        raise FrameRefused(RefusalReason.TOO_DEEP, "nested value")
    tag = data[at]
    at += 1
    if tag in CONSTANTS:
        return CONSTANTS[tag], at
    if tag in (ARRAY, OBJECT):
        return _read_nested(tag, data, at, depth_left - 1)
    reader = SCALARS.get(tag)
    if reader is None:
        raise malformed(f"unknown value tag {tag}")
    return reader(data, at)


def _read_nested(tag: int, data: bytes, at: int, depth_left: int) -> tuple[Value, int]:
    count, at = read_var_uint(data, at)
    if count > len(data) - at:
        raise malformed("more values than bytes")
    if tag == ARRAY:
        items: list[Value] = []
        for _ in range(count):
            value, at = read_any(data, at, depth_left)
            items.append(value)
        return items, at
    members: dict[str, Value] = {}
    for _ in range(count):
        key, at = read_var_string(data, at)
        members[key], at = read_any(data, at, depth_left)
    return members, at


def _read_var_int(data: bytes, at: int) -> tuple[Value, int]:
    first = data[at]
    rest, negative, at = first & 0x3F, bool(first & 0x40), at + 1
    if first & 0x80:
        high, at = read_var_uint(data, at)
        rest += high << 6
    return (-rest if negative else rest), at


def _fixed(layout: str, size: int) -> Callable[[bytes, int], tuple[Value, int]]:
    unpack = struct.Struct(layout).unpack_from

    def read(data: bytes, at: int) -> tuple[Value, int]:
        if at + size > len(data):
            raise malformed("number runs past the end")
        return unpack(data, at)[0], at + size

    return read


CONSTANTS: Final[dict[int, Value]] = {127: None, 126: None, 121: False, 120: True}
OBJECT: Final = 118
ARRAY: Final = 117
SCALARS: Final[dict[int, Callable[[bytes, int], tuple[Value, int]]]] = {
    125: _read_var_int,
    124: _fixed(">f", 4),
    123: _fixed(">d", 8),
    122: _fixed(">q", 8),
    119: read_var_string,
    116: read_var_bytes,
}

CONTENT_READERS: Final[dict[int, Callable[[bytes, int], tuple[int, Content, int]]]] = {
    DELETED: read_deleted,
    STRING: read_text,
    FORMAT: read_format,
    TYPE: read_type,
    ANY: read_values,
}
