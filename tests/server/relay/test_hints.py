"""What one node tells makes the others look at once; what is not told they find by looking."""

from __future__ import annotations

import json

import pytest

from collab.process.events.event import INBOX_TOPIC
from collab.process.workshop.agenda import Step, StepKind
from server.actions.programs import revoke_token
from server.actions.workshop.opening import Opening, open_workshop
from server.realtime import announce, live
from server.realtime.hub import hub_of
from server.realtime.polling import watch
from server.services import Services
from storage import access, people
from storage.workshop import workshops
from tests.harness.transport import Peer
from tests.harness.waiting import until_true
from tests.server.idea.arena_of_all import Everyone
from tests.server.relay.conftest import Nodes, relay_of
from tests.server.sockets import close_code, socket


async def subscribed(peer: Peer, *topics: str) -> None:
    """Let the page ask for its topics and wait for the answer."""
    peer.say(json.dumps({"subscribe": list(topics)}))
    await peer.until(lambda each: isinstance(each, str) and "subscribed" in each)


async def told(peer: Peer, topic: str) -> None:
    """Wait until the page was told that the topic has changed."""

    def is_it(each: object) -> bool:
        return isinstance(each, str) and topic in json.loads(each).get("changed", [])

    await peer.until(is_it)


async def comment(node: Everyone, ref: str) -> None:
    client = await node.client("expert")
    said = await client.post(
        f"/api/v1/ideas/{ref}/comments", json={"text": "Gut so.", "kind": "question"}
    )
    assert said.status_code == 201, said.text


@pytest.mark.usefixtures("no_polling")
async def test_t4_a_page_at_another_node_is_told_at_once(nodes: Nodes) -> None:
    ref = await nodes.one.idea("open")
    async with socket(nodes.other, "/live") as page:
        await subscribed(page, f"idea:{ref}:comments")
        await comment(nodes.one, ref)
        await told(page, f"idea:{ref}:comments")


async def test_t4_without_the_relay_it_is_told_within_a_second(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announce, "TAIL_S", 0.02)
    ref = await nodes.one.idea("open")
    nodes.exchange.go_down()
    async with socket(nodes.other, "/live") as page:
        await subscribed(page, f"idea:{ref}:comments")
        await comment(nodes.one, ref)
        await told(page, f"idea:{ref}:comments")


@pytest.mark.usefixtures("no_polling")
async def test_t4_a_text_that_was_written_is_told_at_every_node(nodes: Nodes) -> None:
    ref = await nodes.one.idea("open")
    async with socket(nodes.other, "/live") as page:
        await subscribed(page, f"idea:{ref}:text")
        hub_of(nodes.one.arena.services).on_text(ref)
        await told(page, f"idea:{ref}:text")


@pytest.mark.usefixtures("no_polling")
async def test_wl9_a_board_that_was_written_is_told_at_every_node(nodes: Nodes) -> None:
    services = nodes.one.arena.services
    steps = (Step(StepKind.COLLECT, {"de": "Sammeln"}, 10),)
    opening = Opening("Kiezabend", steps, ("Tisch 1",), "evening", 1)
    opened = await open_workshop(services, await nodes.one.actor("moderator"), opening, "Fern")
    async with services.database.read() as tx:
        board = (await workshops.documents(tx, opened.id))["board"]
    async with socket(nodes.other, "/live") as wall:
        await subscribed(wall, f"workshop:{opened.code}:board")
        services.hub.tell_changed(board)
        await told(wall, f"workshop:{opened.code}:board")


@pytest.mark.usefixtures("no_polling")
async def test_t4_a_persons_pages_are_told_wherever_they_are(nodes: Nodes) -> None:
    participant = (await nodes.one.actor("participant")).person_id
    bearer = (await nodes.other.client("participant")).headers["authorization"]
    assert participant is not None
    async with socket(nodes.other, "/live", authorization=bearer) as page:
        await subscribed(page, INBOX_TOPIC)
        nodes.one.arena.services.live.tell_people({participant}, INBOX_TOPIC)
        await told(page, INBOX_TOPIC)


@pytest.mark.usefixtures("no_polling")
async def test_t5_a_suspended_persons_sockets_close_at_every_node(nodes: Nodes) -> None:
    bearer = (await nodes.other.client("participant")).headers["authorization"]
    office = await nodes.one.client("office")
    async with socket(nodes.other, "/live", authorization=bearer) as page:
        answer = await office.put(
            "/api/v1/people/participant/suspension", json={"reason": "Beleidigungen"}
        )
        assert answer.status_code < 300, answer.text
        assert await close_code(page) == 4401


async def end_token(services: Services, node: Everyone, handle: str) -> None:
    """End the token that the person uses at that node, as he does himself."""
    actor = await node.actor(handle)
    async with services.database.read() as tx:
        person = await people.by_handle(tx, handle)
        assert person is not None
        tokens = await access.tokens(tx, person.id)
    for token in tokens:
        await revoke_token(services, actor, token.id)


@pytest.mark.usefixtures("no_polling")
async def test_t5_a_revoked_token_closes_its_sockets_at_every_node(nodes: Nodes) -> None:
    bearer = (await nodes.other.client("participant")).headers["authorization"]
    async with socket(nodes.other, "/live", authorization=bearer) as page:
        await end_token(nodes.one.arena.services, nodes.one, "participant")
        assert await close_code(page) == 4401


async def test_t5_while_the_relay_is_away_ended_sign_ins_are_looked_for(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "ENDED_ALONE_S", 0.02)
    bearer = (await nodes.other.client("participant")).headers["authorization"]
    nodes.exchange.go_down()
    hub_of(nodes.other.arena.services).watch.look_for_ended()
    async with socket(nodes.other, "/live", authorization=bearer) as page:
        await end_token(nodes.one.arena.services, nodes.one, "participant")
        assert await close_code(page) == 4401


async def test_t6_t56_a_node_looks_often_exactly_while_the_relay_is_away(nodes: Nodes) -> None:
    hub = hub_of(nodes.one.arena.services)
    client = nodes.one.arena.client
    await until_true(lambda: not hub.watch.is_alone, "connected")
    assert (await client.get("/readyz")).json()["relay"] == "connected"
    nodes.exchange.go_down()
    assert hub.watch.is_alone
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["relay"]) == (200, "away")
    nodes.exchange.come_back()
    assert not hub.watch.is_alone


async def test_t7_what_is_no_parcel_is_counted_and_harms_nobody(nodes: Nodes) -> None:
    relay = relay_of(nodes.other)
    ref = await nodes.one.idea("open")
    async with socket(nodes.other, "/live") as page:
        await subscribed(page, f"idea:{ref}:comments")
        everybody = relay.everybody
        for garbage in (b"", b"\\xff\\xfe", b"[]", b'{"node":1}', b'{"node":"x","items":[1,{}]}'):
            nodes.exchange.carry([(everybody, garbage)])
        assert relay.garbled == 4
        await comment(nodes.one, ref)
        await told(page, f"idea:{ref}:comments")


@pytest.mark.usefixtures("no_polling")
async def test_c26_new_counts_are_told_at_every_node_and_in_no_log(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TOUCH_S", 0.0)
    ref = await nodes.one.idea("open")
    author, expert = await nodes.one.client("author"), await nodes.one.client("expert")
    path = f"/api/v1/ideas/{ref}/comments"
    said = (await author.post(path, json={"text": "Gut so."})).json()["id"]
    events = f"/api/v1/ideas/{ref}/events"
    before = (await author.get(events)).json()
    topic = f"idea:{ref}:comments"
    seen: list[int] = []

    async with socket(nodes.one, "/live") as here, socket(nodes.other, "/live") as there:
        for page in (here, there):
            await subscribed(page, topic)
        deeds: tuple[tuple[str, dict[str, str] | None], ...] = (
            ("PUT", {"reaction": "agree"}),
            ("PUT", {"reaction": "unsure"}),
            ("DELETE", None),
        )
        for method, body in deeds:
            answer = await expert.request(method, f"{path}/{said}/reaction", json=body)
            assert answer.is_success, answer.text
            for page in (here, there):
                await told(page, topic)
            # What is told has been committed: whoever asks now reads it.
            other = await nodes.other.client("author")
            seen.append((await other.get(f"{path}/{said}")).json()["reactions"]["n"])
    assert seen == [1, 1, 0]
    assert (await author.get(events)).json() == before


async def test_c26_what_changes_no_count_is_told_to_nobody(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await nodes.one.idea("open")
    expert = await nodes.one.client("expert")
    path = f"/api/v1/ideas/{ref}/comments"
    said = (await expert.post(path, json={"text": "Gut so."})).json()["id"]
    at, touched = f"{path}/{said}/reaction", list[str]()
    monkeypatch.setattr(nodes.one.arena.services.live, "touch", lambda *all: touched.extend(all))
    await expert.put(at, json={"reaction": "agree"})
    assert touched == [f"idea:{ref}:comments"]
    await expert.put(at, json={"reaction": "agree"})
    assert (await expert.put(at, json={"reaction": "loud"})).status_code == 422
    await expert.delete(at)
    await expert.delete(at)
    assert touched == [f"idea:{ref}:comments"] * 2
