"""What else the database says of an act, held against its entry in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from collab.process.audit.entry import BEGUN, Draft, digest_of, moment
from collab.process.audit.facts import as_text, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An event as it is stored now."""

    kind: str
    actor: str | None
    payload: Mapping[str, Any]
    public: bool
    at: datetime
    was: frozenset[str] = frozenset()
    """Guests whom the actor has taken over since: the entry seals him as who he was then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A stage change as it is stored now."""

    transition: str
    from_stage: str
    to_stage: str
    revision: int
    version: Mapping[str, Any]
    reason: str
    at: datetime
    ground: Mapping[str, Any] = field(default_factory=dict)
    """What the entry says of it besides: office, digests of gate report and evidence."""

    def to_json(self) -> dict[str, Any]:
        """The move as the first entry over an older history digests it."""
        return {
            "transition": self.transition,
            "from_stage": self.from_stage,
            "to_stage": self.to_stage,
            "revision": self.revision,
            "version": dict(self.version),
            "at": moment(self.at),
        }


def contradictions(draft: Draft, found: Witness, keys: Mapping[str, bytes]) -> Iterator[str]:
    """The fields in which the event says something else than the entry.

    Of what is sealed that can be said only as long as the key is there.
    """
    said = {"act": found.kind, "public": found.public, "at": moment(found.at)}
    entered = {"act": draft.act, "public": draft.public, "at": moment(draft.at)}
    yield from (name for name in said if said[name] != entered[name])
    actor = {"actor": found.actor} if found.actor else {}
    for name, value in {**found.payload, **actor}.items():
        # As it was entered: what stands in clear may be decided otherwise later.
        if name in draft.facts:
            is_same = draft.facts[name] == value
        elif name in draft.sealed:
            sealed = draft.sealed[name]
            maybe = {as_text(value)} | (found.was if name == "actor" else frozenset())
            is_same = name not in keys or any(
                seal(keys[name], name, each) == sealed for each in maybe
            )
        else:
            is_same = False
        if not is_same:
            yield name


def moved_otherwise(draft: Draft, move: Move | None, told: Witness | None) -> Iterator[str]:
    """The fields in which the history of stages says something else than the entry of a move.

    Its reason, which is sealed in the entry, is held against the event ``told``.
    """
    if move is None:
        yield "revision"
        return
    entered = {**draft.facts, "at": moment(draft.at)}
    said = {**move.to_json(), **move.ground}
    yield from (name for name in said if said[name] != entered.get(name, _ABSENT))
    if told is not None and told.payload.get("reason") != move.reason:
        yield "reason"


def stands_at(draft: Draft, before: Mapping[str, Any]) -> dict[str, Any]:
    """Stage and kind of the idea after the act, by what its entry says."""
    facts = draft.facts
    stage = facts.get("to_stage") or facts.get("stage") or before.get("stage")
    kind = facts.get("to_kind") or facts.get("idea_kind") or before.get("kind")
    if draft.act == BEGUN:
        kind = facts.get("kind")
    return {"stage": stage, "kind": kind}


def begun_otherwise(draft: Draft, moves: list[Move]) -> Iterator[str]:
    """Whether the history that a chain began over is no longer the one it was."""
    older = [move.to_json() for move in moves if move.revision <= draft.facts["revision"]]
    if digest_of(older) != draft.facts["history"]:
        yield "history"


_ABSENT = object()
