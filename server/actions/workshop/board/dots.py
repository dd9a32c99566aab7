"""Dots: a mood in the room, no decision. What one gives, nobody else sees until all is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.events.gathering.boards import DotsShown
from collab.process.workshop.notes import check_dots, check_note_id
from collab.sync.boards.board import Board
from server.actions.access import known
from server.actions.workshop.board.reading import at_board, board_id, board_of, require_going_on
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import enter_workshop, lead_workshop
from server.auth import limits
from server.services import Services
from storage.database import Transaction
from storage.workshop import dots, workshops
from storage.workshop.workshops import Workshop


@dataclass(frozen=True, slots=True)
class Purse:
    """What one person gives. ``lost`` lay on notes that are gone, and can be given anew."""

    budget: int
    given: Mapping[str, int]
    lost: int

    @property
    def left(self) -> int:
        return max(0, self.budget - sum(self.given.values()))


@dataclass(frozen=True, slots=True)
class Result:
    """Dots on one note, and of how many people."""

    dots: int
    people: int


@dataclass(frozen=True, slots=True)
class Results:
    """All dots, once they are shown; ``people`` is how many have given any."""

    by_note: Mapping[str, Result]
    people: int


async def give_dots(services: Services, actor: Actor, code: str, note_id: str, count: int) -> Purse:
    """Give a note or group so many dots; 0 takes them back.

    Raises:
        NotFound: (no-such-note) it is not on the board.
        Conflict: (dots-spent) more than one has left; (dots-shown) they are shown already.
    """
    name, person_id, now = check_note_id(note_id), known(actor), services.clock()
    await services.limiter.hit(limits.DOT_PER_PERSON, "dot", str(actor.person_id))
    async with services.database.read() as tx:
        workshop = (await at_board(tx, actor, code, now)).workshop
        document_id = await board_id(tx, workshop.id)
    board = (await board_of(services, document_id)).board
    if not _is_there(board, name):
        raise NotFound("no-such-note")
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, now)).workshop
        require_going_on(workshop)
        if workshop.dots_revealed_at is not None:
            raise Conflict("dots-shown")
        await dots.lock_purse(tx, person_id)
        before = await dots.of_person(tx, workshop.id, person_id)
        living = {each: n for each, n in before.items() if _is_there(board, each) and each != name}
        gone = [each for each in before if not _is_there(board, each)]
        check_dots(count, sum(living.values()), workshop.dots_per_person)
        if count + sum(before[each] for each in (*living, *gone)) > workshop.dots_per_person:
            # Given anew: should a note come back, nobody has more than his dots.
            await dots.take_back(tx, workshop.id, person_id, gone)
        await dots.put(tx, workshop.id, name, person_id, count, now)
        return await purse_of(tx, workshop, person_id, board)


async def purse_of(tx: Transaction, workshop: Workshop, person_id: UUID, board: Board) -> Purse:
    """What the person gives to what is on the board."""
    rows = await dots.of_person(tx, workshop.id, person_id)
    given = {each: count for each, count in rows.items() if _is_there(board, each)}
    return Purse(workshop.dots_per_person, given, sum(rows.values()) - sum(given.values()))


async def results_of(tx: Transaction, workshop: Workshop) -> Results | None:
    """All dots; None as long as they are secret."""
    if workshop.dots_revealed_at is None:
        return None
    rows = await dots.results(tx, workshop.id)
    by_note = {each: Result(count, people) for each, (count, people) in rows.items()}
    return Results(by_note, await dots.people(tx, workshop.id))


async def show_dots(services: Services, actor: Actor, code: str, *, shown: bool) -> None:
    """Show all dots, or hide them again so that people can go on; doing it again is fine."""
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        if (workshop.dots_revealed_at is not None) == shown:
            return
        await workshops.change(tx, workshop.id, {"dots_revealed_at": now if shown else None})
        fact = DotsShown(workshop.id, workshop.code, shown)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def read_results(services: Services, actor: Actor, code: str) -> Results | None:
    """All dots for somebody who takes part; None as long as they are secret."""
    async with services.database.read() as tx:
        workshop = (await enter_workshop(tx, actor, code)).workshop
        return await results_of(tx, workshop)


def _is_there(board: Board, name: str) -> bool:
    return board.note(name) is not None or board.group(name) is not None
