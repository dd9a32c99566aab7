"""What pages tell a device: who is signed in, what may be kept, what is to be thrown away."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collab.process.actors import Role
from server.auth.device import KEEP, NOBODY, SIGN_IN
from server.pages.device.worker import manifest_of, worker_of
from server.pages.render import Assets
from tests.server.pages.reading import add, get, post, signed_in
from tests.server.running import Arena, running

CLEARS = '"cache", "storage"'


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        await add(arena, "ana", Role.PARTICIPANT)
        await add(arena, "ben", Role.OBSERVER)
        yield arena


@pytest.fixture
def built(tmp_path: Path) -> Assets:
    """A build of three files."""
    dist = tmp_path / "dist"
    dist.mkdir()
    files = {
        "worker.ts": {"file": "worker.AAAAAAAA.js", "css": []},
        "idea.ts": {"file": "idea.BBBBBBBB.js", "css": ["idea.CCCCCCCC.css"]},
        "icon.svg": {"file": "icon.DDDDDDDD.svg", "css": []},
    }
    (dist / "manifest.json").write_text(json.dumps(files))
    (dist / "worker.AAAAAAAA.js").write_text("work();")
    return Assets(dist)


async def test_of2_every_page_names_its_sign_in_and_each_sign_in_another(arena: Arena) -> None:
    guest = await arena.client.get("/about")
    assert guest.headers[SIGN_IN] == NOBODY
    async with signed_in(arena, "ana") as one, signed_in(arena, "ana") as two:
        keys = {(await each.get("/about")).headers[SIGN_IN] for each in (one, one, two)}
    assert len(keys) == 2
    assert NOBODY not in keys
    assert SIGN_IN not in (await arena.client.get("/api/v1/ideas")).headers


async def test_of3_only_pages_that_one_writes_on_may_be_kept(arena: Arena) -> None:
    async with signed_in(arena, "ana") as ana, signed_in(arena, "ben") as ben:
        made = await ana.post("/api/v1/ideas", json={"kind": "need", "title": "Schatten"})
        ref = made.json()["ref"]
        assert (await ana.get(f"/ideas/{ref}")).headers[KEEP] == "page"
        await ana.post(f"/ideas/{ref}/stage", data={"to": "open"})
        for client, path in ((ben, "/ideas"), (ana, "/"), (ana, "/account"), (ana, "/inbox")):
            assert KEEP not in (await client.get(path)).headers, path
        fragment = await ana.get(f"/ideas/{ref}/fragments/people")
        assert (fragment.status_code, KEEP in fragment.headers) == (200, False)


async def test_of7_finishing_ends_the_sign_in_and_clears_the_browser_without_scripts(
    arena: Arena,
) -> None:
    await leave_by(arena, "/device/clear", "/device?cleared=1")
    await leave_by(arena, "/sign-out", "/")


async def leave_by(arena: Arena, path: str, onward: str) -> None:
    """Sign in, leave through the form, and be nobody."""
    async with signed_in(arena, "ana") as client:
        page = await get(client, "/device")
        assert page.one("form", action="/device/clear")["method"] == "post"
        response = await post(client, path)
        assert (response.headers["location"], response.headers["clear-site-data"]) == (
            onward,
            CLEARS,
        )
        assert (await client.get("/about")).headers[SIGN_IN] == NOBODY


async def test_of7_clearing_needs_no_sign_in_and_no_foreign_page_can_ask_for_it(
    arena: Arena,
) -> None:
    assert (await post(arena.client, "/device/clear")).headers["clear-site-data"] == CLEARS
    foreign = {"Origin": "https://elsewhere.example"}
    refused = await arena.client.post("/device/clear", headers=foreign)
    assert (refused.status_code, "clear-site-data" in refused.headers) == (403, False)


def test_of4_theworker_of_begins_with_what_this_build_consists_of(
    built: Assets, tmp_path: Path
) -> None:
    script = worker_of(built, tmp_path / "dist")
    first, rest = script.split(";\n", 1)
    shell = json.loads(first.removeprefix("self.shell="))
    assert shell["files"] == [
        "/assets/icon.DDDDDDDD.svg",
        "/assets/idea.BBBBBBBB.js",
        "/assets/idea.CCCCCCCC.css",
    ]
    assert shell["offline"]["en"] == "/offline?lang=en"
    assert rest == "work();"


async def test_of4_without_a_build_there_is_noworker_of(tmp_path: Path) -> None:
    assert worker_of(Assets(tmp_path), tmp_path) == ""


def test_of8_themanifest_of_has_names_icons_and_an_address_to_begin_at(built: Assets) -> None:
    content = manifest_of(built, "de", str)
    assert (content["name"], content["start_url"], content["scope"]) == (
        "Arena der Ideen",
        "/",
        "/",
    )
    assert [each["src"] for each in content["icons"]] == ["/assets/icon.DDDDDDDD.svg"]


async def test_of8_themanifest_of_speaks_the_language_of_the_page(arena: Arena) -> None:
    for language, word in (("de", "Dieses Gerät"), ("en", "This device")):
        page = await arena.client.get(f"/about?lang={language}")
        assert f'href="/manifest.{language}.webmanifest"' in page.text
        answer = await arena.client.get(f"/manifest.{language}.webmanifest")
        assert answer.headers["content-type"].startswith("application/manifest+json")
        assert word in answer.text
    assert (await arena.client.get("/manifest.xx.webmanifest")).status_code == 404


async def test_of3_the_pages_for_no_network_name_nobody(arena: Arena) -> None:
    for path in ("/offline?lang=de", "/offline/unsent?lang=en"):
        answer = await arena.client.get(path)
        assert (answer.status_code, answer.headers[SIGN_IN]) == (200, NOBODY)
        assert KEEP not in answer.headers
