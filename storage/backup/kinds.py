"""Values of columns as JSON that means the same on both engines, and back again exactly."""

import base64
import math
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.tables.columns import Json, UTCDateTime


class Kind(StrEnum):
    """What a column holds."""

    UUID = "uuid"
    BYTES = "bytes"
    MOMENT = "moment"
    DATE = "date"
    JSON = "json"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    FLOAT = "float"
    TEXT = "text"


# The first that fits counts.
_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], Kind], ...]] = (
    (Uuid, Kind.UUID),
    (LargeBinary, Kind.BYTES),
    (UTCDateTime, Kind.MOMENT),
    (Date, Kind.DATE),
    (JSON, Kind.JSON),
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.FLOAT),
    (String, Kind.TEXT),
)

TYPES: Final[dict[Kind, TypeEngine[Any]]] = {
    Kind.UUID: Uuid(),
    Kind.BYTES: LargeBinary(),
    Kind.MOMENT: UTCDateTime(),
    Kind.DATE: Date(),
    Kind.JSON: Json,
    Kind.BOOLEAN: Boolean(),
    Kind.INTEGER: BigInteger(),
    Kind.FLOAT: Float(),
    Kind.TEXT: Text(),
}
"""How a value of each kind is bound, whatever the table in code looks like by now."""


def kind_of(given: TypeEngine[Any]) -> Kind:
    """The kind of a column type.

    Raises:
        TypeError: there is none, so nobody could restore such a column.
    """
    for known, kind in _KINDS:
        if isinstance(given, known):
            return kind
    if isinstance(given, TypeDecorator):
        return kind_of(given.impl_instance)
    raise TypeError(f"no backup keeps columns of type {given!r}")


def encode(kind: Kind, value: Any) -> Any:
    """A value as the database gives it, as something that JSON keeps."""
    if value is None:
        return None
    match kind:
        case Kind.UUID:
            return value.hex
        case Kind.BYTES:
            return base64.b64encode(value).decode()
        case Kind.MOMENT:
            return value.astimezone(UTC).isoformat()
        case Kind.DATE:
            return value.isoformat()
        case Kind.JSON:
            return [value]  # told from a column without a value
        case Kind.FLOAT:
            return float(value) if math.isfinite(value) else repr(float(value))
        case _:
            return value


def decode(kind: Kind, value: Any) -> Any:
    """What ``encode`` was given.

    Raises:
        ValueError: it was not made by ``encode``.
    """
    if value is None:
        return None
    try:
        return _decoded(kind, value)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"no {kind}: {value!r}") from error


def _decoded(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.UUID:
            return UUID(hex=value)
        case Kind.BYTES:
            return base64.b64decode(value, validate=True)
        case Kind.MOMENT:
            return _aware(datetime.fromisoformat(value))
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.JSON:
            (content,) = value
            return content
        case Kind.FLOAT:
            return float(value)
        case Kind.BOOLEAN:
            return _exactly(bool, value)
        case Kind.INTEGER:
            return _exactly(int, value)
        case Kind.TEXT:
            return _exactly(str, value)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without its time zone: {moment}")
    return moment


def _exactly(wanted: type, value: Any) -> Any:
    if type(value) is not wanted:
        raise ValueError(f"no {wanted.__name__}: {value!r}")
    return value
