"""A well-formed request for any operation, made from its description alone.

What it asks for does not exist, so whoever has the right to ask is told so and changes nothing.
"""

from typing import Any
from urllib.parse import urlencode

from pydantic import TypeAdapter

from server.api.operation import Operation

NOBODY = "0a0b0c0d-0000-4000-8000-000000000000"
IN_PATH = {
    "role": "editor",
    "target": "suggestion",
    "dimension": "legal",
    "kind": "mandate",
    "catalogue": "guiding_ideas",
    "entry": "sustainable",
    "number": "1",
    "revision": "1",
    "version": "1",
    "link_kind": "builds_on",
}
"""Values for parts of paths that must be of a kind; everything else is an id of nobody."""


INDICATOR = {"kind": "output", "text": "x", "unit": "x", "target": 1, "due": "2027-01-01"}
BODIES: dict[str, Any] = {
    "decide_offer": {"decision": "decline", "version": "1.1"},
    "suggest": {"section": "idea", "passage": {"quote": "x"}, "text": "y"},
    "state_alignment": {"contribution": "x" * 100, "expected_revision": 1},
    "set_indicator": INDICATOR,
    "change_indicator": {**INDICATOR, "expected_revision": 1},
    "measure": {"day": "2026-11-01", "value": 1},
    "change_comment": {"text": "x"},
    "set_slow_mode": {"seconds": 60, "hours": 1, "reason": "x"},
    "grant_idea_term": {"handle": "x", "role": "partner", "last": "2026-12-01"},
    "grant_person_term": {"role": "deputy", "last": "2026-12-01"},
}
"""Bodies whose fields depend on each other, which their description does not say."""


def path_of(operation: Operation, ref: str) -> str:
    """The address of the operation at the idea ``ref``."""
    path = operation.path.replace("{ref}", ref)
    values = IN_PATH | ({"kind": "answers"} if operation.name == "unlink_ideas" else {})
    for name in operation.path_parameters:
        path = path.replace("{" + name + "}", values.get(name, NOBODY))
    asked = sample(operation.query.model_json_schema(), {}) if operation.query else {}
    return f"{path}?{urlencode(asked)}" if asked else path


def body_of(operation: Operation) -> Any:
    """A body that the operation understands; None if it takes none."""
    if operation.body is None or operation.name in BODIES:
        return BODIES.get(operation.name)
    schema = TypeAdapter(operation.body).json_schema()
    return sample(schema, schema.get("$defs", {}))


def sample(schema: dict[str, Any], known: dict[str, Any]) -> Any:
    """The least value that fits the schema."""
    if "$ref" in schema:
        return sample(known[schema["$ref"].rsplit("/", 1)[-1]], known)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return sample(schema[key][0], known)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            required = schema.get("required", [])
            fields = schema.get("properties", {})
            asked = [*required, *(name for name in fields if _names_somebody(fields[name]))]
            return {name: sample(fields[name], known) for name in asked}
        case "array":
            return [sample(schema["items"], known)] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return False
    return _text(schema)


def _names_somebody(schema: dict[str, Any]) -> bool:
    """An optional id: given, it names what is not there."""
    return any(each.get("format") == "uuid" for each in [schema, *schema.get("anyOf", [])])


def _text(schema: dict[str, Any]) -> str:
    match schema.get("format"):
        case "uuid":
            return NOBODY
        case "date":
            return "2026-12-01"
        case "date-time":
            return "2026-12-01T12:00:00Z"
    if "[0-9a-f]{64}" in schema.get("pattern", ""):
        return "0" * 64
    return "x" * max(int(schema.get("minLength", 1)), 1)
