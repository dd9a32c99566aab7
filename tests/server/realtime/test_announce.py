"""The announcer: events of this process and of others reach open pages and open rooms, once."""

import json
from unittest.mock import patch
from uuid import UUID

from collab.process.events.event import Event
from collab.process.events.ideas import ProcessChanged, StageChanged
from collab.process.events.people import PersonRoleChanged, PersonSuspended
from collab.process.events.talk import CommentAdded
from collab.sync.messages import AccessChanged
from server.realtime.announce import Announcer
from server.realtime.live import Live, spread_ms
from storage import events, ideas, people
from storage.database import Database, StorageUnavailable
from storage.events import StoredEvent
from tests.server.realtime.table import Socket, Table, laid
from tests.storage.making import NOW, version


class Page(Socket):
    """An open page: what ``/live`` tells it."""

    def __init__(self) -> None:
        super().__init__(None)
        self.told: list[list[str]] = []
        self.within_ms = 0

    def send(self, frame: bytes | str) -> None:
        notice = json.loads(frame)
        self.told.append(notice["changed"])
        self.within_ms = notice["within"]


async def stored(table: Table, fact: Event) -> tuple[StoredEvent, str]:
    """The event of an act at the table's idea, committed; and the idea's reference."""
    async with table.database.write() as tx:
        idea = await ideas.by_document(tx, table.document_id)
        assert idea is not None
        event = await events.append(
            tx, fact, idea_id=idea.id, actor_id=table.author, public=True, now=NOW
        )
    return event, idea.ref


async def test_e2_what_another_process_committed_is_told_once(database: Database) -> None:
    async with laid(database) as table:
        live, page = Live(), Page()
        announcer = Announcer(database, live, table.hub)
        fact = CommentAdded(UUID(int=1), "note", None)
        event, ref = await stored(table, fact)
        live.add(page).topics = frozenset({f"idea:{ref}:comments"})
        await announcer._read_on()
        await announcer.announce([event])
        await announcer._read_on()
        assert page.told == [[f"idea:{ref}:comments"]]


async def test_e3_a_page_hears_only_of_topics_it_shows(database: Database) -> None:
    async with laid(database) as table:
        live, page = Live(), Page()
        announcer = Announcer(database, live, table.hub)
        live.add(page).topics = frozenset({"idea:2026-99999:comments"})
        event, _ = await stored(table, CommentAdded(UUID(int=1), "note", None))
        await announcer.announce([event])
        assert page.told == []


async def test_lv6_a_crowd_is_told_to_take_its_time_and_few_are_not() -> None:
    live, topic = Live(), "idea:2026-00001:comments"
    pages = [Page() for _ in range(400)]
    for page in pages:
        live.add(page).topics = frozenset({topic, "arena"} if page in pages[:300] else {"arena"})
    live.publish([topic])
    assert [each.within_ms for each in (pages[0], pages[299])] == [270, 270]
    assert pages[300].told == []
    live.publish(["arena"])
    assert pages[0].within_ms == 360
    live.tell_people_here([], topic)
    assert [spread_ms(each) for each in (0, 1, 3, 33, 34, 3_334, 10_000)] == [
        *[30] * 4,
        31,
        *[3_000] * 2,
    ]


async def test_p3_a_suspension_from_the_command_line_closes_the_sockets(
    database: Database,
) -> None:
    async with laid(database) as table:
        announcer = Announcer(database, Live(), table.hub)
        ana = await table.sit()
        table.hub.sockets.add(ana.connection, ana.connection.person_id)
        assert ana.connection.person_id is not None
        await stored(table, PersonSuspended(ana.connection.person_id, "Beleidigungen"))
        await announcer._read_on()
        assert isinstance(ana.connection, Socket)
        assert ana.connection.closed_with == (4401, "suspended")


async def test_p5_a_role_withdrawn_elsewhere_counts_in_open_rooms(database: Database) -> None:
    async with laid(database) as table:
        announcer = Announcer(database, Live(), table.hub)
        ana = await table.sit()
        person_id = ana.connection.person_id
        assert person_id is not None
        async with database.write() as tx:
            await people.remove_role(tx, person_id, "participant")
        await stored(table, PersonRoleChanged(person_id, "participant", granted=False))
        await announcer._read_on()
        await ana.until(AccessChanged)
        assert AccessChanged(False, "stage") in ana.told


async def test_e2_what_could_not_be_told_during_an_outage_is_told_after_it(
    database: Database,
) -> None:
    async with laid(database) as table:
        live, page = Live(), Page()
        announcer = Announcer(database, live, table.hub)
        change = StageChanged("review", "open", "review", "", version(1))
        event, ref = await stored(table, change)
        live.add(page).topics = frozenset({f"idea:{ref}:stage"})
        with patch.object(database, "read", side_effect=StorageUnavailable("away")):
            await announcer.announce([event])
        assert page.told == []
        await announcer._read_on()
        await announcer._read_on()
        assert page.told == [[f"idea:{ref}:stage"]]


async def test_p5_a_process_that_moves_an_idea_counts_in_open_rooms(database: Database) -> None:
    async with laid(database) as table:
        announcer = Announcer(database, Live(), table.hub)
        ana = await table.sit()
        async with database.write() as tx:
            idea = await ideas.by_document(tx, table.document_id)
            assert idea is not None
            assert await ideas.advance(
                tx, idea.id, idea.revision, from_stage="open", to_stage="declined", now=NOW
            )
        await stored(table, ProcessChanged("gdb-arena", 1, 2, "open", "declined", "Neue Regeln."))
        await announcer._read_on()
        await ana.until(AccessChanged)
        assert AccessChanged(False, "stage") in ana.told
