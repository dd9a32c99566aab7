"""Where an idea can go from here, and what it still lacks for each step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from collab.process.evidence import load_evidence
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.gates.checks import unmet
from collab.process.gates.facts import CaseFacts
from collab.process.gates.unmet import UnmetCondition
from collab.process.stages import Stage, Transition
from collab.process.templates.reading import Words
from server.actions.cases import Case
from server.views.casefile.doing import Doing, doing

FOR_EVER = frozenset(
    {"archived-from-another-stage", "merged-from-another-stage", "another-measure-type"}
)
"""Conditions that nobody can meet: the way is not there for this idea."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An open condition; ``label`` names the section, dimension or stage it is about.

    ``doing`` is where it is met; None if there is nothing to be done.
    """

    code: str
    label: Words | None
    data: Mapping[str, object]
    doing: Doing | None


@dataclass(frozen=True, slots=True)
class Way:
    """One transition and what stands against it."""

    transition: Transition
    target: Stage
    unmet: tuple[Condition, ...]


def forward(case: Case, facts: CaseFacts) -> list[Way]:
    """The steps onward on the main way, whoever takes them."""
    if case.stage.is_end and not case.stage.is_main:
        return []
    way = [stage for stage in case.process.stages if stage.is_main]
    here = way.index(case.stage) if case.stage in way else -1
    ahead = {stage.id for stage in way[here + 1 :]}
    found = [
        each
        for each in case.process.transitions
        if each.leads(case.idea.stage, case.idea.kind) and each.target in ahead
    ]
    ways = _ways(case, found, replace(facts, actor=None, reason=None))
    return [way for way in ways if not any(_is_for_ever(each) for each in way.unmet)]


def open_to_actor(case: Case, facts: CaseFacts) -> list[Way]:
    """The transitions the actor may take by his roles; those that cannot ever be are left out."""
    found = case.process.transitions_from(
        case.idea.stage, case.idea.kind, case.actor.effective_roles
    )
    ways = _ways(case, found, replace(facts, reason=None))
    return [way for way in ways if not any(_is_for_ever(each) for each in way.unmet)]


def conditions(case: Case, found: Iterable[Mapping[str, object]]) -> list[Condition]:
    """The open conditions of a refusal, with the words of the templates."""
    return [
        _condition(
            case,
            UnmetCondition(
                str(each["code"]), {key: value for key, value in each.items() if key != "code"}
            ),
        )
        for each in found
    ]


def _ways(case: Case, found: Iterable[Transition], facts: CaseFacts) -> list[Way]:
    ways = []
    for transition in found:
        target = case.process.stage(transition.target)
        assert target is not None
        against = tuple(_condition(case, each) for each in unmet(transition, facts))
        ways.append(Way(transition, target, against))
    return ways


def _condition(case: Case, found: UnmetCondition) -> Condition:
    return Condition(found.code, _label(case, found), found.data, doing(case, found))


def _label(case: Case, found: UnmetCondition) -> Words | None:
    if section := case.template.section(str(found.data.get("section"))):
        return section.label
    if dimension := load_feasibility().dimension(str(found.data.get("dimension"))):
        return dimension.label
    if found.data.get("evidence") in load_evidence().ids:
        return load_evidence().kind(str(found.data["evidence"])).label
    stage = case.process.stage(str(found.data.get("stage")))
    return stage.label if stage else None


def _is_for_ever(condition: Condition) -> bool:
    return condition.code in FOR_EVER
