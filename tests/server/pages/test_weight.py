"""What a page without an editor weighs: its styles and scripts, as they travel."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collab.process.actors import Role
from server.app import running_realtime
from tests.server.pages.reading import add, bring_in, signed_in
from tests.server.running import Arena, running
from web.places import DIST

BYTES_MAX = 15_360
"""15 KiB, gzip; the editor alone is heavier and stays on the pages of ideas."""
ASSET = re.compile(r'<(?:link|script)[^>]*(?:href|src)="/assets/([^"]+)"')

PAGES = [
    "/",
    "/board",
    "/board/decisions",
    "/people",
    "/account",
    "/ideas/new",
    "/about",
    "/measures",
    "/central-measures/new",
    "/catalogues",
    "/organisations",
    "/initiatives",
    "/processes/gdb-arena",
    "/workshops",
    "/w",
]


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path, realtime=running_realtime) as arena:
        yield arena


@pytest.mark.skipif(not (DIST / "manifest.json").exists(), reason="nothing has been built")
async def test_pages_without_an_editor_stay_light(arena: Arena) -> None:
    await add(arena, "ana", Role.PARTICIPANT, Role.MODERATOR, Role.COORDINATION_OFFICE)
    async with signed_in(arena, "ana") as browser:
        ref = (await bring_in(arena, "Bänke am Kanal")).ref
        for path in (*PAGES, f"/ideas/{ref}/comments", f"/ideas/{ref}/suggestions"):
            answer = await browser.get(path)
            assert answer.status_code == 200, path
            sizes = {name: packed(name) for name in ASSET.findall(answer.text)}
            assert len(sizes) >= 2, f"{path} has styles and a script"
            assert sum(sizes.values()) <= BYTES_MAX, f"{path}: {sizes}"


def packed(name: str) -> int:
    """The bytes of a built file as it travels."""
    return len(gzip.compress((DIST / name).read_bytes(), 9))
