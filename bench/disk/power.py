"""Power cuts: at any moment of a recorded run, with any part of the unsynced writes left.

Each image is opened with plain SQLite and read through ``storage``: the file must be sound, every
text readable, and every token there once whose promise had left before the power went.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from bench.disk.journal import DiskState, Promise, Survival
from bench.disk.recording import Recording
from bench.disk.typists import SECTION, TOKEN
from collab.sync.document import Document, UnreadableDocument
from server.actions.seeds import dossier_schema
from storage import documents
from storage.database import Database, StorageUnavailable
from storage.documents import Absent, Failed, Found
from tests.harness.text import SharedText

MEMORY = Path("/dev/shm")
"""Images need no syncing; where there is such a folder they do not wait for it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What is wrong with one image."""

    moment: int
    survival: Survival
    what: str

    def __str__(self) -> str:
        return f"power cut before entry {self.moment}, left: {self.survival.value}: {self.what}"


@dataclass(slots=True)
class Verdict:
    """What was checked and what was found."""

    images: int = 0
    moments: int = 0
    promises_due: int = 0
    """Tokens that had to be there, summed over all images."""
    survivals: Counter[Survival] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        """Count another run in."""
        self.images += other.images
        self.moments += other.moments
        self.promises_due += other.promises_due
        self.survivals += other.survivals
        self.losses += other.losses


@dataclass(frozen=True, slots=True)
class Cut:
    """The disk at one moment, and what had been promised by then."""

    moment: int
    state: DiskState
    promised: Mapping[str, set[str]]


async def cut(recording: Recording, *, moments: int, seed: int) -> Verdict:
    """Check ``moments`` power cuts, each with every kind of survival."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="arena-images-", dir=memory) as folder:
        return await _cut(recording, Path(folder), moments, random.Random(seed))


async def _cut(recording: Recording, folder: Path, moments: int, rng: random.Random) -> Verdict:
    verdict = Verdict()
    for at in _cuts(recording, _moments(recording, moments, rng)):
        verdict.moments += 1
        for survival in Survival:
            if survival is not Survival.NONE and at.state.is_settled:
                continue  # everything was synced: nothing to choose from
            image = at.state.image(survival, rng)
            wrong = await _examine(image, folder, recording.documents, at.promised)
            verdict.losses += [Loss(at.moment, survival, what) for what in wrong]
            verdict.survivals[survival] += 1
            verdict.images += 1
            verdict.promises_due += sum(map(len, at.promised.values()))
    return verdict


def _moments(recording: Recording, count: int, rng: random.Random) -> set[int]:
    """Half of them right behind a promise, where a lie would show; half among the changes."""
    behind = [isinstance(entry, Promise) for entry in recording.entries]
    promises = [at + 1 for at, is_promise in enumerate(behind) if is_promise]
    changes = [at + 1 for at, is_promise in enumerate(behind) if not is_promise]
    half = min(len(promises), count // 2)
    return {
        *rng.sample(promises, half),
        *rng.sample(changes, min(len(changes), count - half)),
    }


def _cuts(recording: Recording, moments: set[int]) -> Iterator[Cut]:
    """The disk at each of the moments, in order; each state is good until the next."""
    state = DiskState({file: bytearray(data) for file, data in recording.before.items()})
    promised: dict[str, set[str]] = {}
    for number, entry in enumerate(recording.entries):
        if number in moments:
            yield Cut(number, state, promised)
        if isinstance(entry, Promise):
            promised.setdefault(entry.document, set()).update(entry.tokens)
        else:
            state.take(number, entry)
    if len(recording.entries) in moments:
        yield Cut(len(recording.entries), state, promised)


async def _examine(
    image: Mapping[str, bytes], folder: Path, made: Sequence[UUID], promised: Mapping[str, set[str]]
) -> list[str]:
    """What is wrong with the files of ``image``."""
    main = _lay(image, folder)
    try:
        database = await Database.open(f"sqlite:///{main}")
    except StorageUnavailable as error:
        return [f"the database does not open: {error}"]
    try:
        return [wrong async for wrong in _faults(database, made, promised)]
    except (StorageUnavailable, ValueError) as error:  # a value that is none: a torn row
        return [f"the database cannot be read: {error}"]
    finally:
        await database.close()


def _lay(image: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files of ``image`` into the emptied folder; the database among them."""
    for old in folder.iterdir():
        old.unlink()
    for file, data in image.items():
        (folder / Path(file).name).write_bytes(data)
    return folder / Path(min(image, key=len)).name


async def _faults(
    database: Database, made: Sequence[UUID], promised: Mapping[str, set[str]]
) -> AsyncIterator[str]:
    async with database.read() as tx:
        said = list((await tx.run(text("PRAGMA integrity_check"))).scalars())
        if said != ["ok"]:
            yield f"the integrity check says {said[:3]}"
        for document_id in made:
            found = await documents.load(tx, document_id)
            for wrong in _faults_of_text(found, promised.get(str(document_id), set())):
                yield f"text {document_id}: {wrong}"


def _faults_of_text(found: Found | Absent | Failed, due: set[str]) -> Iterator[str]:
    if not isinstance(found, Found):
        yield f"not readable: {found}"
        return
    try:
        state = Document.load(dossier_schema(found.head.schema), found.updates).state()
    except UnreadableDocument as error:
        yield f"it does not add up: {error}"
        return
    copy = SharedText(lambda _update: None)
    copy.apply(state)
    there = Counter(TOKEN.findall(copy.read(SECTION)))
    if missing := sorted(due - set(there)):
        yield f"{len(missing)} promised tokens are missing: {missing[:5]}"
    if doubled := sorted(token for token, count in there.items() if count > 1):
        yield f"tokens are there twice: {doubled[:5]}"
