"""Who has the board open, and at which card: in memory, never kept.

Of the people at other processes it knows what these tell.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from uuid import UUID

from collab.process.actors import Actor

COLOURS = 8


@dataclass(frozen=True, slots=True)
class Onlooker:
    """A person at the board."""

    person_id: UUID | None
    handle: str
    name: str
    colour: str

    @classmethod
    def of(cls, actor: Actor) -> "Onlooker":
        """The actor as the others at the board see him, always in the same colour."""
        number = actor.person_id.int % COLOURS if actor.person_id else 0
        return cls(actor.person_id, actor.handle, actor.name, f"c{number}")


Seen = tuple[Onlooker, Collection[str]]
"""Somebody at the board, and the ideas whose cards he is at."""


class Onlookers:
    """The pages that show the board; a person with two of them is one person."""

    def __init__(self) -> None:
        self._people: dict[Hashable, Onlooker] = {}
        self._cards: dict[Hashable, str] = {}
        self.elsewhere: Callable[[], Iterable[Seen]] = lambda: ()

    def come(self, page: Hashable, person: Onlooker) -> bool:
        """A page shows the board; whether that is news."""
        is_news = self._people.get(page) != person
        self._people[page] = person
        return is_news

    def look(self, page: Hashable, ref: str | None) -> bool:
        """The person at the page is at this card, or at none; whether that is news.

        Of a page that does not show the board nobody wants to know.
        """
        if page not in self._people or self._cards.get(page) == ref:
            return False
        if ref is None:
            del self._cards[page]
        else:
            self._cards[page] = ref
        return True

    def leave(self, page: Hashable) -> bool:
        """The page is gone; whether it showed the board."""
        self._cards.pop(page, None)
        return self._people.pop(page, None) is not None

    def here(self) -> list[Onlooker]:
        """Everybody who has the board open, by name."""
        return _each_once([*(each for each, _ in self.elsewhere()), *self._people.values()])

    def at(self) -> dict[str, list[Onlooker]]:
        """Who is at which card, by the idea's reference."""
        found: dict[str, list[Onlooker]] = {}
        for each, refs in self.elsewhere():
            for ref in refs:
                found.setdefault(ref, []).append(each)
        for page, ref in self._cards.items():
            found.setdefault(ref, []).append(self._people[page])
        return {ref: _each_once(people) for ref, people in found.items()}

    def of_this_process(self) -> list[Seen]:
        """Everybody who has the board open at this process, and the cards he is at there."""
        cards: dict[str, set[str]] = {person.handle: set() for person in self._people.values()}
        for page, ref in self._cards.items():
            cards[self._people[page].handle].add(ref)
        return [(each, sorted(cards[each.handle])) for each in _each_once(self._people.values())]


def _each_once(people: Iterable[Onlooker]) -> list[Onlooker]:
    return sorted({each.handle: each for each in people}.values(), key=lambda each: each.name)
