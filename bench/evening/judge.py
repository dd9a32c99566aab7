"""After the evening: does every word that was typed stand once on every device and in the log?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bench.evening.devices import BOARD, Device, words_on
from bench.evening.play import Evening
from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from server.realtime.holders import schema_of
from storage import documents
from storage.database import Database
from storage.documents import Found
from tests.harness.ideas import FREE_SECTION
from tests.harness.text import SharedText
from tests.harness.waiting import until_true

SAME_S: Final = 60.0
SHOWN: Final = 3


async def judge(evening: Evening, url: str) -> list[str]:
    """What is wrong with the texts: words lost, words doubled, copies that differ."""
    groups = [
        (evening.hall.board, BOARD, [(each, each.board) for each in evening.devices]),
    ]
    for address in dict.fromkeys(each.table.actor.document for each in evening.devices):
        there = [each for each in evening.devices if each.table.actor.document == address]
        groups.append((address, FREE_SECTION, [(each, each.table) for each in there]))
    found: list[str] = []
    database = await Database.open(url)
    try:
        for address, root, copies in groups:
            typed = [word for _, document in copies for word in document.typed]
            texts = [document.actor.text for _, document in copies]

            def are_same(texts: Sequence[SharedText] = texts, root: str = root) -> bool:
                first = words_on(texts[0].doc, root)
                return all(words_on(each.doc, root) == first for each in texts)

            try:
                await until_true(are_same, "the devices show the same", timeout_s=SAME_S)
            except TimeoutError:
                found.append(f"{address}: devices show different texts after {SAME_S:g} s")
            for device, document in copies:
                words = words_on(document.actor.text.doc, root)
                found += faults(f"device {device.name}", typed, words)
            found += faults("cold replay", typed, await replayed(database, address, root))
    finally:
        await database.close()
    return found


def faults(where: str, typed: Iterable[str], there: Sequence[str]) -> list[str]:
    """What is wrong if ``there`` is what stands in a copy of a text in which all that was typed."""
    count, due = Counter(there), set(typed)
    lost = sorted(due - set(count))
    doubled = sorted(word for word, times in count.items() if times > 1)
    foreign = sorted(set(count) - due)
    return [
        f"{where}: {len(words)} words {what}, for instance {', '.join(words[:SHOWN])}"
        for what, words in (("lost", lost), ("doubled", doubled), ("of nobody", foreign))
        if words
    ]


async def replayed(database: Database, address: str, root: str) -> list[str]:
    """The words that the log holds, read past the server."""
    async with database.read() as tx:
        found = await documents.load(tx, DocumentAddress.parse(address).document)
    assert isinstance(found, Found), found

    def read() -> list[str]:
        copy = SharedText(lambda _update: None)
        copy.apply(Document.load(schema_of(found.head), found.updates).state())
        return words_on(copy.doc, root)

    return await asyncio.to_thread(read)


def typed_by(devices: Iterable[Device]) -> int:
    """How many words they typed."""
    return sum(len(document.typed) for device in devices for document in device.documents)
