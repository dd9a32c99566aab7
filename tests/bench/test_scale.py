"""The capacity model finds what it was made from, and says what breaks first."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.scale.command import loads
from bench.scale.fitting import MICRO, Costs, fitted
from bench.scale.measuring import Cost, Load
from bench.scale.model import BUSY_MAX, SIZES, Dealing, Size, capacity
from bench.scale.sampling import Sampler
from bench.scale.simulation import ROOM_MAX, room_sizes, simulate, wait_ms

TRUE = Costs(
    node_edit_us=300,
    node_commit_us=150,
    node_publication_us=40,
    node_delivery_us=6,
    node_crossing_us=90,
    node_idle=0.01,
    node_error=0,
    database_edit_us=120,
    database_commit_us=200,
    database_idle=0.005,
    database_error=0,
    commits_per_edit=0.5,
    log_bytes_per_edit=900,
    relay_edit_us=15,
    relay_crossing_us=5,
    relay_error=0,
    relay_bytes_per_crossing=400,
)


def cost(load: Load) -> Cost:
    """What a load would have cost if the true costs were known."""
    span_s = 10.0
    edits = int(load.rooms * load.people * load.rate * span_s)
    deliveries, crossing = edits * (load.people - 1), edits * load.crosses
    commits = edits * (0.3 if load.people > 10 else 0.7 - 0.1 * load.rate)
    idle = load.nodes * span_s
    told = edits if load.nodes > 1 else 0
    nodes_us = edits * 300 + commits * 150 + told * 40 + deliveries * 6 + crossing * 90
    database_us = edits * 120 + commits * 200
    return Cost(
        load=load,
        edits=edits,
        deliveries=deliveries,
        span_s=span_s,
        p50_ms=1,
        p99_ms=2,
        ack_p50_ms=1,
        ack_p99_ms=2,
        nodes_cpu_s=nodes_us / MICRO + idle * 0.01,
        database_cpu_s=database_us / MICRO + idle * 0.005,
        relay_cpu_s=(edits * 15 + crossing * 5) / MICRO,
        commits=commits,
        rows=edits,
        log_bytes=edits * 900,
        publications=edits,
        relayed_bytes=edits * max(load.crosses, 1.0) * 400,
        remarks=(),
    )


def test_the_fit_finds_the_costs_that_loads_were_made_with() -> None:
    found = fitted([cost(load) for load in loads([1, 2, 3])])
    assert found.node_edit_us == pytest.approx(300, rel=1e-6)
    assert found.node_commit_us == pytest.approx(150, rel=1e-6)
    assert found.node_publication_us == pytest.approx(40, rel=1e-6)
    assert found.node_delivery_us == pytest.approx(6, rel=1e-6)
    assert found.node_crossing_us == pytest.approx(90, rel=1e-6)
    assert found.node_idle == pytest.approx(0.01, rel=1e-6)
    assert found.database_edit_us == pytest.approx(120, rel=1e-6)
    assert found.database_commit_us == pytest.approx(200, rel=1e-6)
    assert found.relay_crossing_us == pytest.approx(5, rel=1e-6)
    assert found.relay_bytes_per_crossing == pytest.approx(400, rel=1e-6)
    assert found.node_error < 1e-6


def test_a_fit_with_noise_has_no_negative_costs() -> None:
    dice = random.Random(1)
    noisy = [
        replace(each, nodes_cpu_s=each.nodes_cpu_s * dice.uniform(0.7, 1.3))
        for each in map(cost, loads([1, 2, 3]))
    ]
    found = fitted(noisy)
    assert min(found.node_edit_us, found.node_delivery_us, found.node_crossing_us) >= 0
    assert found.node_error > 0


def test_too_few_loads_are_refused() -> None:
    with pytest.raises(ValueError, match="8 loads"):
        fitted([cost(load) for load in loads([1])])


def test_costs_survive_a_file() -> None:
    (first, *_) = map(cost, loads([2]))
    assert Cost.from_json(first.as_json()) == first


def test_a_larger_size_needs_no_fewer_nodes_and_keeps_them_within_what_is_planned() -> None:
    found = [capacity(TRUE, size, Dealing.ANYWHERE) for size in SIZES]
    assert [each.nodes for each in found] == sorted(each.nodes for each in found)
    for each in found:
        assert each.used["nodes' processors"] <= 1
        assert each.used[each.first_to_break] == max(each.used.values())
    assert found[0].nodes == 1
    assert found[0].used["Valkey's network"] == 0


def test_documents_at_one_node_cross_nothing_and_need_fewer_nodes() -> None:
    anywhere, by_document = (capacity(TRUE, SIZES[-1], dealing) for dealing in Dealing)
    assert by_document.crosses == 0 < anywhere.crosses < SIZES[-1].people_per_room
    assert by_document.nodes < anywhere.nodes


@pytest.mark.parametrize("size", SIZES)
def test_the_simulation_deals_out_everybody_and_agrees_with_the_paper(size: Size) -> None:
    rooms = room_sizes(size, random.Random(7))
    assert sum(rooms) == size.people
    assert max(rooms) <= ROOM_MAX + size.people / size.rooms
    even = simulate(TRUE, size, 7)
    assert even.busiest_node >= even.average_node > 0
    assert even.paper.nodes == capacity(TRUE, size, Dealing.ANYWHERE).nodes
    assert simulate(TRUE, size, 7) == even, "the same seed, the same city"


def test_waiting_grows_beyond_measure_as_a_node_fills_up() -> None:
    assert wait_ms(0, 0) == 0
    assert wait_ms(BUSY_MAX, 1_000) == pytest.approx(0.45)
    assert wait_ms(0.9, 1_000) > 5 * wait_ms(BUSY_MAX, 1_000)
    assert wait_ms(1, 1_000) == float("inf")


class Counting:
    """A meter that grows by ten with each reading."""

    def __init__(self) -> None:
        self.value = 0.0
        self.is_closed = False

    def read(self) -> dict[str, float]:
        self.value += 10
        return {"count": self.value}

    def close(self) -> None:
        self.is_closed = True


def test_growth_between_two_moments_is_read_off_the_samples() -> None:
    meter = Counting()
    sampler = Sampler([meter])
    sampler._samples = [(0.0, {"count": 0.0}), (1.0, {"count": 10.0}), (2.0, {"count": 40.0})]
    assert sampler.between(0.5, 1.5) == {"count": 20.0}
    assert sampler.between(-1, 9) == {"count": 40.0}
    with Sampler([meter]):
        pass
    assert meter.is_closed
