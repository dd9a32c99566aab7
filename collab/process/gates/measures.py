"""The gates on the way to a measure and on its further way."""

from collections.abc import Iterator, Mapping

from collab.process.evidence import load_evidence
from collab.process.gates.facts import CaseFacts
from collab.process.gates.unmet import Check, UnmetCondition
from collab.process.stages import Gate, GateKind, Transition


def _evidence(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    kind = gate.text("evidence")
    missing = load_evidence().kind(kind).required - facts.evidence.get(kind, frozenset())
    if missing:
        fields = [each.id for each in load_evidence().kind(kind).fields if each.id in missing]
        yield UnmetCondition("evidence-missing", {"evidence": kind, "fields": fields})


def _indicators(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    for kind in ("output", "outcome"):
        found, needed = facts.indicators.get(kind, 0), gate.number(kind)
        if found < needed:
            data = {"indicator": kind, "found": found, "needed": needed}
            yield UnmetCondition("indicators-missing", data)


def _principles(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.principles_open:
        yield UnmetCondition("principles-open", {"principles": list(facts.principles_open)})


def _commitment(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    made = facts.commitment
    if made is None:
        yield UnmetCondition("commitment-missing")
        return
    if made.missing:
        yield UnmetCondition("commitment-incomplete", {"principles": list(made.missing)})
    if not made.is_signed:
        yield UnmetCondition("commitment-unsigned")
    if not made.is_current:
        yield UnmetCondition("commitment-outdated")


def _replicated(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.replications < gate.number("times"):
        data = {"found": facts.replications, "needed": gate.number("times")}
        yield UnmetCondition("not-replicated", data)


def _central_measure(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if not facts.central_measures:
        yield UnmetCondition("central-measure-missing")


def _measure_type(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.measure_type != gate.text("is"):
        yield UnmetCondition("another-measure-type", {"needed": gate.text("is")})


MEASURE_CHECKS: Mapping[GateKind, Check] = {
    GateKind.EVIDENCE: _evidence,
    GateKind.INDICATORS: _indicators,
    GateKind.PRINCIPLES: _principles,
    GateKind.COMMITMENT: _commitment,
    GateKind.REPLICATED: _replicated,
    GateKind.CENTRAL_MEASURE: _central_measure,
    GateKind.MEASURE_TYPE: _measure_type,
}
