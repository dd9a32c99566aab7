"""The server is killed while two people type, at each step and somewhere; nothing promised is lost.

Each person types words that occur once, so a word that is missing or doubled shows.
``arena bench disk kill`` does the same for longer.
"""

from __future__ import annotations

import random

from bench.disk import vfs
from bench.disk.launcher import Step
from bench.disk.nemesis import kill_at, kill_database, kill_somewhere
from bench.disk.stage import Stage
from tests.servers.postgresql import Postgres

STEPS_ON_POSTGRESQL = (Step.IN_COMMIT, Step.AFTER_COMMIT)


async def test_s22_kills_on_sqlite_lose_and_double_nothing(
    on_sqlite: Stage, rng: random.Random
) -> None:
    found = await kill_somewhere(on_sqlite)(rng)
    for step in Step:
        if step is Step.IN_COMMIT and vfs.why_not() is not None:
            continue
        found += [f"{step.value}: {wrong}" for wrong in await kill_at(on_sqlite, step)(rng)]
    found += await on_sqlite.compare_replay()
    assert not found, "\n".join(found)


async def test_s22_kills_on_postgresql_lose_and_double_nothing(
    on_postgres: Stage, postgres: Postgres, rng: random.Random
) -> None:
    found = await kill_somewhere(on_postgres)(rng)
    for step in STEPS_ON_POSTGRESQL:
        found += [f"{step.value}: {wrong}" for wrong in await kill_at(on_postgres, step)(rng)]
    # Its own server may die too, and Arena's must find it again.
    found += await kill_database(on_postgres, postgres)(rng)
    found += await on_postgres.compare_replay()
    assert not found, "\n".join(found)
