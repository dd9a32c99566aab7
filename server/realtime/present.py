"""Who has documents open, as pages name them: at this process and, as they tell, at others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from server.realtime.open_rooms import OpenRooms


@dataclass(frozen=True, slots=True)
class Present:
    """A person who has a document open."""

    person_id: UUID | None
    handle: str
    name: str
    colour: str


class Company:
    """The people in documents, each once, wherever they are."""

    def __init__(self, rooms: OpenRooms) -> None:
        self._rooms = rooms
        self.elsewhere: Callable[[UUID], Iterable[Present]] = lambda _document: ()
        self.open_elsewhere: Callable[[], Iterable[UUID]] = lambda: ()

    def of(self, document_id: UUID) -> list[Present]:
        """Who shows himself in the document, at whatever process."""
        found = {each.handle: each for each in self.elsewhere(document_id)}
        found |= {each.handle: each for each in self.here(document_id)}
        return list(found.values())

    def counts(self) -> Mapping[UUID, int]:
        """How many people show themselves in each document."""
        documents = {room.document_id for room in self._rooms}.union(self.open_elsewhere())
        counts = {document: len(self.of(document)) for document in documents}
        return {document: n for document, n in counts.items() if n}

    def here(self, document_id: UUID) -> list[Present]:
        """Who shows himself in the document at this process."""
        room = self._rooms.get(document_id)
        if room is None:
            return []
        return [
            Present(person.person_id, person.handle, person.name, colour)
            for person, colour in room.room.people()
        ]
