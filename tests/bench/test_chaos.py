"""The simulation: what it proves of the rooms, that it repeats, and that it can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.chaos import command, yjs
from bench.chaos.campaign import batch
from bench.chaos.command import app
from bench.chaos.machines.ledger import MemoryLedger
from bench.chaos.machines.loop import Stuck, VirtualLoop
from bench.chaos.recipe import EVENTS, Recipe
from bench.chaos.shrinking import shrunk
from bench.chaos.simulation import Evidence, run
from collab.sync.rooms import verdicts
from collab.sync.rooms.early import Early
from collab.sync.rooms.effects import Acknowledge, Broadcast
from collab.sync.rooms.room import Room
from collab.sync.rooms.turns import Turn, Writing
from server.realtime.rooms import audience
from server.realtime.rooms.client import Client
from server.realtime.rooms.elsewhere.follower import Follower
from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.rooms.writer import Refusals, Writer
from storage.documents import Batch, Committed, Moved, Outcome
from tests.harness.node import packages
from tests.sources import ROOT

BLOCK = 125
BLOCKS = 8
"""1,000 seeds here; ``arena bench chaos`` runs as many as one likes."""

FOUND_WITHIN = 100


def seeds_of(block: int) -> range:
    return range(block * BLOCK, (block + 1) * BLOCK)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_s31_everybody_holds_the_same_text_once_all_is_whole_again(block: int) -> None:
    done = batch(seeds_of(block), with_yjs=False)
    assert done.failed == {}, "repeat one with: arena bench chaos --seed NUMBER"
    assert done.seeds == BLOCK
    assert done.edits > 5 * BLOCK
    assert done.documents >= BLOCK


@pytest.mark.parametrize("untold", [0.0, 0.1, 0.4, 1.0])
def test_t61_rooms_of_several_processes_hold_what_the_log_holds(untold: float) -> None:
    """Whatever befalls what they tell each other, and whoever dies before he has told it."""
    recipes = [
        replace(Recipe.of(seed), processes=2 + seed % 2, people=4, untold=untold)
        for seed in range(40)
    ]
    failed = {each.seed: found for each in recipes if (found := run(each).found)}
    assert failed == {}, f"untold={untold}"


@pytest.mark.node
def test_s31_yjs_reads_the_same_documents_from_the_logs() -> None:
    packages()
    done = batch(range(50_000, 50_080), with_yjs=True)
    assert done.failed == {}
    assert done.documents >= 80


@pytest.mark.node
def test_what_yjs_tidies_up_by_itself_is_no_difference() -> None:
    """Seed 203323: yjs deletes the end of a link, and the text behind joins it."""
    packages()
    assert batch([203_323], with_yjs=True).failed == {}


@pytest.mark.node
def test_yjs_is_heard_when_it_reads_otherwise() -> None:
    one, other = (run(Recipe.of(seed)).evidence[0] for seed in (1, 2))
    mixed = [one, Evidence(one.updates, other.form)]
    assert [at for at, _ in yjs.differences(mixed)] == [1]


# It repeats.


def test_the_same_seed_repeats_exactly_in_this_process() -> None:
    for seed in range(20):
        assert run(Recipe.of(seed)).digest == run(Recipe.of(seed)).digest


def test_the_same_seed_repeats_exactly_in_another_process() -> None:
    seeds = range(40, 60)
    code = (
        "import sys; from bench.chaos.recipe import Recipe; from bench.chaos.simulation import run;"
        "print(*(run(Recipe.of(int(seed))).digest for seed in sys.argv[1:]))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code, *map(str, seeds)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for hash_seed in ("1", "2")
    ]
    here = [run(Recipe.of(seed)).digest for seed in seeds]
    assert told == [here, here]
    assert len(set(here)) == len(seeds), "each seed has a history of its own"


def test_time_jumps_and_a_program_that_waits_for_ever_is_told() -> None:
    loop = VirtualLoop()
    done = loop.create_future()
    loop.call_later(1_000_000, done.set_result, None)
    loop.run_until_complete(done)
    assert loop.time() == pytest.approx(1_000_000)
    with pytest.raises(Stuck):
        loop.run_until_complete(loop.create_future())
    loop.close()


# It can fail: each of these faults of the server is found.


def fails_within(seeds: int, **changes: Any) -> bool:
    recipes = (replace(Recipe.of(seed), **changes) for seed in range(seeds))
    return any(run(recipe).found for recipe in recipes)


def told_early(kind: type) -> Callable[[Writer, Turn], Batch]:
    honest = Writer._batch

    def hasty(self: Writer, turn: Turn) -> Batch:
        self._audience.perform([each for each in turn.effects if isinstance(each, kind)])
        return honest(self, turn)

    return hasty


async def swallow(self: Writer, writings: Sequence[Writing]) -> Refusals:
    try:
        return await self._write_together(writings)
    except Exception:
        return ()


async def take_moved_for_committed(self: MemoryLedger, written: Batch) -> Outcome:
    outcome = await HONEST_COMMIT(self, written)
    if isinstance(outcome, Moved):
        return Committed(written.seq + len(written.rows))
    return outcome


def sit_down_anyway(self: LiveRoom, client: Client, _epoch: int) -> None:
    HONEST_JOIN(self, client, self.head.epoch)


async def stay_behind(_self: Follower) -> bool:
    return False


def take_anything(self: Follower, written: Written) -> bool:
    """As it takes what fits, but without looking where it begins."""
    known = self._keeper.head
    if written.epoch == known.epoch and written.seq > known.seq:
        return self._apply(written.seq, written.updates, written.claims)
    return True


HONEST_COMMIT = MemoryLedger.commit
HONEST_JOIN = LiveRoom._join

FAULTS: dict[str, tuple[object, str, Any]] = {
    "acknowledges before the commit": (Writer, "_batch", told_early(Acknowledge)),
    "broadcasts before the commit": (Writer, "_batch", told_early(Broadcast)),
    "goes on after a failed commit": (Writer, "write", swallow),
    "takes a moved log for a commit": (MemoryLedger, "commit", take_moved_for_committed),
    "does not tell what others have written": (Room, "catch_up", lambda *_: []),
    "forgets where a slow reader stands": (audience, "_leave_behind", lambda *_: None),
    "never reads on by itself": (Follower, "follow", stay_behind),
    "refuses before it has read on": (verdicts, "is_doubtful", lambda _turn: False),
    "refuses what comes early": (Early, "_is_premature", lambda *_: False),
    "takes what was garbled": (Written, "is_sound", lambda *_: True),
    "takes what does not follow": (Follower, "_take", take_anything),
    "lets an old epoch in": (LiveRoom, "_join", sit_down_anyway),
}


RARE: dict[str, dict[str, Any]] = {
    "takes what was garbled": {"processes": 2, "untold": 0.4},
    "takes what does not follow": {"processes": 2, "untold": 0.4},
    "lets an old epoch in": {
        "latency_s": 0.3,
        "weights": {**EVENTS, "rewrite": 30, "reconnect": 30},
    },
}
"""What has to be frequent for a fault to show within so few seeds."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_server_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, replacement = FAULTS[fault]
    monkeypatch.setattr(where, name, replacement)
    assert fails_within(FOUND_WITHIN, **RARE.get(fault, {}))


def test_a_failing_recipe_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "_batch", told_early(Acknowledge))
    recipe = next(each for each in map(Recipe.of, range(50)) if run(each).found)
    smaller = shrunk(recipe)
    assert run(smaller).found
    assert smaller.steps < recipe.steps or smaller.steps == 1
    assert sum(smaller.weights.values()) <= sum(recipe.weights.values())


# The command.


def test_the_command_repeats_a_seed_and_a_recipe() -> None:
    by_seed = CliRunner().invoke(app, ["--seed", "3", "--no-yjs"])
    assert by_seed.exit_code == 0
    assert run(Recipe.of(3)).digest in by_seed.output
    by_recipe = CliRunner().invoke(app, ["--recipe", Recipe.of(3).text(), "--no-yjs"])
    assert by_recipe.output == by_seed.output


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"seed": 1, "nonsense": 2})])
def test_the_command_says_what_is_no_recipe(text: str) -> None:
    result = CliRunner().invoke(app, ["--recipe", text])
    assert result.exit_code == 2
    assert "--recipe" in result.output


def test_the_command_says_what_yjs_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("no Node")

    monkeypatch.setattr(command, "node", nowhere)
    result = CliRunner().invoke(app, ["--seeds", "1"])
    assert result.exit_code == 2
    assert "--no-yjs" in result.output


def test_the_command_counts_what_it_ran() -> None:
    result = CliRunner().invoke(app, ["--seeds", "4", "--from", "9", "--jobs", "1", "--no-yjs"])
    assert result.exit_code == 0
    assert "4 seeds" in result.output
    assert "0 seeds failed" in result.output
