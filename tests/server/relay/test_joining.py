"""Who may not join over the relay is told so before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.settings import Settings, load_settings
from server.starting.fit import require_fit_at
from storage import migrate
from storage.relay.unavailable import RelayRefused
from tests.server.running import ORIGIN
from tests.servers.process import free_port


async def settings_of(folder: Path, redis_url: str, base_url: str = ORIGIN) -> Settings:
    """The settings of a node with a database of its own in ``folder``."""
    database_url = f"sqlite:///{folder / 'arena.db'}"
    await migrate.upgrade(database_url)
    return load_settings(database_url=database_url, redis_url=redis_url, base_url=base_url)


async def test_t12_nodes_of_one_address_must_share_a_database(
    tmp_path: Path, redis_url: str
) -> None:
    first = await settings_of(tmp_path / "first", redis_url)
    other = await settings_of(tmp_path / "other", redis_url)
    elsewhere = await settings_of(tmp_path / "elsewhere", redis_url, "https://elsewhere.example")
    await require_fit_at(first)
    await require_fit_at(first)
    await require_fit_at(elsewhere)
    with pytest.raises(RelayRefused, match="from another database"):
        await require_fit_at(other)


async def test_t12_a_relay_that_is_away_refuses_nobody(tmp_path: Path) -> None:
    await require_fit_at(await settings_of(tmp_path / "a", f"redis://127.0.0.1:{free_port()}"))
    alone = (await settings_of(tmp_path / "b", "")).model_copy(update={"redis_url": None})
    await require_fit_at(alone)


async def test_t12_a_relay_that_can_never_work_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(RelayRefused, match="must look like redis://"):
        await require_fit_at(await settings_of(tmp_path / "a", "memcached://127.0.0.1"))
