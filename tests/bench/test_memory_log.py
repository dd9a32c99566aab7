"""The log in memory and the one in the database answer the same calls in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from bench.chaos.machines.memory import MemoryLog
from storage import documents
from storage.database import Database
from storage.documents import Batch, Failed, Found, LogRow, UnreadableLog
from tests.storage.making import later

PEOPLE = [uuid4(), uuid4(), None]
CALLS = 60


@dataclass
class Both:
    """A document in both logs, and chance that chooses what happens to it."""

    memory: MemoryLog
    database: Database
    document_id: UUID
    dice: Random
    at: int = 0

    async def create(self) -> tuple[Any, Any]:
        given = (self.document_id, "idea", 1, b"seed", [1], later(seconds=0))
        async with self.database.write() as tx:
            return self.memory.create(*given), await documents.create(tx, *given)

    async def commit(self) -> tuple[Any, Any]:
        """A batch that fits, or believes too little or too much, or claims another's client."""
        head = self.memory.heads([self.document_id])[self.document_id]
        seq, access = head.seq, head.access_version
        if self.dice.random() < 0.3:
            seq += self.dice.choice((-1, 1))
        if self.dice.random() < 0.1:
            access += 1
        rows = [
            LogRow(self.dice.randbytes(4), self.dice.choice(PEOPLE))
            for _ in range(self.dice.randint(1, 3))
        ]
        clients = {self.dice.randint(2, 12): self.dice.choice(PEOPLE)}
        batch = Batch(self.document_id, head.epoch, seq, access, rows, clients)
        self.at += 1
        now = later(seconds=self.at)
        there = await documents.commit_batch(self.database, [batch], now)
        return self.memory.commit_batch([batch], now), there

    async def bump(self) -> tuple[Any, Any]:
        self.memory.bump_access(self.document_id)
        async with self.database.write() as tx:
            await documents.bump_access(tx, self.document_id)
            there = await documents.heads(tx, [self.document_id, uuid4()])
        return self.memory.heads([self.document_id, uuid4()]), there

    async def snapshot(self) -> tuple[Any, Any]:
        head = self.memory.heads([self.document_id])[self.document_id]
        given = (self.document_id, 1, self.dice.randint(1, head.seq), b"state", later(seconds=0))
        async with self.database.write() as tx:
            return self.memory.save_snapshot(*given), await documents.save_snapshot(tx, *given)

    async def trim(self) -> tuple[Any, Any]:
        before = later(seconds=self.at - self.dice.randint(-1, 5))
        async with self.database.write() as tx:
            there = await documents.trim(tx, self.document_id, before)
        return self.memory.trim(self.document_id, before), there

    async def since(self) -> tuple[Any, Any]:
        seq = self.dice.randint(0, self.memory.heads([self.document_id])[self.document_id].seq)
        async with self.database.read() as tx:
            try:
                there: Any = await documents.since(tx, self.document_id, 1, seq)
            except UnreadableLog as error:
                there = str(error)
        try:
            here: Any = self.memory.since(self.document_id, 1, seq)
        except UnreadableLog as error:
            here = str(error)
        return here, there

    async def load(self) -> tuple[Any, Any]:
        unknown = uuid4()
        wanted = unknown if self.dice.random() < 0.1 else self.document_id
        async with self.database.read() as tx:
            there = await documents.load(tx, wanted)
        here = self.memory.load(wanted)
        if isinstance(here, Failed):
            assert isinstance(there, Failed)
            return None, None
        return here, there


@pytest.mark.parametrize("seed", range(2))
async def test_both_logs_answer_the_same_calls_in_the_same_way(
    database: Database, seed: int
) -> None:
    both = Both(MemoryLog(), database, uuid4(), Random(f"logs {seed}"))
    here, there = await both.create()
    assert here == there
    calls = (
        both.commit, both.commit, both.commit, both.bump, both.snapshot, both.trim,
        both.since, both.load,
    )  # fmt: skip
    answers = []
    for number in range(CALLS):
        call = both.dice.choice(calls)
        here, there = await call()
        assert here == there, f"seed {seed}, call {number}: {call.__name__}"
        answers.append(here)
    assert any(isinstance(each, Found) for each in answers)
