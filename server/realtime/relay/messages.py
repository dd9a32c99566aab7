"""What processes tell each other, as JSON, read strictly: what is not understood is passed over.

Whoever can publish on the relay belongs to the operators of the arena. Still nothing here is
believed for more than a hint: what it names is read from the database, and text is judged anew.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from collab.sync.rooms.elsewhere import SEATS_MAX, STATE_BYTES_MAX

PACKET_BYTES_MAX = 8 * 1024 * 1024
ITEMS_MAX = 1_024
NAMES_MAX = 1_000
ENTRIES_MAX = 64
PEOPLE_MAX = 500
DOCUMENTS_MAX = 10_000
BOARD_MAX = 1_000
CARDS_MAX = 16

NAME_MAX = 200

Name = Annotated[str, Field(max_length=NAME_MAX)]
State = Annotated[str, Field(max_length=STATE_BYTES_MAX)]


class Message(BaseModel):
    """Something that one process tells the others."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64"
    )


class Moved(Message):
    """A document has been written up to ``seq``; ``updates`` are its rows after ``before``.

    Without ``digest`` they were too long to be carried: whoever wants them reads the log.
    """

    kind: Literal["moved"] = "moved"
    document: UUID
    epoch: int
    before: int
    seq: int
    access_version: int
    updates: Annotated[tuple[bytes, ...], Field(max_length=ITEMS_MAX)] = ()
    claims: dict[int, UUID | None] = {}
    """New client ids and whose they are."""
    digest: bytes | None = None
    """The sum over all of it (``server.realtime.rooms.elsewhere.written``)."""


class Happened(Message):
    """Events were committed: read on in their table."""

    kind: Literal["happened"] = "happened"


class Touched(Message):
    """These topics of ``/live`` show something else now."""

    kind: Literal["touched"] = "touched"
    topics: Annotated[tuple[Name, ...], Field(max_length=NAMES_MAX)]


class Changed(Message):
    """These documents show something else: pages may want to know that have none of them open."""

    kind: Literal["changed"] = "changed"
    documents: Annotated[tuple[UUID, ...], Field(max_length=NAMES_MAX)]


class Told(Message):
    """These people's pages shall ask for the topic anew."""

    kind: Literal["told"] = "told"
    people: Annotated[tuple[UUID, ...], Field(max_length=NAMES_MAX)]
    topic: Name


class Ended(Message):
    """Sign-ins and tokens have ended: look which sockets were opened with what holds no longer."""

    kind: Literal["ended"] = "ended"


class Alive(Message):
    """A node says every second that it is there, and where it stands."""

    kind: Literal["alive"] = "alive"
    version: Name
    revision: Name
    at: datetime
    """The node's own clock."""


class Leaving(Message):
    """A node ends in good order: what it had open is open no more."""

    kind: Literal["leaving"] = "leaving"


class Seated(Message):
    """Who shows himself in a document at this node, and where: what has changed.

    ``entries`` are client id, clock and state; a state ``None``: not here any more. ``whole``,
    where it is given, are all client ids that are here.
    """

    kind: Literal["seated"] = "seated"
    document: UUID
    serial: int
    entries: Annotated[tuple[tuple[int, int, State | None], ...], Field(max_length=ENTRIES_MAX)]
    whole: Annotated[tuple[int, ...], Field(max_length=SEATS_MAX)] | None = None


class Wanted(Message):
    """Tell who shows himself in this document, all of them."""

    kind: Literal["wanted"] = "wanted"
    document: UUID


class Person(Message):
    """Somebody as pages show him."""

    person: UUID | None
    handle: Name
    name: Name
    colour: Annotated[str, Field(pattern=r"^c[0-7]$")]
    cards: Annotated[tuple[Name, ...], Field(max_length=CARDS_MAX)] = ()
    """At the board: the ideas whose cards he is at."""


People = Annotated[tuple[Person, ...], Field(max_length=PEOPLE_MAX)]


class Whole(Message):
    """All that there is, by key."""

    documents: Annotated[tuple[UUID, ...], Field(max_length=DOCUMENTS_MAX)]
    board: Annotated[tuple[Name, ...], Field(max_length=BOARD_MAX)]


class Roster(Message):
    """Who has which documents open at this node, and the board: what has changed.

    Without people a document is open no more; who has left the board is ``None`` under his
    handle. ``whole``, where it is given, are all documents and all people of the board.
    """

    kind: Literal["roster"] = "roster"
    serial: int
    documents: Annotated[dict[UUID, People], Field(max_length=ENTRIES_MAX)] = {}
    board: Annotated[dict[Name, Person | None], Field(max_length=BOARD_MAX)] = {}
    whole: Whole | None = None


class Asked(Message):
    """Tell everything of who is where: one node, or all."""

    kind: Literal["asked"] = "asked"
    node: Name | None = None


AnyMessage = Annotated[
    Moved
    | Happened
    | Touched
    | Changed
    | Told
    | Ended
    | Alive
    | Leaving
    | Seated
    | Wanted
    | Roster
    | Asked,
    Field(discriminator="kind"),
]


class Parcel(BaseModel):
    """What a node says at once on one channel."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_bytes="base64", val_json_bytes="base64"
    )

    node: Name
    items: Annotated[tuple[AnyMessage, ...], Field(max_length=ITEMS_MAX)]


_PARCEL = TypeAdapter(Parcel)
_ITEM: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)


def encode(parcel: Parcel) -> bytes:
    """The parcel as it goes over the wire."""
    return parcel.model_dump_json().encode()


def decode(packet: bytes) -> Parcel | None:
    """The parcel in a packet; ``None`` if it is too big or no parcel.

    Messages that this Arena does not understand are left out: while an upgrade rolls on, a newer
    node says things that an older one does not know.
    """
    if len(packet) > PACKET_BYTES_MAX:
        return None
    try:
        return _PARCEL.validate_json(packet)
    except ValidationError:
        return _understood(packet)


def _understood(packet: bytes) -> Parcel | None:
    """What can be understood of a parcel."""
    try:
        found = json.loads(packet)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return None
    items: list[AnyMessage] = []
    for each in found["items"][:ITEMS_MAX]:
        with suppress(ValidationError):
            items.append(_ITEM.validate_json(json.dumps(each)))
    try:
        return Parcel(node=str(found.get("node")), items=tuple(items))
    except ValidationError:
        return None
