"""Pages of an Arena of 20,000 ideas: what each costs the server, beside the budget."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from bench.pages.measuring import Cost, Look, Served, cost, served
from bench.pages.world import World, build, utc_now
from server.monitoring.log import configure_log
from server.settings import load_settings
from storage import migrate
from storage.database import Database

BUDGET_MS = 50
AIM_MS = 15
EVENTS = 300
IDEAS = 20_000

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the table."""

    name: str
    look: Look


@app.command()
def pages(
    ideas: Annotated[
        int, typer.Option(min=1_000, max=200_000, help="How many there are.")
    ] = 20_000,
    rounds: Annotated[int, typer.Option(min=1, max=1_000, help="How often each is asked.")] = 20,
    only: Annotated[str, typer.Option(help="Pages whose name holds this.")] = "",
) -> None:
    """Ask the application for its pages, in this process and without a network."""
    with tempfile.TemporaryDirectory(prefix="arena-pages-") as name:
        asyncio.run(_bench(Path(name), ideas, rounds, only))


async def _bench(folder: Path, ideas: int, rounds: int, only: str) -> None:
    url = f"sqlite:///{folder / 'arena.db'}"
    typer.echo(f"filling a database with {ideas:,} ideas …")
    await migrate.upgrade(url)
    database = await Database.open(url)
    try:
        world = await build(database, ideas=ideas, events=EVENTS, now=utc_now())
    finally:
        await database.close()
    # Comparing all ideas by meaning goes on beside for minutes, and is not what is measured.
    settings = load_settings(database_url=url, var=folder, log_level="error", similar="words")
    configure_log(settings)
    async with served(settings, moderator=world.moderator, participant=world.participant) as arena:
        typer.echo(f"{'page':28}{'p50':>8}{'p95':>8}{'wall p50':>10}{'queries':>9}")
        for page in _pages(arena, world):
            if only in page.name:
                typer.echo(_row(page.name, await cost(page.look, rounds=rounds)))
    typer.echo(f"ms of processor time; the budget is p95 <= {BUDGET_MS} ms, the aim {AIM_MS} ms")


def _row(name: str, found: Cost) -> str:
    p50, p95 = found.cpu(0.5), found.cpu(0.95)
    verdict = "over the budget" if p95 > BUDGET_MS else "over the aim" if p95 > AIM_MS else ""
    wall = sorted(found.wall_ms)[len(found.wall_ms) // 2]
    return f"{name:28}{p50:8.1f}{p95:8.1f}{wall:10.1f}{found.queries:9}  {verdict}".rstrip()


def _pages(arena: Served, world: World) -> list[Page]:
    """All pages that are looked at, in the order of the table."""
    guest, participant, moderator = arena.guest, arena.participant, arena.moderator
    idea, busy = f"/ideas/{world.full}", f"/ideas/{world.busy}"
    return [
        Page("nothing", _get(guest, "/healthz")),
        Page("unread, participant", _get(participant, "/fragments/inbox")),
        Page("arena", _get(guest, "/")),
        Page("arena, words", _get(guest, "/?q=Spielplatz")),
        Page("arena, two words", _get(guest, "/?q=Schatten+Baum")),
        Page("arena, participant", _get(participant, "/")),
        Page("arena, moderator", _get(moderator, "/")),
        Page("idea, guest", _get(guest, idea)),
        Page("idea, participant", _get(participant, idea)),
        Page("idea, moderator", _get(moderator, idea)),
        Page("busy idea, moderator", _get(moderator, busy)),
        Page("timeline", _get(guest, f"{busy}/timeline?show=all")),
        Page("feed of an idea", _get(guest, f"{busy}/feed.atom")),
        Page("feed", _get(guest, "/feed.atom")),
        Page("board", _get(moderator, "/board")),
        Page("board, rows", _get(moderator, "/board?view=list")),
        Page("board, unled", _get(moderator, "/board?unled=1")),
        Page("board, words", _get(moderator, "/board?q=Spielplatz")),
        Page("measures", _get(guest, "/measures")),
        Page("organisations", _get(guest, "/organisations")),
        Page("organisations, moderator", _get(moderator, "/organisations")),
        Page("catalogues", _get(guest, "/catalogues")),
        Page("initiatives", _get(guest, "/initiatives")),
        Page("processes", _get(guest, "/processes")),
        Page("audit of an idea", _get(guest, f"/api/v1{idea}/audit")),
        Page("stage change", _moving(moderator, world)),
    ]


def _get(client: httpx2.AsyncClient, path: str) -> Look:
    async def look(number: int) -> httpx2.Response:
        return await client.get(path)

    return look


def _moving(client: httpx2.AsyncClient, world: World) -> Look:
    """Open ideas are archived, each time another one."""

    async def look(number: int) -> httpx2.Response:
        ref, sha256 = world.movable[number]
        form = {
            "to": "archived",
            "stage_reason": "Beispiel: Es geht nicht weiter.",
            "expected_revision": "1",
            "epoch": "1",
            "seq": "1",
            "sha256": sha256,
        }
        return await client.post(f"/ideas/{ref}/stage", data=form)

    return look
