"""The pages of an evening may be kept on the devices of those who are in it."""

from __future__ import annotations

from server.auth.device import KEEP
from tests.server.workshop.evening import Evening


async def test_of1_the_pages_of_an_evening_are_kept_for_who_is_in_it_and_nobody_else(
    kiez: Evening,
) -> None:
    arena = kiez.everyone.arena
    joined, _ = await kiez.guest("Ana")
    assert joined.signed_in is not None
    async with arena.browser() as tablet, arena.browser() as stranger:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        for part in ("", "/board", "/minutes"):
            path = f"/w/{kiez.code}{part}"
            page = await tablet.get(path)
            assert (page.status_code, page.headers.get(KEEP)) == (200, "page"), path
            assert 'href="/manifest.de.webmanifest"' in page.text
            assert KEEP not in (await stranger.get(path)).headers, path
        assert "/receipt" in (await tablet.get(f"/w/{kiez.code}")).text
        assert KEEP not in (await tablet.get(f"/w/{kiez.code}/fragments/step")).headers
