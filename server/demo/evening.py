"""An evening that is going on in the demonstration: people write silently, one hand is up."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from collab.process.actors import Actor
from collab.process.workshop.templates import load_workshop_template
from server.actions.access import Caller
from server.actions.workshop import leading, seats
from server.actions.workshop.board.silent import add_note
from server.actions.workshop.joining import join_as_guest
from server.actions.workshop.opening import HOURS_MAX, Opening, open_workshop
from server.auth.holders import actor_of
from server.demo.journeys.quiet import MovedClock, quiet_services
from server.services import Services
from storage import people
from storage.database import Database
from storage.workshop import workshops

CODE: Final = "ABEND2"
"""Only here a code is known beforehand; everywhere else it is drawn."""

LEADER: Final = "moderator"
TITLE: Final = "Ideenabend: Wie bleibt unser Platz im Sommer kühl?"
TABLES: Final = ("Tisch Linde", "Tisch Brunnen")
BEGAN: Final = timedelta(minutes=25)
IN_SILENCE: Final = timedelta(minutes=4)
NOTE_ID_CHARS: Final = 16
GUESTS: Final = (
    ("Ana", 1, ("Wasserspender an der Bushaltestelle", "Bänke stehen alle in der Sonne")),
    ("Bilal", 1, ("Bäume statt Stellplätze?",)),
    ("Chris", 2, ("Markisen für den Markt", "Wer gießt die neuen Beete?")),
    ("Frau Demir", 2, ("Ein Brunnen, in den Kinder dürfen",)),
    ("Emil", 3, ("Von hier aus: Wo genau ist es am heißesten?",)),
)
"""Names, tables and what they have written so far; the last one sits elsewhere."""


async def hold_evening(database: Database, now: datetime) -> None:
    """Let the evening begin, so that it is in its second step at ``now``."""
    clock = MovedClock(now - BEGAN)
    async with database.write() as tx, quiet_services(database, tx, clock) as services:
        boss = await _leader(services)
        template = load_workshop_template("idea-evening")
        opening = Opening(
            title=TITLE,
            steps=template.steps,
            tables=TABLES,
            template_id=template.id,
            template_version=template.version,
            hours=HOURS_MAX,
            dots_per_person=template.dots,
        )
        opened = await open_workshop(services, boss, opening, "Von anderswo")
        async with services.database.write() as same:
            await workshops.change(same, opened.id, {"code": CODE})
        came = [await _come(services, name, table) for name, table, _ in GUESTS]
        clock.now = now - IN_SILENCE
        await leading.go_to_step(services, boss, CODE, 1, starts_timer=True)
        for guest, (_, _, notes) in zip(came, GUESTS, strict=True):
            for text in notes:
                await add_note(
                    services, guest, CODE, uuid4().hex[:NOTE_ID_CHARS], text=text, colour="yellow"
                )
        clock.now = now
        await seats.raise_hand(services, came[0], CODE, up=True)


async def _leader(services: Services) -> Actor:
    async with services.database.read() as tx:
        person = await people.by_handle(tx, LEADER)
        assert person is not None, "the demonstration has a moderator"
        return actor_of(person, await people.roles(tx, person.id))


async def _come(services: Services, name: str, table: int) -> Actor:
    joined = await join_as_guest(
        services, CODE, name, Caller("127.0.0.1"), "de", table=table, is_program=True
    )
    return Actor(joined.person_id, "", joined.name, frozenset())
