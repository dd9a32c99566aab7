"""npm's ``y-websocket`` and ``@hocuspocus/provider``, unmodified, write one text together."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea, draft, open_idea
from tests.harness.node import NpmClient
from tests.harness.process import ArenaProcess

pytestmark = pytest.mark.node

PROTOCOLS = ("y-websocket", "hocuspocus")


@pytest.fixture
async def idea(arena: ArenaProcess, tokens: dict[str, str]) -> TestIdea:
    """An open idea of the first participant."""
    return await open_idea(arena.origin, tokens["participant"])


@pytest.fixture
async def pair(
    arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> AsyncIterator[tuple[NpmClient, NpmClient]]:
    """Two participants at the idea, one with each package."""
    first = NpmClient("y-websocket", arena.origin, idea.document, tokens["participant"])
    second = NpmClient("hocuspocus", arena.origin, idea.document, tokens["participant-2"])
    async with first, second:
        await first.until_synced()
        await second.until_synced()
        yield first, second


async def test_both_packages_write_one_section_together(
    pair: tuple[NpmClient, NpmClient], arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> None:
    one, two = pair
    await one.type(FREE_SECTION, "Grüße 🌳 aus Köln")
    await two.until_reads(FREE_SECTION, "🌳")
    for number in range(10):
        await one.type(FREE_SECTION, f" a{number}🚲")
        await two.type(FREE_SECTION, f" b{number}ß")
    await one.until_reads(FREE_SECTION, "b9ß")
    await two.until_reads(FREE_SECTION, "a9🚲")
    assert await one.do("xml", section=FREE_SECTION) == await two.do("xml", section=FREE_SECTION)
    async with Api(arena.origin, tokens["moderator"]) as api:
        assert (await one.read(FREE_SECTION)) in str(await api.text(idea.ref))


async def test_both_packages_merge_what_was_typed_apart(pair: tuple[NpmClient, NpmClient]) -> None:
    one, two = pair
    await one.type(FREE_SECTION, "gemeinsam")
    await two.until_reads(FREE_SECTION, "gemeinsam")
    for client in pair:
        await client.do("disconnect")
        await client.until(lambda event: event["event"] == "closed", "disconnected")
    await one.type(FREE_SECTION, " [getrennt eins]")
    await two.type(FREE_SECTION, " [getrennt zwei]")
    for client in pair:
        await client.do("connect")
    await one.until_reads(FREE_SECTION, "[getrennt zwei]")
    await two.until_reads(FREE_SECTION, "[getrennt eins]")
    assert await one.read(FREE_SECTION) == await two.read(FREE_SECTION)


async def test_typing_on_the_instant_of_reconnecting_loses_nothing(
    pair: tuple[NpmClient, NpmClient],
) -> None:
    """The packages send what is typed once the socket is open, before the sync has brought the
    rest: to the server it looks like a gap."""
    one, two = pair
    for writer, reader in ((one, two), (two, one)):
        await writer.do("disconnect")
        await writer.until(lambda event: event["event"] == "closed", "disconnected")
        await writer.type(FREE_SECTION, f" [{writer.protocol} offline]")
        await writer.do("connect")
        for number in range(20):
            await writer.type(FREE_SECTION, f" [{writer.protocol} {number}]")
        await reader.until_reads(FREE_SECTION, f"[{writer.protocol} 19]")
        await reader.until_reads(FREE_SECTION, f"[{writer.protocol} offline]")


async def test_hocuspocus_counts_unsaved_changes_down_to_none(
    pair: tuple[NpmClient, NpmClient],
) -> None:
    _, two = pair
    for number in range(30):
        await two.type(FREE_SECTION, f"{number} ")
    await two.until(lambda event: event == {"event": "unsaved", "number": 0}, "saved")
    assert any(event["event"] == "unsaved" and event["number"] > 0 for event in two.events)


async def test_s9_presence_carries_the_servers_name_and_not_the_clients_claim(
    pair: tuple[NpmClient, NpmClient], arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    one, two = pair
    for client in pair:
        await client.do("point", field="user", value={"name": "Jemand anders", "id": "cdo"})
        await client.do("point", field="cursor", value={"anchor": 1})
    for client, other in ((one, "participant"), (two, "participant-2")):
        async with Api(arena.origin, tokens[other]) as api:
            me = await api.call("GET", "/me")
        watcher = two if client is one else one
        await watcher.do("untilPresent", name=me["name"])
        names = [each["state"]["user"]["name"] for each in await watcher.do("presences")]
        assert "Jemand anders" not in names


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_p2_an_observer_reads_and_cannot_write(
    protocol: str, arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> None:
    observer = NpmClient(protocol, arena.origin, idea.document, tokens["observer"])
    writer = NpmClient("y-websocket", arena.origin, idea.document, tokens["participant"])
    async with observer, writer:
        await observer.until_synced()
        await writer.until_synced()
        await observer.type(FREE_SECTION, "darf nicht")
        await writer.type(FREE_SECTION, "darf")
        await observer.until_reads(FREE_SECTION, "darf")
        assert "darf nicht" not in await writer.read(FREE_SECTION)
        async with Api(arena.origin, tokens["moderator"]) as api:
            assert "darf nicht" not in str(await api.text(idea.ref))


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_i4_nobody_joins_a_draft_of_others(
    protocol: str, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    hidden = await draft(arena.origin, tokens["participant"])
    client = NpmClient(protocol, arena.origin, hidden.document, tokens["participant-2"])
    async with client:
        await client.until(
            lambda event: event["event"] == "denied" or event.get("code") in {4403, 4404}, "refused"
        )


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_s5_a_text_of_another_epoch_or_schema_is_refused_at_once(
    protocol: str, arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> None:
    document, epoch, schema = idea.document.split(".")
    for stale in (f"{document}.{int(epoch) + 1}.{schema}", f"{document}.{epoch}.{int(schema) + 1}"):
        async with NpmClient(protocol, arena.origin, stale, tokens["participant"]) as client:
            event = await client.until(
                lambda event: event["event"] in {"denied", "ended", "closed"}, "refused"
            )
        assert event.get("code") == 4409 or event.get("reason") == "stale-document"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_an_unknown_text_is_refused(
    protocol: str, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    unknown = f"{uuid.uuid4().hex}.1.1"
    async with NpmClient(protocol, arena.origin, unknown, tokens["participant"]) as client:
        event = await client.until(
            lambda event: event["event"] in {"denied", "ended", "closed"}, "refused"
        )
    # The same answer as for what is hidden, or it would tell which documents exist.
    assert event.get("code") == 4403 or event.get("reason") == "forbidden"


@pytest.mark.parametrize(
    ("protocol", "handle"), [("y-websocket", "expert-2"), ("hocuspocus", "signatory")]
)
async def test_p3_a_suspended_person_is_closed_at_once_and_returns_as_a_guest_at_most(
    protocol: str, handle: str, arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> None:
    person = (protocol, arena.origin, idea.document, tokens[handle])
    async with NpmClient(*person) as client:
        await client.until_synced()
        arena.run("person", "suspend", handle, "--reason", "Probe")
        await client.until(is_closed_or_denied, "closed")
    async with NpmClient(*person) as again:
        await again.until(
            lambda event: is_closed_or_denied(event) or event.get("scope") == "readonly",
            "refused, or reading like a guest",
        )


def is_closed_or_denied(event: dict[str, Any]) -> bool:
    """The server has said that this person is not wanted."""
    return event["event"] == "denied" or event.get("code") in {4401, 4403}
