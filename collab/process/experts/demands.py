"""What a process demands of judgements before it lets an idea go on."""

from collab.process.stages import GateKind, ProcessTemplate


def demanded(process: ProcessTemplate, kind: str) -> dict[str, int]:
    """How many people the process demands for a dimension of an idea of ``kind``."""
    found: dict[str, int] = {}
    for transition in process.transitions:
        for gate in transition.gates if kind in transition.kinds else ():
            if gate.kind is GateKind.FEASIBILITY:
                for dimension in gate.names("dimensions"):
                    found[dimension] = max(found.get(dimension, 0), gate.number("people"))
    return found
