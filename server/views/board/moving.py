"""Ideas that are about to be moved: where each could go, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collab.errors import Conflict, Refusal, Unmet
from collab.process.actors import Actor
from collab.process.board.claims import Held
from collab.process.permissions import Action, require
from collab.process.stages import ProcessTemplate, Stage
from collab.process.version import TextVersion
from server.actions.access import known
from server.actions.board.claims import held_by
from server.actions.board.moves import Moved
from server.actions.cases import Case, open_case
from server.actions.facts.case import case_facts
from server.services import Services
from server.views.board.cards import state_of
from server.views.dossier import ReadText, read_text
from server.views.ways import Condition, Way, conditions, open_to_actor
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Moving:
    """One idea with its ways; ``held`` is somebody else's claim on it."""

    case: Case
    ways: Sequence[Way]
    version: TextVersion
    held: Held | None

    @property
    def state(self) -> str:
        return state_of(self.case.idea.ref, self.case.idea.revision, self.version)

    def way(self, to: str) -> Way | None:
        """The way to that stage, if there is one for this reader."""
        return next((way for way in self.ways if way.target.id == to), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a move, in words of the templates."""

    case: Case
    target: Stage | None
    is_done: bool
    code: str
    unmet: Sequence[Condition]
    winner: dict[str, Any] | None


async def moving(services: Services, actor: Actor, refs: Sequence[str]) -> list[Moving]:
    """These ideas as they are now, for somebody who works at the board; unknown ones refuse."""
    known(actor)
    require(Action.READ_BOARD, actor)
    # What lists show may be a second behind; a decision is bound to what stands there now.
    texts = [await read_text(services, actor, ref) for ref in refs]
    async with services.database.read() as tx:
        return [
            await _moving(services, tx, actor, ref, text)
            for ref, text in zip(refs, texts, strict=True)
        ]


async def outcomes(services: Services, actor: Actor, results: Sequence[Moved]) -> list[Outcome]:
    """What became of moves, for those ideas that the actor may read."""
    async with services.database.read() as tx:
        return [
            outcome(await open_case(tx, actor, each.ref), each.to, each.refusal)
            for each in results
            if each.refusal is None or each.refusal.code != "not-found"
        ]


def outcome(case: Case, to: str, refusal: Refusal | None) -> Outcome:
    """A move of one idea that was made, or refused with everything that stands against it."""
    found = refusal.data.get("unmet") if isinstance(refusal, Unmet) else None
    return Outcome(
        case=case,
        target=case.process.stage(to),
        is_done=refusal is None,
        code=refusal.code if refusal else "",
        unmet=conditions(case, found) if isinstance(found, list) else (),
        winner=winner(case.process, refusal) if isinstance(refusal, Conflict) else None,
    )


def winner(process: ProcessTemplate, refusal: Conflict) -> dict[str, Any] | None:
    """The move that was first, with its stage in words."""
    found = refusal.data.get("winner")
    if not isinstance(found, dict) or "to" not in found:
        return None
    return {
        "name": found["name"],
        "reason": found["reason"],
        "at": datetime.fromisoformat(str(found["at"])),
        "stage": process.stage(str(found["to"])),
    }


async def _moving(
    services: Services, tx: Transaction, actor: Actor, ref: str, read: ReadText
) -> Moving:
    case = await open_case(tx, actor, ref)
    held = await held_by(tx, case.idea.id, services.clock())
    facts = await case_facts(tx, case, read.text, now=services.clock())
    return Moving(
        case=case,
        ways=open_to_actor(case, facts) if case.may(Action.CHANGE_STAGE) else (),
        version=read.version,
        held=held if held and held.person_id != case.actor.person_id else None,
    )
