"""Two nodes behind the proxy: any serves anything, and one that leaves costs nobody a page."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import httpx2
import pytest

from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.waiting import pause, until, until_async
from tests.topology.node import Node
from tests.topology.topology import Topology

# Every test may have to wait for the start of several processes.
pytestmark = pytest.mark.timeout(300)

PAGES = 12
WAIT_S = 1.5
PAGE_BYTES_MIN = 1000
BODY_BYTES_MAX = 1024 * 1024
CONVERGED_S = 60
READERS = 3
WRITERS = 2


@pytest.fixture(scope="module")
async def idea(topology: Topology) -> TestIdea:
    """An open idea that everybody signed in may write."""
    return await open_idea(topology.origin, topology.tokens["participant"])


def browser(topology: Topology) -> httpx2.AsyncClient:
    """Somebody who is signed in nowhere yet, and waits as long as browsers do."""
    return httpx2.AsyncClient(base_url=topology.origin, timeout=60)


async def test_t40_pages_and_forms_work_on_whichever_node(topology: Topology) -> None:
    before = {node.name: node.served() for node in topology.nodes}
    async with browser(topology) as client:
        for _ in range(PAGES):
            page = await client.get("/")
            assert page.status_code == 200
        # Each step meets another node than the one before.
        signed_in = await client.post("/sign-in/demo", data={"handle": "participant", "next": "/"})
        assert signed_in.status_code == 303
        for _ in range(PAGES):
            account = await client.get("/account")
            assert account.status_code == 200

    def is_shared() -> bool:
        """What was asked is in the logs, of each node about as much as of the other."""
        found = [node.served() - before[node.name] for node in topology.nodes]
        return all(
            sum(pages[route] for pages in found) == PAGES
            and min(pages[route] for pages in found) >= PAGES / len(found) - 2
            for route in ("/", "/account")
        )

    until(is_shared, "each node has served its share")


async def test_t40_sockets_of_both_protocols_meet_across_nodes(
    topology: Topology, idea: TestIdea
) -> None:
    """One after the other they go to different nodes; both texts become one."""
    one = YWebsocketActor(topology.origin, idea.document, topology.tokens["participant"])
    two = HocuspocusActor(topology.origin, idea.document, topology.tokens["participant-2"])
    async with one, two:
        await one.type(FREE_SECTION, "⟨von eins⟩")
        await two.type(FREE_SECTION, "⟨von zwei⟩")
        for actor in (one, two):
            await actor.until_saved()
        await one.until_reads(FREE_SECTION, "⟨von zwei⟩", timeout_s=CONVERGED_S)
        await two.until_reads(FREE_SECTION, "⟨von eins⟩", timeout_s=CONVERGED_S)
        assert one.text.read(FREE_SECTION) == two.text.read(FREE_SECTION)


async def test_t41_a_node_that_is_not_ready_gets_nothing(topology: Topology) -> None:
    first, second = topology.nodes
    second.database.cut()
    try:
        await until_async(_is_left_out(topology, second), "the second node is left out")
        before = _total([first])
        async with browser(topology) as client:
            answers = [await client.get("/") for _ in range(PAGES)]
        assert {answer.status_code for answer in answers} == {200}
        until(lambda: _total([first]) == before + PAGES, "the first has served them all")
    finally:
        second.database.heal()
    topology.until_seen([first, second])


async def test_t41_where_nobody_is_ready_a_request_waits(topology: Topology) -> None:
    for node in topology.nodes:
        node.database.cut()
    try:
        async with browser(topology) as client, asyncio.TaskGroup() as group:
            await until_async(lambda: _is_waiting(client), "the proxy lets requests wait")
            waiting = group.create_task(client.get("/"))
            for node in topology.nodes:
                node.database.heal()
        assert waiting.result().status_code == 200
    finally:
        topology.heal()


async def test_t42_a_node_that_restarts_costs_nobody_a_page_or_a_form(
    topology: Topology, idea: TestIdea
) -> None:
    """Neither while it drains nor while it starts; its sockets come back, the others stay."""
    token = topology.tokens["participant"]
    typing = [YWebsocketActor(topology.origin, idea.document, token) for _ in topology.nodes]
    is_over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for actor in typing:
            await actor.connect()
        readers = [group.create_task(_read(topology, is_over)) for _ in range(READERS)]
        writers = [group.create_task(_write(topology, is_over)) for _ in range(WRITERS)]
        await asyncio.to_thread(topology.nodes[0].restart)
        await asyncio.to_thread(topology.until_seen)
        is_over.set()
    statuses = sum((task.result() for task in (*readers, *writers)), Counter())
    assert set(statuses) == {200, 201}, statuses
    assert min(statuses.values()) > len(topology.nodes)
    closed = [actor for actor in typing if not actor.is_connected]
    assert [actor.close_code for actor in closed] == [1012]
    await closed[0].disconnect()
    await closed[0].connect()
    for actor in typing:
        await actor.type(FREE_SECTION, "⟨wieder da⟩")
        await actor.until_saved()
        await actor.disconnect()


async def test_t44_pages_are_compressed_and_keystrokes_are_not(
    topology: Topology, idea: TestIdea
) -> None:
    async with browser(topology) as client:
        for encoding in ("gzip", "zstd"):
            page = await client.get("/", headers={"Accept-Encoding": encoding})
            assert page.headers["Content-Encoding"] == encoding
            assert "Server" not in page.headers
        plain = await client.get("/", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        offered = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Extensions": "permessage-deflate",
            "Authorization": f"Bearer {topology.tokens['participant']}",
        }
        async with client.stream("GET", f"/collab/{idea.document}", headers=offered) as answer:
            assert answer.status_code == 101
            assert "Sec-WebSocket-Extensions" not in answer.headers


@pytest.mark.parametrize(("over", "status"), [(0, 422), (1, 413)])
async def test_t44_an_upload_up_to_the_limit_passes_and_no_more(
    topology: Topology, over: int, status: int
) -> None:
    """A body of exactly the limit is read, and refused for what it is: no idea."""
    frame = len(json.dumps({"kind": "proposal", "title": ""}))
    title = "x" * (BODY_BYTES_MAX + over - frame)
    async with Api(topology.origin, topology.tokens["participant"]) as api:
        body = json.dumps({"kind": "proposal", "title": title}).encode()
        answer = await api.client.post(
            "/api/v1/ideas", content=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == status


async def test_t45_the_proxy_tells_nobody_who_asked_for_what(topology: Topology) -> None:
    for node in topology.nodes:
        node.pause()
    try:
        async with browser(topology) as client:
            with pytest.raises(httpx2.TimeoutException):
                await client.get(
                    "/sign-in/link/geheim?s=auch-geheim",
                    headers={"User-Agent": "Wiedererkennbar/1.0"},
                    timeout=1,
                )
    finally:
        topology.heal()
    told = topology.proxy.log.read_text()
    assert "health_checker" in told
    for private in ("geheim", "Wiedererkennbar"):
        assert private not in told


async def _is_waiting(client: httpx2.AsyncClient) -> bool:
    """A request gets no answer at all: neither a page nor that there is none."""
    try:
        await client.get("/", timeout=WAIT_S)
    except httpx2.TimeoutException:
        return True
    return False


def _is_left_out(topology: Topology, node: Node) -> Callable[[], Awaitable[bool]]:
    """Three requests in a row reached the others."""
    others = [each for each in topology.nodes if each is not node]

    async def is_left_out() -> bool:
        before = _total(others)
        async with browser(topology) as client:
            for _ in range(3):
                await client.get("/nobody")
        return _total(others) == before + 3

    return is_left_out


def _total(nodes: Sequence[Node]) -> int:
    return sum(node.served().total() for node in nodes)


async def _read(topology: Topology, is_over: asyncio.Event) -> Counter[int]:
    """Ask for pages until it is over; how they were answered."""
    found: Counter[int] = Counter()
    async with browser(topology) as client:
        while not is_over.is_set():
            found[(await client.get("/")).status_code] += 1
            await pause(is_over)
    return found


async def _write(topology: Topology, is_over: asyncio.Event) -> Counter[int]:
    """Begin ideas until it is over; how that was answered."""
    found: Counter[int] = Counter()
    async with Api(topology.origin, topology.tokens["participant-2"]) as api:
        api.client.timeout = 30
        while not is_over.is_set():
            new = {"kind": "proposal", "title": f"Idee {found.total()}"}
            found[(await api.client.post("/api/v1/ideas", json=new)).status_code] += 1
            await pause(is_over)
    return found
