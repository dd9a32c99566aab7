"""The proxy with TLS in front of one node: HTTP/2, secure sockets and cookies, true addresses."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator

import httpx2
import pytest

from server.auth.limits import RESET_PER_ADDRESS
from tests.harness.fixtures import Demonstration
from tests.harness.ideas import FREE_SECTION, open_idea
from tests.harness.node import node, node_environment
from tests.harness.process import ArenaProcess
from tests.harness.protocols import YWebsocketActor
from tests.servers.caddy import Caddy, caddy

# Every test may have to wait for the start of several processes.
pytestmark = pytest.mark.timeout(300)

HTTP_2 = """
const session = require("node:http2").connect(process.argv[1]);
const request = session.request({":path": "/"});
request.on("response", (headers) => {
  console.log(headers[":status"], session.alpnProtocol);
  session.destroy();
});
session.on("error", (error) => { console.log(String(error)); process.exit(1); });
"""


@pytest.fixture(scope="module")
def proxy() -> Iterator[Caddy]:
    """A proxy that vouches for itself."""
    running = caddy(is_secure=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def secure(
    demonstration: Demonstration, proxy: Caddy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArenaProcess]:
    """A node that only the proxy leads to."""
    folder = tmp_path_factory.mktemp("secure")
    running = ArenaProcess(demonstration.copy_to(folder), folder, ARENA_PROXIES="127.0.0.1")
    proxy.upstreams = [f"127.0.0.1:{running.port}"]
    proxy.start()
    running.start(ARENA_BASE_URL=proxy.url)
    yield running
    running.stop()


def visitor(proxy: Caddy, address: str = "127.0.0.1") -> httpx2.AsyncClient:
    """Somebody who comes from an address of this machine."""
    transport = httpx2.AsyncHTTPTransport(verify=proxy.trust(), local_address=address)
    return httpx2.AsyncClient(base_url=proxy.url, transport=transport, timeout=20)


async def test_t40_pages_come_over_http_2(secure: ArenaProcess, proxy: Caddy) -> None:
    trust = {"NODE_EXTRA_CA_CERTS": str(proxy.authority)}
    asked = await asyncio.to_thread(
        subprocess.run,
        [node(), "-e", HTTP_2, proxy.url],
        env={**node_environment(), **trust},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert asked.stdout.split() == ["200", "h2"], asked.stdout + asked.stderr


async def test_t40_sockets_come_over_tls(
    secure: ArenaProcess,
    proxy: Caddy,
    demonstration: Demonstration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = demonstration.tokens["participant"]
    idea = await open_idea(secure.origin, token)
    monkeypatch.setenv("SSL_CERT_FILE", str(proxy.authority))
    actor = YWebsocketActor(proxy.url, idea.document, token)
    async with actor:
        assert actor.origin.startswith("wss://")
        await actor.type(FREE_SECTION, "verschlüsselt")
        await actor.until_saved()


async def test_t43_cookies_are_bound_to_tls(secure: ArenaProcess, proxy: Caddy) -> None:
    async with visitor(proxy) as client:
        form = {"handle": "participant", "next": "/account"}
        signed_in = await client.post(
            "/sign-in/demo", data=form, headers={"Origin": proxy.url}, follow_redirects=False
        )
        assert signed_in.status_code == 303
        cookie = signed_in.headers["Set-Cookie"]
        assert cookie.startswith("__Host-arena_session=")
        assert "Secure" in cookie
        assert "Strict-Transport-Security" in signed_in.headers
        account = await client.get("/account")
        assert account.status_code == 200
        foreign = await client.post(
            "/sign-out", headers={"Origin": "https://elsewhere.example"}, follow_redirects=False
        )
        assert foreign.status_code == 403


async def test_t43_limits_see_the_visitor_and_not_what_he_claims(
    secure: ArenaProcess, proxy: Caddy
) -> None:
    """Whoever names another address each time is counted by his own, however he comes."""
    form = {"email": "niemand@arena.example"}
    async with visitor(proxy, "127.0.0.2") as claiming, visitor(proxy, "127.0.0.3") as other:
        statuses = [
            await _ask(claiming, form | {"email": f"n{turn}@arena.example"}, f"192.0.2.{turn}")
            for turn in range(RESET_PER_ADDRESS.amount + 1)
        ]
        assert statuses == [200] * RESET_PER_ADDRESS.amount + [429]
        assert await _ask(other, form, "127.0.0.2") == 200
    directly = httpx2.AsyncHTTPTransport(local_address="127.0.0.2")
    async with httpx2.AsyncClient(base_url=secure.origin, transport=directly) as client:
        assert await _ask(client, form, "192.0.2.200") == 429


async def test_plain_http_is_sent_on_to_https(secure: ArenaProcess, proxy: Caddy) -> None:
    async with httpx2.AsyncClient() as client:
        answer = await client.get(f"http://localhost:{proxy.plain_port}/ideas?q=x")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{proxy.url}/ideas?q=x"


async def _ask(client: httpx2.AsyncClient, form: dict[str, str], claimed: str) -> int:
    """Ask for a link to set a new password, as somebody who claims an address."""
    headers = {"X-Forwarded-For": claimed, "Forwarded": f"for={claimed}", "X-Real-IP": claimed}
    answer = await client.post("/password/forgot", data=form, headers=headers)
    return answer.status_code
