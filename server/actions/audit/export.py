"""The audit log as JSON lines: one entry per line, and last a line with the heads of the chains.

The lines are all that is needed to check the chains anywhere: ``docs/audit/verify.py`` does it.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from collab.process.audit.entry import FORMAT, Entry
from storage.database import Database
from storage.process import audit
from storage.process.audit import Chain

ENTRIES_PER_READ = 500

IsOpen = Callable[[Entry], bool]
"""Whether an entry is handed out whole; else only its place in the chain is."""


async def lines(
    database: Database, chains: Sequence[Chain], is_open: IsOpen = lambda entry: True
) -> AsyncIterator[str]:
    """The lines of the export, without their ends.

    The chains end where they ended when they were asked for, however they grow meanwhile: what is
    entered never changes. Each page is a read of its own, so that a slow reader holds no connection
    to the database and no more than a page in memory.
    """
    heads: dict[str, dict[str, Any]] = {}
    for chain in chains:
        number = 0
        while page := await _page(database, chain, number):
            for entry in page:
                yield _line(entry.to_json() if is_open(entry) else entry.closed())
            number = page[-1].number
            heads[chain.name] = {"number": number, "hash": page[-1].hash}
    yield _line({"format": FORMAT, "heads": heads})


async def _page(database: Database, chain: Chain, after: int) -> list[Entry]:
    async with database.read() as tx:
        found = await audit.entries(tx, chain.name, after, ENTRIES_PER_READ)
    return [entry for entry in found if entry.number <= chain.last]


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
