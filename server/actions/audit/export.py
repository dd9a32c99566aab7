"""The audit log as JSON lines: one entry per line, and last a line with the heads of the chains.

The lines are all that is needed to check the chains anywhere: ``docs/audit/verify.py`` does it.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from collab.process.audit.entry import FORMAT, Entry
from storage.database import Transaction
from storage.process import audit
from storage.process.audit import Chain

ENTRIES_PER_READ = 500

IsOpen = Callable[[Entry], bool]
"""Whether an entry is handed out whole; else only its place in the chain is."""


async def lines(
    tx: Transaction, chains: Sequence[Chain], is_open: IsOpen = lambda entry: True
) -> AsyncIterator[str]:
    """The lines of the export, without their ends."""
    heads: dict[str, dict[str, Any]] = {}
    for chain in chains:
        number = 0
        while page := await audit.entries(tx, chain.name, number, ENTRIES_PER_READ):
            for entry in page:
                yield _line(entry.to_json() if is_open(entry) else entry.closed())
            number = page[-1].number
            heads[chain.name] = {"number": number, "hash": page[-1].hash}
    yield _line({"format": FORMAT, "heads": heads})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
