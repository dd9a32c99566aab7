"""Real keystroke logs go through the socket into a section and give the text they ended with.

The logs lie beside the project in ``../shared/data/editing-traces`` and are not part of it.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from pycrdt import merge_updates

from tests.harness import lib0
from tests.harness.actor import Actor
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea, draft, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.text import Edit, SharedText
from tests.sources import ROOT

TRACES = ROOT.parent / "shared" / "data" / "editing-traces"
EDITS_PER_FRAME = 20

pytestmark = [
    pytest.mark.skipif(not TRACES.is_dir(), reason="no editing traces at ../shared/data"),
    pytest.mark.timeout(180),
]


def load(name: str) -> dict[str, Any]:
    """One trace."""
    with gzip.open(TRACES / f"{name}.json.gz") as opened:
        loaded = json.load(opened)
    assert isinstance(loaded, dict)
    return loaded


def edits_of(transactions: Iterable[dict[str, Any]]) -> list[Edit]:
    """The edits of a trace's transactions in their order."""
    return [
        (at, deleted, inserted)
        for transaction in transactions
        for at, deleted, inserted in transaction["patches"]
    ]


def batches(edits: list[Edit], size: int) -> Iterator[list[Edit]]:
    """The edits in groups: what a person types between two frames of a busy provider."""
    for start in range(0, len(edits), size):
        yield edits[start : start + size]


def written(nodes: object) -> str:
    """All text in the JSON of a section."""
    if isinstance(nodes, list):
        return "".join(map(written, nodes))
    if isinstance(nodes, dict):
        return str(nodes.get("text", "")) + written(nodes.get("content", []))
    return ""


async def assert_durable(arena: ArenaProcess, token: str, idea: TestIdea, wanted: str) -> None:
    """Somebody who joins now has exactly the wanted text; in the API a tab reads as a space."""
    async with Api(arena.origin, token) as api:
        text = await api.text(idea.ref)
    assert written(text["sections"][FREE_SECTION]) == wanted.replace("\t", " ")
    async with YWebsocketActor(arena.origin, idea.document, token) as reader:
        assert reader.text.read(FREE_SECTION) == wanted


@pytest.mark.parametrize(
    ("name", "protocol"),
    [("sveltecomponent", HocuspocusActor), ("friendsforever_flat", YWebsocketActor)],
)
async def test_a_whole_trace_typed_by_one_person_reaches_its_end(
    name: str, protocol: type[Actor], arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    trace = load(f"sequential/{name}")
    idea = await draft(arena.origin, tokens["participant"], name)
    async with protocol(arena.origin, idea.document, tokens["participant"]) as writer:
        for edits in batches(edits_of(trace["txns"]), EDITS_PER_FRAME):
            await writer.splice(FREE_SECTION, edits)
        await writer.until_saved(timeout_s=120)
        assert writer.text.read(FREE_SECTION) == trace["endContent"]
        assert not writer.refusals
    await assert_durable(arena, tokens["participant"], idea, trace["endContent"])


@dataclass(slots=True)
class Turn:
    """What one writer typed without looking up: an update, and what he had seen before it."""

    update: bytes
    seen: dict[int, int]
    """Clocks of the other writer that the update builds on."""


@dataclass(slots=True)
class Writer:
    """One author of a concurrent trace, as he was: he sees of the other what the trace says."""

    copy: SharedText
    updates: list[bytes] = field(default_factory=list)
    clocks: list[int] = field(default_factory=list)
    seen: int = 0
    """How many of the other's transactions this one has taken in."""


def turns_of(trace: dict[str, Any], client_ids: list[int], seed: bytes) -> dict[int, list[Turn]]:
    """Type the concurrent trace on two copies and return the updates of each writer in turns."""
    writers = {number: _writer(client, seed) for number, client in enumerate(client_ids)}
    numbers: dict[int, tuple[int, int]] = {}
    turns: dict[int, list[list[bytes]]] = defaultdict(list)
    needs: dict[int, list[dict[int, int]]] = defaultdict(list)
    for index, transaction in enumerate(trace["txns"]):
        agent = transaction["agent"]
        own, other = writers[agent], writers[1 - agent]
        known = max(
            (numbers[each][1] for each in transaction["parents"] if numbers[each][0] != agent),
            default=0,
        )
        is_new_turn = known > own.seen or not turns[agent]
        for update in other.updates[own.seen : known]:
            own.copy.apply(update)
        own.seen = max(own.seen, known)
        own.copy.splice(FREE_SECTION, edits_of([transaction]))
        numbers[index] = (agent, len(own.updates))
        if is_new_turn:
            turns[agent].append([])
            clock = other.clocks[own.seen - 1] if own.seen else 0
            needs[agent].append({client_ids[1 - agent]: clock})
        turns[agent][-1].append(own.updates[-1])
    return {
        agent: [
            Turn(merge_updates(*updates), seen)
            for updates, seen in zip(turns[agent], needs[agent], strict=True)
        ]
        for agent in writers
    }


def _writer(client_id: int, seed: bytes) -> Writer:
    def note(update: bytes) -> None:
        writer.updates.append(update)
        writer.clocks.append(writer.copy.clock)

    writer = Writer(SharedText(note, client_id))
    writer.copy.apply(seed)
    return writer


async def play(actor: Actor, turns: list[Turn]) -> None:
    """Send one writer's turns, each once the server has shown what it builds on."""
    for turn in turns:
        await actor.until(partial(has_seen, actor, turn.seen), "the other's text")
        await actor.share(turn.update)
    await actor.until_saved(timeout_s=120)


def has_seen(actor: Actor, wanted: dict[int, int]) -> bool:
    """The actor's copy holds the wanted clocks."""
    known = lib0.clocks(actor.text.doc.get_state())
    return all(known.get(client, 0) >= clock for client, clock in wanted.items())


async def test_two_people_at_once_reach_the_end_of_their_trace(
    arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    trace = load("concurrent/friendsforever")
    idea = await open_idea(arena.origin, tokens["participant"], "Zwei zugleich")
    # At one place the two do type at once, against what the trace's authors say; Yjs puts the
    # text of the smaller client id first, and so did the program that recorded them.
    client_ids = sorted(random.sample(range(2, 2**32), 2))
    one = YWebsocketActor(
        arena.origin, idea.document, tokens["participant"], client_id=client_ids[0]
    )
    two = HocuspocusActor(
        arena.origin, idea.document, tokens["participant-2"], client_id=client_ids[1]
    )
    async with one, two:
        turns = turns_of(trace, client_ids, one.text.doc.get_update())
        await asyncio.gather(play(one, turns[0]), play(two, turns[1]))
        for actor, other in itertools.permutations((one, two)):
            clock = {other.text.doc.client_id: other.text.clock}
            await actor.until(partial(has_seen, actor, clock), "all of the other's text")
            assert actor.text.read(FREE_SECTION) == trace["endContent"]
            assert not actor.refusals
    await assert_durable(arena, tokens["participant"], idea, trace["endContent"])
