"""The form for one's own judgement, filled with what one judged before."""

from dataclasses import dataclass

from collab.process.feasibility.dimensions import load_feasibility
from server.language import Language
from server.views.feasibility.panel import Panel


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


def judge_fields(panel: Panel, dimension: str, language: Language) -> JudgeFields:
    """The form for ``dimension``, or for the first one if there is no such."""
    template = load_feasibility()
    chosen = template.dimension(dimension) or template.dimensions[0]
    mine = next((each.row for each in panel.mine if each.dimension == chosen), None)
    return JudgeFields(
        dimensions=[(each.id, each.label[language]) for each in template.dimensions],
        verdicts=[(each.value, words[language]) for each, words in template.verdicts.items()],
        confidences=[(each.value, words[language]) for each, words in template.confidences.items()],
        dimension=chosen.id,
        verdict=mine.verdict if mine else "",
        confidence=mine.confidence if mine else "",
        reason=mine.reason if mine else "",
        help=chosen.help[language] if dimension else "",
    )
