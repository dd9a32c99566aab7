"""Whether a transition may be taken. Pure: facts in, all open conditions out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from collab.errors import Unmet
from collab.process.gates.facts import CaseFacts
from collab.process.stages import Gate, Transition

REASON_CHARS_MAX = 2000


@dataclass(frozen=True, slots=True)
class UnmetCondition:
    """One open condition; the code is worded by the server, ``data`` names what is missing."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The condition as errors and the API carry it."""
        return {"code": self.code, **self.data}


Check = Callable[[Gate, Transition, CaseFacts], Iterator[UnmetCondition]]
"""What one kind of gate finds still open."""


def check_reason(transition: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    """A reason where one is demanded, and not a novel; nobody is asked while nobody acts."""
    if facts.reason is None:
        return
    if transition.reason_required and not facts.reason.strip():
        yield UnmetCondition("reason-missing")
    if len(facts.reason) > REASON_CHARS_MAX:
        yield UnmetCondition("reason-too-long", {"chars_max": REASON_CHARS_MAX})


def refuse(transition: Transition, found: list[UnmetCondition]) -> None:
    """Raise Unmet with all open conditions, if there are any."""
    if found:
        raise Unmet(transition=transition.id, unmet=[condition.to_json() for condition in found])
