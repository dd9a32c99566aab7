"""Bodies of operations that say something hostile in every field that takes words."""

from typing import Any, Final

from pydantic import TypeAdapter

from server.api.operation import Operation
from tests.server.rights.samples import sample

MARKUP: Final = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
TURNED: Final = "\u202e\u2067"
"""Marks that would turn the page round behind the words, were they kept."""

LONG: Final = "ä" * 100_000
RAW: Final = ("<script>alert(1)", "<img src=x", "javascript:alert")
NO_WORDS: Final = frozenset(
    {
        *("handle", "owner", "due", "idea", "id", "target", "section", "other", "parameters"),
        *("start", "end", "prefix", "suffix", "email", "language", "change_from", "change_to"),
    }
)
"""Texts that name something, or stand for it."""


def takes_words(operation: Operation) -> bool:
    """Whether the operation has a field for words."""
    return operation.body is not None and MARKUP in str(hostile_body(operation, {}))


def hostile_body(operation: Operation, given: dict[str, Any]) -> Any:
    """A body with ``given``, and the markup in every other field for words."""
    if operation.body is None:
        return None
    schema = TypeAdapter(operation.body).json_schema()
    return {**_hostile(schema, schema.get("$defs", {})), **given}


def word_fields(operation: Operation) -> list[str]:
    """The fields of the operation that take words."""
    if operation.body is None:
        return []
    fields = TypeAdapter(operation.body).json_schema().get("properties", {})
    return [name for name, each in fields.items() if name not in NO_WORDS and _is_for_words(each)]


def _hostile(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    said = {}
    for name, each in schema.get("properties", {}).items():
        if name not in NO_WORDS and _is_for_words(each):
            said[name] = _filled(each)
        elif name in schema.get("required", []):
            said[name] = sample(each, known)
    return said


def _is_for_words(schema: dict[str, Any]) -> bool:
    plain = [schema, *schema.get("anyOf", [])]
    return any(
        each.get("type") == "string"
        and not {"format", "pattern", "enum", "const"} & each.keys()
        and each.get("maxLength", 10_000) >= len(MARKUP + TURNED)
        for each in plain
    )


def _filled(schema: dict[str, Any]) -> str:
    return MARKUP + "x" * max(int(schema.get("minLength", 0)) - len(MARKUP), 0) + TURNED
