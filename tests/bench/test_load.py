"""The load bench counts right: its statistics, its document, and a small crowd on a real Arena."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment

from bench.load import building
from bench.load.databases import SqliteFiles
from bench.load.documents import Typing, made_up
from bench.load.generating import Generator, Step, faults, losses
from bench.load.machine import processors
from bench.load.population import ROOT
from bench.load.report import Column, Run, table
from bench.load.scenarios.durability import lost
from bench.load.servers import HOCUSPOCUS, Y_WEBSOCKET, Arena, Need, Stable
from bench.load.statistics import Summary, ratio
from tests.harness.node import node

PEOPLE = 5
BASES = iter(range(0x80000000, 0xF0000000, 0x1000000))
"""Client ids for one run after the other, each its own."""


def step(**figures: float) -> Step:
    """A step of a generator in which all went well, but for ``figures``."""
    well = {"delivered": 10, "expected": 10, "acks": 2, "acks_expected": 2}
    return {**well, "refused": 0, "closed": 0, **figures}


def run(server: str, number: int, p99_ms: float, *, fault: str = "") -> Run:
    return Run("crowd", "50", server, number, {"p99_ms": p99_ms}, [fault] if fault else [])


def test_a_summary_is_the_median_between_least_and_most() -> None:
    assert Summary.of([3.0, 1.0, 8.0]) == Summary(3.0, 1.0, 8.0, 3)
    assert Summary.of([]) is None


def test_a_ratio_compares_medians_and_never_divides_by_nothing() -> None:
    assert ratio(Summary.of([1.0, 2.0, 9.0]), Summary.of([4.0])) == 0.5
    assert ratio(Summary.of([1.0]), Summary.of([0.0])) is None
    assert ratio(None, Summary.of([1.0])) is None


def test_a_table_shows_medians_and_ratios_of_the_rounds_that_count() -> None:
    late = "generator-bound: sent 9.0 ms late (p99)"
    runs = [run("arena", at, p99) for at, p99 in enumerate([4.0, 2.0, 6.0], 1)]
    runs += [run("hocuspocus", 1, 8.0), run("hocuspocus", 2, 500.0, fault=late)]
    shown = table("crowd", [Column("p99_ms", "p99 ms", compares=True)], runs).splitlines()
    assert shown[1].split() == ["50", "arena", "4.0", "(2.0–6.0)", "3"]
    assert shown[2].split() == ["50", "hocuspocus", "8.0", "1", "of", "2", "INVALID"]
    assert f"  50 hocuspocus: {late} (round 2)" in shown
    assert "  50 arena / hocuspocus: p99 ms 0.50" in shown


def test_ratios_without_a_valid_round_are_called_invalid() -> None:
    runs = [run("arena", 1, 4.0), run("hocuspocus", 1, 8.0, fault="generator-bound")]
    shown = table("crowd", [Column("p99_ms", "p99 ms", compares=True)], runs).splitlines()
    assert shown[-1] == "  50 arena / hocuspocus: p99 ms 0.50 INVALID"


@pytest.mark.parametrize(
    ("figures", "count"),
    [({}, 0), ({"generator_cpu": 0.9}, 1), ({"generator_cpu": 0.95, "lag_p99_ms": 5.1}, 2)],
)
def test_a_generator_that_is_the_bottleneck_says_so(figures: dict[str, Any], count: int) -> None:
    found = faults(step(**figures))
    assert len(found) == count
    assert all(each.startswith("generator-bound") for each in found)


def test_what_was_lost_is_named() -> None:
    assert losses(step()) == []
    assert losses(step(delivered=9)) == ["1 not delivered (90.0% were)"]
    assert losses(step(acks=1)) == ["1 not acknowledged"]
    assert losses(step(refused=1, closed=2)) == ["1 refused", "2 connections closed"]


def test_acknowledged_text_that_is_not_stored_is_lost() -> None:
    # The first three clocks are no letters, and more may be stored than was acknowledged.
    assert lost([13, 5, 3], [10, 9, 0]) == 3


def test_the_long_document_reads_as_its_edits_do() -> None:
    typing, letters = Typing(), list[str]()
    for position, deleted, inserted in [(0, 0, "äb😀"), (1, 1, "cd"), *made_up(3_000)]:
        typing.edit(position, deleted, inserted)
        letters[position : position + deleted] = inserted.replace("😀", "?")
    doc: Doc[XmlFragment] = Doc()
    doc.apply_update(typing.update())
    paragraph = doc.get(ROOT, type=XmlFragment).children[0]
    assert isinstance(paragraph, XmlElement)
    assert str(paragraph.children[0]) == "".join(letters)


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A real Arena, as the bench starts it."""
    folder = tmp_path_factory.mktemp("load")
    stable = Stable(folder, processors().server, SqliteFiles(folder / "databases"))
    server = stable.server("arena", Need(persons=PEOPLE))
    assert isinstance(server, Arena)
    server.start()
    yield server
    server.end(signal.SIGTERM)


def generator(language: str) -> Generator:
    """The generator in C or in JavaScript; the test is skipped where that cannot run."""
    if language == "c":
        if building.compiler() is None:
            pytest.skip("there is no C compiler; the other generator is tested")
        return Generator([str(building.built("generator"))], processors().generator)
    try:
        return Generator([node(), str(building.FOLDER / "generator.mjs")], processors().generator)
    except FileNotFoundError:
        pytest.skip("there is no Node; the other generator is tested")


@pytest.mark.parametrize(
    ("language", "protocol"), [("c", HOCUSPOCUS), ("c", Y_WEBSOCKET), ("node", HOCUSPOCUS)]
)
def test_a_small_crowd_loses_nothing(
    arena: Arena, tmp_path: Path, language: str, protocol: str
) -> None:
    arena.protocol = protocol
    [found] = generator(language).run(
        "type",
        arena,
        [0] * PEOPLE,
        tmp_path,
        timeout_s=60,
        base=next(BASES),
        rates=10,
        warm=0.2,
        window=0.8,
        drain=20,
    )
    assert losses(found) == []
    assert found["operations"] > 0
    assert found["acks"] == found["operations"]
    assert found["delivered"] == found["operations"] * (PEOPLE - 1)
