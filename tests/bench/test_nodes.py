"""The bench of several nodes: it types in earnest, and says so when something is missing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from bench.load.population import populate
from bench.nodes.command import app, persons_of, row
from bench.nodes.measuring import measure, quantile_ms
from bench.nodes.node import Task


async def test_two_nodes_type_into_one_text_and_nothing_is_missing(postgres_url: str) -> None:
    population = await populate(postgres_url, persons=4, ideas=1)
    people = await persons_of(postgres_url, 4)
    tasks = [
        Task(postgres_url, None, population.addresses[0], part, rate=10, warm_s=0.2, seconds=1)
        for part in (people[:2], people[2:])
    ]
    found = await asyncio.to_thread(measure, tasks)
    assert found.is_whole, row(found)
    assert found.counts["held"] > 0
    assert len(found.elsewhere) > 0
    assert "LOST" not in row(found)
    assert "LOST" in row(replace(found, ended=["try-again"]))
    assert "LOST" in row(replace(found, sent=len(found.acknowledged) + 1))


def test_a_quantile_of_nothing_is_none() -> None:
    assert quantile_ms([], 0.5) == "–"
    assert quantile_ms([0.001, 0.003], 0.5) == "2.0"


@pytest.mark.parametrize("count", ["0", "9", "two", "1,,2"])
def test_the_command_says_how_many_nodes_there_may_be(count: str) -> None:
    result = CliRunner().invoke(app, ["--nodes", count])
    assert result.exit_code == 2
    assert "1 to 8 nodes" in result.output
