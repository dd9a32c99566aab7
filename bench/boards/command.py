"""A board in a browser: what a frame costs while forty people move, type and colour notes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from playwright.async_api import CDPSession, Page, async_playwright

from tests.harness.browser import FLAGS, find
from tests.sources import ROOT

WEB = ROOT / "web"
PAGE = Path(__file__).parent / "page.ts"
ACTS = ("rest", "move", "type", "colour")
WORK = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
MARKUP = """<!doctype html><html lang="de"><meta charset="utf-8"><title>Board</title>
<main class="page boards-page"><div id="notes-board"><div data-section="notes"></div></div></main>
"""

app = typer.Typer(add_completion=False)


@app.command()
def boards(
    notes: Annotated[int, typer.Option(min=1, max=1_000, help="How many there are.")] = 500,
    frames: Annotated[int, typer.Option(min=10, max=10_000, help="How many are measured.")] = 120,
) -> None:
    """Open a board without a server and let forty people do one thing each in every frame."""
    with tempfile.TemporaryDirectory(prefix="arena-boards-") as name:
        asyncio.run(_bench(Path(name), notes, frames))


async def _bench(folder: Path, notes: int, frames: int) -> None:
    script, styles = _built(folder, PAGE), _built(folder, WEB / "src/css/boards.css")
    main = _built(folder, WEB / "src/css/main.css")
    chromium = find()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium.path),
            env={**os.environ, **chromium.environment},
            args=[*FLAGS],
        )
        typer.echo(f"{notes} notes, forty people, ms of the page's thread for each frame")
        typer.echo("view    act          all  script  layout   style  gap p50")
        for view, size in (("canvas", 1280), ("list", 390)):
            page = await browser.new_page(viewport={"width": size, "height": 900})
            await page.set_content(MARKUP)
            for sheet in (main, styles):
                await page.add_style_tag(path=sheet)
            await page.add_script_tag(path=script)
            await page.evaluate("notes => bench.open(notes)", notes)
            for act in ACTS:
                typer.echo(f"{view:8}{act:8}{await _row(page, act, frames)}")
            await page.close()
        await browser.close()


async def _row(page: Page, act: str, frames: int) -> str:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before = await _work(session)
    gaps = await page.evaluate("([act, frames]) => bench.run(act, frames)", [act, frames])
    after = await _work(session)
    spent = [1_000 * (after[name] - before[name]) / frames for name in WORK]
    return "".join(f"{each:8.1f}" for each in spent) + f"{sorted(gaps)[len(gaps) // 2]:9.1f}"


async def _work(session: CDPSession) -> dict[str, float]:
    """Seconds that the page's thread has worked so far, by kind."""
    found: dict[str, Any] = await session.send("Performance.getMetrics")
    return {each["name"]: float(each["value"]) for each in found["metrics"]}


def _built(folder: Path, source: Path) -> Path:
    """One file of a source with all that it imports."""
    made = folder / (source.stem + (".js" if source.suffix == ".ts" else source.suffix))
    program = str(WEB / "node_modules/.bin/esbuild")
    command = [program, str(source), "--bundle", f"--outfile={made}"]
    known = {**os.environ, "NODE_PATH": str(WEB / "node_modules")}
    done = subprocess.run(
        [*command, "--log-level=error"], env=known, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise typer.BadParameter(json.dumps(done.stderr[-500:]))
    return made
