"""The kept versions of a text as people look for them: by name, by act, and the rest."""

from dataclasses import dataclass
from datetime import datetime

from collab.process.permissions import Action
from collab.process.version import TextVersion
from server.actions.cases import Case
from server.faces import Face, faces
from server.views.record.known import known_moves, may_read_version
from server.views.stage_line import Move, moves
from storage import stages, texts
from storage.database import Transaction
from storage.versions import names
from storage.versions.names import BEFORE_RESTORE, NamedVersion


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody called a version; without a name it was kept before a restoration."""

    row: NamedVersion
    by: Face | None
    may_rename: bool

    @property
    def is_automatic(self) -> bool:
        return self.row.kind == BEFORE_RESTORE and not self.row.name


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A kept version with what it is known for; with neither, only judgements are bound to it."""

    version: TextVersion
    at: datetime
    names: tuple[Name, ...]
    moves: tuple[Move, ...]

    @property
    def name(self) -> str:
        """How addresses call it."""
        return f"{self.version.epoch}.{self.version.seq}"

    @property
    def is_known(self) -> bool:
        return bool(self.names or self.moves)


async def kept_versions(tx: Transaction, case: Case) -> tuple[KeptVersion, ...]:
    """The versions that the case's actor may read, newest first."""
    idea = case.idea
    pins = [
        (version, at)
        for version, at in await texts.versions(tx, idea.document_id)
        if await may_read_version(tx, case, version.epoch, version.seq)
    ]
    named = await names.of_idea(tx, idea.id)
    known = await faces(tx, {row.by for row in named})
    shown = known_moves(case, await stages.history(tx, idea.id))
    done = [(each.change, each) for each in moves(case.process, shown)]
    return tuple(
        KeptVersion(
            version=version,
            at=at,
            names=tuple(
                Name(row, known.get(row.by), row.by == case.actor.person_id)
                for row in named
                if (row.epoch, row.seq) == (version.epoch, version.seq)
            ),
            moves=tuple(
                move
                for change, move in done
                if (change.epoch, change.seq) == (version.epoch, version.seq)
            ),
        )
        for version, at in reversed(pins)
    )


def may_name(case: Case) -> bool:
    """Whether the actor may give the text as it is now a name."""
    return case.may(Action.NAME_VERSION)
