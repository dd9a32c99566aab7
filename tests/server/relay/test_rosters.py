"""Pages name and count the people of all nodes, each once."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from collab.process.events.event import ARENA_TOPIC, BOARD_TOPIC
from server.realtime.hub import hub_of
from server.realtime.relay import rosters
from server.realtime.relay.messages import BOARD_MAX, CARDS_MAX, PEOPLE_MAX, Person, Roster, Whole
from server.realtime.relay.rosters import Rosters
from storage import ideas
from storage.following import marks
from tests.harness.transport import Peer
from tests.harness.waiting import until_true
from tests.server.board.test_onlookers import follow, token
from tests.server.relay.company import a_document, knowing_each_other, seated
from tests.server.relay.conftest import Nodes
from tests.server.sockets import socket

ANA = Person(person=UUID(int=1), handle="ana", name="Ana", colour="c1")
BO = Person(person=UUID(int=2), handle="bo", name="Bo", colour="c2", cards=("2026-00001",))
DOCUMENT = UUID(int=9)


async def told(page: Peer, topic: str) -> None:
    await page.until(
        lambda each: isinstance(each, str) and topic in json.loads(each).get("changed", [])
    )


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t10_people_of_all_nodes_are_counted_once_and_pages_are_told(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    hubs = [hub_of(node.arena.services) for node in (nodes.one, nodes.other)]
    async with socket(nodes.other, "/live") as page:
        await follow(page, ARENA_TOPIC)
        ana = await seated(nodes.one, document, "author", 7)
        await ana.point(1)
        await told(page, ARENA_TOPIC)
    twice = await seated(nodes.other, document, "author", 8)
    await twice.point(1)
    bo = await seated(nodes.other, document, "editor", 9)
    await bo.point(1)
    for hub in hubs:
        await until_true(lambda hub=hub: hub.presence() == {document: 2}, "two people")
        found = {each.person_id: each.colour for each in hub.present(document)}
        assert set(found) == {ana.table.author, bo.table.author}
        assert len(set(found.values())) == 2
    bo.leave()
    for hub in hubs:
        await until_true(lambda hub=hub: hub.presence() == {document: 1}, "one left")


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t10_the_board_shows_who_looks_at_it_at_any_node(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    here, there = (node.arena.services.live.onlookers for node in (nodes.one, nodes.other))
    async with socket(nodes.other, "/live", **await token(nodes.other, "moderator")) as page:
        await follow(page, BOARD_TOPIC)
        async with socket(nodes.one, "/live", **await token(nodes.one, "auditor")) as wire:
            await follow(wire, BOARD_TOPIC)
            wire.say(json.dumps({"looking": "2026-00001"}))
            await until_true(lambda: "2026-00001" in there.at(), "at the card")
            await told(page, BOARD_TOPIC)
            assert [each.handle for each in there.here()] == ["auditor", "moderator"]
            await until_true(lambda: there.here() == here.here(), "the same at both")
        await until_true(lambda: [each.handle for each in there.here()] == ["moderator"], "gone")
        assert there.at() == {}


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t10_who_has_the_text_open_at_one_node_has_seen_it_at_every(nodes: Nodes) -> None:
    await knowing_each_other(nodes)
    ref, document = await a_document(nodes)
    hub, services = hub_of(nodes.one.arena.services), nodes.other.arena.services
    client = await nodes.other.client("participant")
    reader = (await nodes.other.actor("participant")).person_id
    assert reader is not None

    async def seen() -> object:
        said = await client.post(f"/api/v1/ideas/{ref}/seen", json={"event": 0})
        assert said.status_code < 300, said.text
        async with services.database.read() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            point = await marks.visit(tx, reader, idea.id)
        assert point is not None
        return point.seen.version

    before = await seen()
    author = await seated(nodes.one, document, "author", 7)
    await author.table.type(author.guest, "Neues")
    await hub.flush(document)
    nodes.one.arena.clock.pass_by(minutes=5)
    nodes.other.arena.clock.pass_by(minutes=5)
    assert await seen() == before, "he has it open nowhere"
    page = await seated(nodes.one, document, "participant", 8)
    await page.point(1)
    present = hub_of(services).present
    await until_true(lambda: any(e.person_id == reader for e in present(document)), "present")
    assert await seen() != before


def test_t10_who_is_at_two_nodes_stays_until_he_has_left_both() -> None:
    held = Rosters()
    for node in ("n1", "n2"):
        held.take(node, Roster(serial=1, documents={DOCUMENT: (ANA,)}, board={"bo": BO}))
    held.forget("n1")
    assert [each.handle for each in held.present(DOCUMENT)] == ["ana"]
    assert held.take("n2", Roster(serial=2, documents={DOCUMENT: ()})) == (True, False)
    assert held.open_documents() == set()
    assert [(each.handle, list(cards)) for each, cards in held.onlookers()] == [
        ("bo", ["2026-00001"])
    ]
    whole = Whole(documents=(), board=())
    assert held.take("n2", Roster(serial=3, whole=whole)) == (False, True)
    assert held.take("n2", Roster(serial=1, board={"bo": BO})) == (False, False), "late"
    assert held.onlookers() == []


@pytest.mark.usefixtures("in_a_hurry", "no_polling")
async def test_t11_of_more_people_than_a_message_takes_so_many_are_told(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert min(PEOPLE_MAX, BOARD_MAX, CARDS_MAX) > 1
    monkeypatch.setattr(rosters, "PEOPLE_MAX", 1)
    await knowing_each_other(nodes)
    _, document = await a_document(nodes)
    for client_id, handle in ((7, "author"), (8, "editor")):
        await (await seated(nodes.one, document, handle, client_id)).point(1)
    here, there = (hub_of(node.arena.services) for node in (nodes.one, nodes.other))
    await until_true(lambda: here.presence() == {document: 2}, "both here")
    await until_true(lambda: there.presence() == {document: 1}, "one there")
