"""An arena whose model of sentences is a quick one of our own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from server.meaning.model import DIMENSIONS, Model
from server.meaning.nearest import Meanings
from tests.server.idea.arena_of_all import Everyone, everyone

SENSES = {"bäume": "schatten", "hitze": "schatten", "rad": "fahrrad", "velo": "fahrrad"}


class Quick:
    """Knows a few words that mean the same; every other word means itself."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Any:
        self.asked.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Any:
        found = np.full(DIMENSIONS, 1e-6, dtype=np.float32)
        for word in text.lower().split():
            found[crc32(SENSES.get(word, word).encode()) % DIMENSIONS] += 1
        return found / np.linalg.norm(found)


@pytest.fixture
def quick() -> Quick:
    return Quick()


@pytest.fixture
async def arena(tmp_path: Path, quick: Quick) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        model = Model(lambda: quick)
        model.load_now()
        use(arena, Meanings(is_on=True, model=model))
        yield arena


def use(arena: Everyone, meanings: Meanings) -> None:
    """Let the running arena compare texts by these."""
    inner = arena.arena
    inner.services = inner.app.state.services = replace(inner.services, meanings=meanings)
