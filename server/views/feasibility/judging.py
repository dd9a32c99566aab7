"""The forms for one's own judgement, filled with what one judged before, and for a round."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collab.process.calendar.berlin import berlin_date
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.judgements import Declared, Expertise
from server.language import Language
from server.views.feasibility.panel import Panel
from storage.feasibility.judgements import Judgement


@dataclass(frozen=True, slots=True)
class JudgeFields:
    """Choices and present values of the form."""

    dimensions: list[tuple[str, str]]
    verdicts: list[tuple[str, str]]
    confidences: list[tuple[str, str]]
    dimension: str
    verdict: str
    confidence: str
    reason: str
    help: str
    grounds: list[str]
    declared: Declared
    round_id: str


def judge_fields(panel: Panel, dimension: str, language: Language) -> JudgeFields:
    """The form for ``dimension``, or for the first one if there is no such."""
    template = load_feasibility()
    asked = panel.round.dimensions if panel.round else template.dimension_ids
    first = template.dimension(dimension if dimension in asked else asked[0])
    chosen = first or template.dimensions[0]
    mine = next((each.row for each in panel.mine if each.dimension == chosen), None)
    return JudgeFields(
        dimensions=[
            (each.id, each.label[language]) for each in template.dimensions if each.id in asked
        ],
        verdicts=[(each.value, words[language]) for each, words in template.verdicts.items()],
        confidences=[(each.value, words[language]) for each, words in template.confidences.items()],
        dimension=chosen.id,
        verdict=mine.verdict if mine else "",
        confidence=mine.confidence if mine else "",
        reason=mine.reason if mine else "",
        help=chosen.help[language] if dimension else "",
        grounds=[each.value for each in Expertise],
        declared=_declared(mine) if mine else Declared(),
        round_id=str(panel.round.id) if panel.round else "",
    )


@dataclass(frozen=True, slots=True)
class RoundFields:
    """Choices of the form that opens a round."""

    dimensions: list[tuple[str, str]]
    disclosures: list[str]
    first_day: str
    last_day: str


def round_fields(now: datetime, language: Language) -> RoundFields:
    """The form for a round that begins now."""
    template, today = load_feasibility(), berlin_date(now)
    return RoundFields(
        dimensions=[(each.id, each.label[language]) for each in template.dimensions],
        disclosures=[each.value for each in template.rounds.allowed],
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=template.rounds.days_max)).isoformat(),
    )


def _declared(row: Judgement) -> Declared:
    ground = Expertise(row.expertise)
    return Declared(ground, row.expertise_note, row.own_interest, row.evidence)
