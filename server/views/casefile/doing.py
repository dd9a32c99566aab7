"""Where each open condition is met: the form for who may act there, else the place to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collab.process.actors import IDEA_ROLES
from collab.process.dossier import TITLE
from collab.process.evidence import load_evidence
from collab.process.gates.unmet import UnmetCondition
from collab.process.permissions import Action
from server.actions.casefile.evidence import may_put
from server.actions.cases import Case


@dataclass(frozen=True, slots=True)
class Doing:
    """An address; ``may_act``: the reader himself can meet the condition there."""

    path: str
    may_act: bool = False


Place = Callable[[Case, UnmetCondition], Doing]


def doing(case: Case, found: UnmetCondition) -> Doing | None:
    """Where the condition is met; None if nobody can do anything about it."""
    place = PLACES.get(found.code)
    return place(case, found) if place else None


def _part(anchor: str, action: Action | None = None) -> Place:
    """A part of the idea's page; who may ``action`` finds its form there."""

    def place(case: Case, _: UnmetCondition) -> Doing:
        return Doing(f"{_page(case)}#{anchor}", action is not None and case.may(action))

    return place


def _page_of(name: str, action: Action) -> Place:
    """A page of the idea that everybody who may read it can open."""

    def place(case: Case, _: UnmetCondition) -> Doing:
        return Doing(f"{_page(case)}/{name}", case.may(action))

    return place


def _link_central(case: Case, _: UnmetCondition) -> Doing:
    if case.may(Action.LINK_CENTRAL):
        return Doing(f"{_page(case)}/central-measures", may_act=True)
    return Doing(f"{_page(case)}#measure")


def _section(case: Case, found: UnmetCondition) -> Doing:
    name = found.data["section"]
    anchor = "idea-title" if name == TITLE else f"section-{name}"
    return Doing(f"{_page(case)}#{anchor}", case.may(Action.EDIT_TEXT))


def _judge(case: Case, found: UnmetCondition) -> Doing:
    """The form to judge; whose judgement would not count is shown what there is."""
    dimension = found.data["dimension"]
    counts = case.actor.effective_roles.isdisjoint(IDEA_ROLES)
    if counts and case.may(Action.JUDGE):
        return Doing(f"{_page(case)}?dimension={dimension}#judge", may_act=True)
    return Doing(f"{_page(case)}#dimension-{dimension}")


def _evidence(case: Case, found: UnmetCondition) -> Doing:
    kind = load_evidence().kind(str(found.data["evidence"]))
    return Doing(f"{_page(case)}/logbook/{kind.id}", may_put(case, kind))


def _page(case: Case) -> str:
    return f"/ideas/{case.idea.ref}"


PLACES: Mapping[str, Place] = {
    "section-empty": _section,
    "lead-missing": _part("responsibility", Action.OFFER_RESPONSIBILITY),
    "lead-class": _part("responsibility"),
    "judgements-missing": _judge,
    "organisations-missing": _judge,
    "judging-goes-on": _part("judgements"),
    "conditions-open": _part("conditions", Action.SETTLE_CONDITION),
    "guiding-ideas-missing": _part("alignment", Action.ALIGN),
    "fields-missing": _part("alignment", Action.ALIGN),
    "alignment-doubts": _part("alignment", Action.ALIGN),
    "alignment-not-reviewed": _part("alignment", Action.REVIEW_ALIGNMENT),
    "requirements-open": _part("requirements", Action.ANSWER_REQUIREMENT),
    "initiatives-missing": _part("initiatives", Action.RELATE_INITIATIVES),
    "evidence-missing": _evidence,
    "indicators-missing": _part("indicators", Action.SET_INDICATOR),
    "principles-open": _page_of("commitment", Action.DRAFT_COMMITMENT),
    "commitment-missing": _page_of("commitment", Action.DRAFT_COMMITMENT),
    "commitment-incomplete": _page_of("commitment", Action.DRAFT_COMMITMENT),
    "commitment-unsigned": _page_of("commitment", Action.SIGN_COMMITMENT),
    "commitment-outdated": _page_of("commitment", Action.DRAFT_COMMITMENT),
    "not-replicated": _part("replicas"),
    "not-answered": _part("links", Action.LINK_IDEAS),
    "answer-waits": _part("links"),
    "central-measure-missing": _link_central,
    "merge-not-proposed": _page_of("merge", Action.PROPOSE_MERGE),
    "merge-target-closed": _page_of("merge", Action.PROPOSE_MERGE),
    "merge-waits": _page_of("merge", Action.ANSWER_MERGE),
    "merged-onward": _page_of("merge", Action.CHANGE_STAGE),
    "reason-missing": _part("f-stage_reason", Action.CHANGE_STAGE),
    "reason-too-long": _part("f-stage_reason", Action.CHANGE_STAGE),
}
"""By the code of the condition."""

NOWHERE = frozenset(
    {
        "reviewer-in-team",
        "another-measure-type",
        "archived-from-another-stage",
        "merged-from-another-stage",
    }
)
"""Codes of conditions that no form meets: they are about who asks, or cannot change any more."""
