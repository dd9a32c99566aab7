"""Two versions of an idea's text side by side: which they are, and what changed between them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, ParamSpec, TypeVar

from collab.errors import Conflict
from collab.process.actors import Actor
from collab.process.version import TextVersion
from collab.sync.comparing.texts import Difference, compare
from collab.sync.text import DossierText, from_json
from server.actions.cases import Case, open_case
from server.actions.versions.reading import kept_version, may_read_version
from server.services import Services
from server.views.dossier import read_text
from storage import texts
from storage.texts import PinnedText

P = ParamSpec("P")
T = TypeVar("T")

NOW: Final = "now"
"""Names the text as it is now, which is no kept version."""

# One comparison at a time for all who ask: it is bounded, and typing goes before it.
_COMPARING = ThreadPoolExecutor(1, "comparing")


@dataclass(frozen=True, slots=True)
class Version:
    """One text that is compared; ``at`` is when it was kept, none for the text of now."""

    name: str
    version: TextVersion
    text: DossierText
    at: datetime | None
    redacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of one idea and what changed."""

    case: Case
    earlier: Version
    later: Version
    difference: Difference


async def compared(
    services: Services, actor: Actor, ref: str, earlier: str, later: str
) -> Compared:
    """What changed from one version to the other, named ``epoch.seq`` or ``now``.

    Raises:
        NotFound: there is no such version, or the idea is not for this actor.
        Conflict: (unreadable-document) the text of now cannot be read.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
    return await compared_with(
        services, actor, case, await _version(services, actor, case, earlier), later
    )


async def compared_with(
    services: Services, actor: Actor, case: Case, earlier: Version, later: str
) -> Compared:
    """The same, where the earlier one is at hand; it may be of another idea."""
    other = await _version(services, actor, case, later)
    return Compared(case, earlier, other, await in_turn(compare, earlier.text, other.text))


async def in_turn(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do something that takes a while in a thread, one after the other for all who ask."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_COMPARING, partial(work, *given, **named))


async def kept(services: Services, case: Case) -> list[tuple[TextVersion, datetime]]:
    """The kept versions of the idea's text that the case's actor may read, oldest first."""
    async with services.database.read() as tx:
        return [
            (version, at)
            for version, at in await texts.versions(tx, case.idea.document_id)
            if await may_read_version(tx, case, version.epoch, version.seq)
        ]


async def _version(services: Services, actor: Actor, case: Case, name: str) -> Version:
    if name == NOW:
        read = await read_text(services, actor, case.idea.ref)
        if read.unreadable:
            raise Conflict("unreadable-document")
        return Version(NOW, read.version, read.text, None, None)
    async with services.database.read() as tx:
        row = await kept_version(tx, case, name)
    return version_of(row)


def version_of(row: PinnedText) -> Version:
    """A kept text as it is compared."""
    version = TextVersion(row.epoch, row.seq, row.sha256)
    name = f"{row.epoch}.{row.seq}"
    return Version(name, version, from_json(row.sections), row.at, row.redacted_at)
