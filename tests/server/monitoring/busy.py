"""A busy arena in a process of its own, by people whose every word is marked.

Whatever is marked is personal: none of it may be in the numbers, in the log or in the traces.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.harness.api import Api
from tests.harness.fixtures import settle
from tests.harness.ideas import FREE_SECTION, draft, open_idea
from tests.harness.process import ArenaProcess, free_port
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.waiting import until_async
from tests.server.monitoring.collector import collecting

TOKEN = "zahlen" + "geheim"
HANDLES = ("participant", "participant-2", "moderator")
EMAIL = "markiert@beispiel.example"
ADDRESS = "203.0.113.77"
MARKED = "Geheimwort"
PASSWORD = f"{MARKED}-falsch"
SECRET = "ein-weg-geheimnis"


@dataclass
class Busy:
    """What was seen of the busy arena, from outside."""

    metrics: dict[str, Metric] = field(default_factory=dict)
    text: str = ""
    ready: dict[str, Any] = field(default_factory=dict)
    log: str = ""
    spans: list[Any] = field(default_factory=list)
    personal: tuple[str, ...] = ()
    """What must be nowhere."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log, line by line, without the welcome."""
        lines = self.log.splitlines()
        return [json.loads(line) for line in lines if not line.startswith("Arena runs at ")]

    def value(self, sample: str, **labels: str) -> float:
        """One number of the scrape."""
        return next(
            each.value
            for family in self.metrics.values()
            for each in family.samples
            if each.name == sample and labels.items() <= each.labels.items()
        )


async def lived(folder: Path) -> Busy:
    """Let people come, write, talk and make mistakes; then read numbers, log and traces."""
    with collecting() as collector:
        arena = ArenaProcess(
            f"sqlite:///{folder / 'arena.db'}",
            folder,
            ARENA_DEMO="0",
            ARENA_LOG_FORMAT="json",
            ARENA_LOG_LEVEL="debug",
            ARENA_METRICS_TOKEN=TOKEN,
            ARENA_OTLP_URL=collector.url,
            ARENA_OTLP_SHARE="1",
            ARENA_PROXIES="127.0.0.1",
            ARENA_SMTP_URL=f"smtp://127.0.0.1:{free_port()}",
        )
        tokens = settle(arena, HANDLES)
        arena.run("person", "add", "markierta", "--name", MARKED, "--email", EMAIL)
        arena.start()
        busy = Busy()
        try:
            refs = await _write(arena, tokens)
            await _talk(arena, tokens, refs)
            await _err(arena)
            await _read(arena, busy)
        finally:
            arena.stop()
        busy.spans = collector.spans
        busy.log = arena.log.read_text(encoding="utf-8")
        busy.personal = (
            *refs, MARKED, MARKED.lower(), "markierta", EMAIL, ADDRESS, PASSWORD, SECRET, TOKEN,
            "Participant", *HANDLES, *tokens.values(),
        )  # fmt: skip
        return busy


async def _write(arena: ArenaProcess, tokens: dict[str, str]) -> tuple[str, str]:
    """Two protocols, presence, a reader who writes, a foreign page, nonsense and an absence."""
    kept = await draft(arena.origin, tokens["participant"], f"{MARKED} im Entwurf")
    idea = await open_idea(arena.origin, tokens["participant"], f"{MARKED} im Titel")
    author = HocuspocusActor(arena.origin, idea.document, tokens["participant-2"])
    other = YWebsocketActor(arena.origin, idea.document, tokens["moderator"])
    guest = HocuspocusActor(arena.origin, idea.document)
    async with author, other, guest:
        await author.type(FREE_SECTION, f"{MARKED} im Text")
        await author.until_saved()
        await other.until_reads(FREE_SECTION, f"{MARKED} im Text")
        await author.point({"user": {"name": MARKED}})
        await guest.type(FREE_SECTION, f"{MARKED} eines Gastes")
        await guest.until(lambda: bool(guest.refusals), "a refusal")
        await other.send(b"\xff" + MARKED.encode())
        assert await other.until_closed() == 1007
    origin = arena.origin.replace("http", "ws")
    for path, headers in (
        (f"/live?ticket={SECRET}", {"Origin": f"https://{MARKED.lower()}.example"}),
        (f"/collab/{MARKED}?ticket={SECRET}", {}),
        (f"/collab/{idea.document}", {"Authorization": f"Bearer {SECRET}"}),
    ):
        try:
            async with connect(origin + path, additional_headers=headers) as socket:
                await socket.recv()
        except WebSocketException:
            pass
    return kept.ref, idea.ref


async def _talk(arena: ArenaProcess, tokens: dict[str, str], refs: tuple[str, str]) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        path = f"/ideas/{refs[1]}/comments"
        await api.call("POST", path, 201, kind="question", text=f"{MARKED} im Kommentar")
        await api.call("POST", path, 422, kind="question", text="", more=MARKED)
        await api.client.get(f"/ideas/{refs[1]}")


async def _err(arena: ArenaProcess) -> None:
    """Wrong passwords, lost addresses, mails that cannot leave, bodies that cannot be read."""
    headers = {"Origin": arena.origin, "X-Forwarded-For": ADDRESS}
    async with httpx2.AsyncClient(base_url=arena.origin, headers=headers) as client:
        wrong = {"name": "markierta", "password": PASSWORD}
        await client.post("/sign-in", data=wrong)
        await client.post("/password/forgot", data={"email": EMAIL})
        await client.get(f"/invitation/{SECRET}")
        await client.get(f"/{MARKED}?q={MARKED}")
        await client.post("/api/v1/ideas", content=f'{{"{MARKED}'.encode())

    async def mail_has_failed() -> bool:
        return "mail_not_sent" in arena.log.read_text(encoding="utf-8")

    await until_async(mail_has_failed, "the mail was tried")


async def _read(arena: ArenaProcess, busy: Busy) -> None:
    async with httpx2.AsyncClient(base_url=arena.origin) as client:
        scraped = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        busy.text = scraped.text
        busy.ready = (await client.get("/readyz")).json()
    families = text_string_to_metric_families(busy.text)
    busy.metrics = {family.name: family for family in families}
