"""Entries to ideas: many in one transaction, each once however often the file is imported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from collab.errors import NotFound
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.events.event import is_public
from collab.process.events.ideas import IdeaCreated
from collab.process.processes import load_process
from collab.sync.schema import SERVER_CLIENT
from collab.sync.text import sha256, to_json, to_plain
from server.actions.seeds import DOCUMENT_KIND, SCHEMA_NUMBER, Seed, seed
from server.importing.columns import Entry
from server.importing.decoding import UnreadableFile
from storage import people
from storage.bulk.ideas import FirstText, NewIdea, insert_ideas, known_sources
from storage.database import Database, Transaction

# Small enough that people who write meanwhile do not wait noticeably for the one SQLite writer.
IDEAS_PER_TRANSACTION = 100
STAGE = "open"
# Where a row's text goes if nobody says otherwise: what is the case, or what should be done.
SECTIONS = {IdeaKind.NEED: "situation", IdeaKind.PROPOSAL: "idea"}

Progress = Callable[[int], None]
"""Told how many entries were looked at since the last time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all entries of one import have in common."""

    name: str  # of the collection; with a row's key it makes the idea's source
    kind: IdeaKind
    section: str
    author_id: UUID  # in whose name the ideas are brought in

    def source(self, entry: Entry) -> str:
        """By what an idea is known again at the next import."""
        return f"import:{self.name}:{entry.key}"


async def prepare(
    database: Database, *, name: str, kind: str, section: str | None, handle: str
) -> Job:
    """The job, if there is such a person and such a section."""
    if kind not in set(IdeaKind):
        raise UnreadableFile(f"There is no kind {kind!r}; use {' or '.join(IdeaKind)}.")
    template = load_dossier(kind)
    chosen = section or SECTIONS[IdeaKind(kind)]
    if template.section(chosen) is None:
        listed = ", ".join(template.section_ids)
        raise UnreadableFile(f"A {kind} has no section {chosen!r}; it has {listed}.")
    async with database.read() as tx:
        person = await people.by_handle(tx, handle)
    if person is None:
        raise NotFound("unknown-person", handle=handle)
    return Job(name, IdeaKind(kind), chosen, person.id)


async def known_entries(database: Database, job: Job, entries: Sequence[Entry]) -> set[str]:
    """The keys of entries that were imported before."""
    async with database.read() as tx:
        return await _known(tx, job, entries)


async def write_entries(
    database: Database,
    job: Job,
    entries: Sequence[Entry],
    now: datetime,
    progress: Progress = lambda count: None,
) -> int:
    """Write the entries that are not there yet; returns how many those were.

    What was written stays written if it is interrupted; the next run goes on from there.
    """
    created = 0
    for start in range(0, len(entries), IDEAS_PER_TRANSACTION):
        batch = entries[start : start + IDEAS_PER_TRANSACTION]
        # The file's order becomes the order of the list: the first row stands first.
        ideas = [
            _idea(job, entry, now - timedelta(microseconds=start + at))
            for at, entry in enumerate(batch)
        ]
        async with database.write() as tx:
            known = await _known(tx, job, batch)
            new = [one for one, row in zip(ideas, batch, strict=True) if row.key not in known]
            created += len(await insert_ideas(tx, new, now.year))
        progress(len(batch))
    return created


async def _known(tx: Transaction, job: Job, entries: Sequence[Entry]) -> set[str]:
    keys = {job.source(entry): entry.key for entry in entries}
    return {keys[source] for source in await known_sources(tx, list(keys))}


def _idea(job: Job, entry: Entry, now: datetime) -> NewIdea:
    """The idea that an entry becomes."""
    process, template = load_process(), load_dossier(job.kind)
    seeded = seed(template, entry.title, {job.section: _text(entry)})
    fact = IdeaCreated(seeded.text.title, job.kind, STAGE)
    latitude, longitude = entry.place or (None, None)
    return NewIdea(
        idea_id=uuid4(),
        kind=job.kind,
        stage=STAGE,
        template_id=template.id,
        template_version=template.version,
        process_id=process.id,
        process_version=process.version,
        created_by=job.author_id,
        at=now,
        source=job.source(entry),
        latitude=latitude,
        longitude=longitude,
        text=_first_text(seeded),
        fact=fact,
        is_public=is_public(fact, STAGE),
    )


def _first_text(seeded: Seed) -> FirstText:
    return FirstText(
        document_id=uuid4(),
        document_kind=DOCUMENT_KIND,
        schema=SCHEMA_NUMBER,
        seed=seeded.update,
        seed_clients=(SERVER_CLIENT,),
        sha256=sha256(seeded.text),
        title=seeded.text.title,
        plain=to_plain(seeded.text),
        sections=to_json(seeded.text),
    )


def _text(entry: Entry) -> str:
    """The section's text, one line per paragraph; the link to the source stands last."""
    return "\n".join([*entry.paragraphs, *([entry.url] if entry.url else [])])
