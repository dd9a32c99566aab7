"""The timeline of an idea: what happened, step by step, as a reader may know it.

What a step is called is said by the templates in ``record/words``, one macro per kind of event.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from collab.process.events.kinds import EVENTS
from collab.process.evidence import load_evidence
from collab.process.stages import ProcessTemplate, Stage, Transition
from collab.process.templates.reading import Words
from collab.process.version import TextVersion
from server.actions.cases import Case
from server.views.record.known import KEPT_TO_THOSE_CONCERNED, knows_more, may_know
from storage import events, people, stages, texts
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import audit, organisations
from storage.tables.stages import StageChange

STEPS_PER_PAGE: Final = 50
STAGE_CHANGED: Final = "stage_changed"
DEPUTY: Final = "deputy"
"""The office of who acts for another: shown as "in Vertretung"."""

SHOWS: Final = ("steps", "people", "talk", "all")
"""What a reader can ask for; the first is shown if he asks for nothing."""

_EVIDENCE = {kind.id: kind.label for kind in load_evidence().kinds}

_ABOUT_TALK = frozenset({"judgement_kept", "judgement_withdrawn", "judgements_outdated"})
_ABOUT_PEOPLE = frozenset({"team_changed", "role_term_set", "role_term_ended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened. ``people`` are the names of persons by the field they stand in."""

    id: int
    kind: str
    at: datetime
    payload: Mapping[str, Any]
    is_public: bool
    actor: str | None = None
    office: str | None = None
    organisation: str | None = None
    reason: str = ""
    version: str | None = None
    before: str | None = None
    """The version of the step before that was bound to one; none if the text was the same."""
    is_same_text: bool = False
    revision: int | None = None
    """The idea's after a move, by which its statement of reasons is found."""
    transition: Transition | None = None
    source: Stage | None = None
    target: Stage | None = None
    about: Words | None = None
    """What was put on record, in both languages."""
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_deputy(self) -> bool:
        return self.office == DEPUTY


@dataclass(frozen=True, slots=True)
class Timeline:
    """Some steps, newest first, and where older ones begin; ``show`` is what was asked for."""

    steps: tuple[Step, ...]
    show: str
    older: int | None


def group_of(kind: str) -> str:
    """To which of ``SHOWS`` a kind of event belongs."""
    found = EVENTS.get(kind)
    topic = found.__module__.rpartition(".")[2] if found else ""
    if kind in _ABOUT_PEOPLE:
        return "people"
    if kind in _ABOUT_TALK:
        return "talk"
    return topic if topic in {"people", "talk"} else "steps"


async def timeline(
    tx: Transaction,
    case: Case,
    show: str = SHOWS[0],
    before: int | None = None,
    limit: int = STEPS_PER_PAGE,
) -> Timeline:
    """What the case's actor may know of what happened, before the event ``before``."""
    kinds = None if show == "all" else [kind for kind in EVENTS if group_of(kind) == show]
    found = await events.latest(
        tx,
        idea_id=case.idea.id,
        kinds=kinds,
        before=before,
        public_only=not knows_more(case),
        limit=limit + 1,
    )
    older = found[limit - 1].id if len(found) > limit else None
    shown = [each for each in found[:limit] if may_know(case, each.kind, is_public=each.public)]
    return Timeline(await steps_of(tx, case, shown), show, older)


async def steps_of(tx: Transaction, case: Case, found: Sequence[StoredEvent]) -> tuple[Step, ...]:
    """These events of the idea as steps, with the versions they are bound to."""
    changes = await stages.history(tx, case.idea.id)
    kept = {_name(version) for version, _ in await texts.versions(tx, case.idea.document_id)}
    known = await _known(tx, found)
    return tuple(_step(case.process, each, known, changes, kept) for each in found)


async def steps_of_many(
    tx: Transaction, found: Sequence[StoredEvent], processes: Mapping[UUID, ProcessTemplate]
) -> tuple[Step, ...]:
    """Events of several ideas as steps; which text they are bound to is not looked up."""
    known = await _known(tx, found)
    return tuple(
        _step(processes[each.idea_id], each, known, (), ())
        for each in found
        if each.idea_id is not None and each.idea_id in processes
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What else is known of events: their records in the audit log, and names by id."""

    records: Mapping[int, Mapping[str, Any]]
    people: Mapping[str, str]
    organisations: Mapping[UUID, str]


async def _known(tx: Transaction, found: Sequence[StoredEvent]) -> _Known:
    entries = await audit.of_events(tx, [each.id for each in found])
    records = {number: entry.draft.facts for number, entry in entries.items()}
    offices = [record.get("organisation_id") for record in records.values()]
    return _Known(records, await _names(tx, found), await organisations.names(tx, _ids(offices)))


def _step(
    process: ProcessTemplate,
    event: StoredEvent,
    known: _Known,
    changes: Sequence[StageChange],
    kept: Collection[str],
) -> Step:
    payload, record, named = event.payload, known.records.get(event.id, {}), known.people
    transitions = {each.id: each for each in process.transitions}
    body = next(iter(_ids([record.get("organisation_id")])), None)
    organisation = known.organisations.get(body) if body else None
    revision = record.get("revision") if event.kind == STAGE_CHANGED else None
    change = next((each for each in changes if each.revision == revision), None)
    version, before, is_same = _versions(event, change, changes, kept)
    return Step(
        id=event.id,
        kind=event.kind,
        at=event.at,
        payload=payload,
        is_public=event.public,
        actor=change.actor_name if change else named.get(str(event.actor_id)),
        office=change.office if change else record.get("office"),
        organisation=change.organisation if change else organisation,
        reason="" if event.kind in KEPT_TO_THOSE_CONCERNED else str(payload.get("reason") or ""),
        version=version,
        before=before,
        is_same_text=is_same,
        revision=change.revision if change else None,
        transition=transitions.get(payload.get("transition", "")),
        source=process.stage(payload.get("from_stage", "")),
        target=process.stage(payload.get("to_stage", "")),
        about=_EVIDENCE.get(payload.get("evidence", "")),
        people={name: named[value] for name, value in payload.items() if _is_named(value, named)},
    )


def _versions(
    event: StoredEvent,
    change: StageChange | None,
    changes: Sequence[StageChange],
    kept: Collection[str],
) -> tuple[str | None, str | None, bool]:
    """The kept version the step is bound to, the one of the move before it, and if they agree."""
    told = event.payload.get("version")
    if not isinstance(told, dict):
        return None, None, False
    version = TextVersion.from_json(told)
    if _name(version) not in kept:
        return None, None, False
    if change is not None:
        earlier = [each for each in changes if each.revision < change.revision]
    else:
        earlier = [each for each in changes if each.at <= event.at]
    last = max(earlier, key=_place, default=None)
    if last is None or _place(last) > _place(version):
        return _name(version), None, False
    if last.sha256 == version.sha256:
        return _name(version), None, True
    before = f"{last.epoch}.{last.seq}"
    return _name(version), before if before in kept else None, False


def _place(of: TextVersion | StageChange) -> tuple[int, int]:
    return of.epoch, of.seq


def _name(version: TextVersion) -> str:
    return f"{version.epoch}.{version.seq}"


async def _names(tx: Transaction, found: Sequence[StoredEvent]) -> dict[str, str]:
    """Names of all persons that the events name or are of, by id."""
    values = [each.actor_id for each in found]
    values += [value for each in found for value in each.payload.values()]
    return {
        str(person_id): person.name
        for person_id, person in (await people.named(tx, _ids(values))).items()
    }


def _ids(values: Collection[Any]) -> list[UUID]:
    """Those of the values that are ids, or texts of ids."""
    found: set[UUID] = set()
    for value in values:
        if isinstance(value, UUID):
            found.add(value)
        elif isinstance(value, str) and len(value) == 36:
            try:
                found.add(UUID(value))
            except ValueError:
                continue
    return list(found)


def _is_named(value: object, named: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in named
