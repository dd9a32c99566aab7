"""The strategy's process once more, written by hand and by other means than the product's.

Nothing here reads a template: the lines below are the transitions of the specification, with who
may take them and what must be there. ``Reference`` plays them; the random walk compares.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

ADMINISTRATION: Final = "administration"
OTHERS: Final = ("business", "science", "civil_society")
RUNNING: Final = "measure_decentral measure_network prototype implementation permanent scaled"


class Line(NamedTuple):
    """One transition: name, from where, to where, who, and what must be there."""

    name: str
    sources: str
    target: str
    who: str
    needs: str = ""
    kinds: str = "proposal"


BOTH: Final = "need proposal"
FULL: Final = "sections details lead"
LINES: Final = (
    Line("submit", "draft returned", "open", "author editor lead", "sections", BOTH),
    Line("adopt", "open", "elaboration", "lead", "sections lead"),
    Line("release", "elaboration", "open", "lead moderator office", "reason"),
    Line("ask_feasibility", "elaboration", "feasibility", "lead", FULL),
    Line(
        "qualify", "feasibility", "proposal", "qualifier",
        f"{FULL} reason judged conditions alignment requirements initiatives outsider",
    ),
    Line("table", "proposal", "decision", "office", "lead agenda"),
    Line(
        "accept_decentral", "decision", "measure_decentral", "cdo deputy",
        "reason administration mandate indicators principles outsider",
    ),
    Line(
        "accept_network", "decision", "measure_network_pending", "cdo deputy",
        "reason others indicators outsider",
    ),
    Line(
        "recognise", "measure_network_pending", "measure_network", "office",
        "others network commitment outsider",
    ),
    Line(
        "suspend", "measure_network prototype implementation permanent scaled",
        "measure_network_pending", "office", "reason network hearing outsider",
    ),
    Line(
        "revoke", "measure_network_pending", "closed_learned", "cdo deputy",
        "reason network hearing outsider",
    ),
    Line("defer", "decision", "deferred", "cdo deputy", "reason resubmission"),
    Line("resubmit", "deferred", "decision", "office", "lead agenda"),
    Line("reject", "decision deferred", "declined", "cdo deputy", "reason outsider"),
    Line(
        "decline", "open elaboration feasibility proposal returned", "declined",
        "moderator office", "reason outsider", BOTH,
    ),
    Line("reopen", "declined withdrawn", "open", "moderator office", "reason", BOTH),
    Line("refer", "open proposal", "referred_central", "office", "reason central", BOTH),
    Line(
        "return", "open elaboration feasibility proposal", "returned",
        "qualifier moderator office", "reason", BOTH,
    ),
    Line("back", "feasibility proposal", "elaboration", "lead moderator office", "reason"),
    Line("back", "decision", "proposal", "lead moderator office", "reason"),
    Line("back", "implementation", "prototype", "lead moderator office", "reason"),
    Line("back", "permanent scaled", "implementation", "lead moderator office", "reason"),
    Line(
        "withdraw", "open elaboration feasibility proposal returned", "withdrawn",
        "author lead", "", BOTH,
    ),
    Line("cover", "open", "covered", "author moderator office", "answered", "need"),
    Line(
        "start_trial", "measure_decentral measure_network", "prototype", "lead", "lead trial_plan"
    ),
    Line("implement", "prototype", "implementation", "lead", "lead trial_report"),
    Line("make_permanent", "implementation", "permanent", "lead", "lead permanence_plan"),
    Line("scale", "implementation permanent", "scaled", "lead", "lead transfer_kit replicated"),
    Line("merge", "open elaboration", "merged", "moderator office", "reason agreed", BOTH),
    Line("close", RUNNING, "closed_learned", "lead office", "reason learnings"),
    Line(
        "archive", "open returned declined withdrawn covered closed_learned referred_central",
        "archived", "moderator office", "reason", BOTH,
    ),
    Line("restore", "archived", "?", "moderator office", "reason", BOTH),
)  # fmt: skip
ARCHIVABLE: Final = LINES[-2].sources.split()
ONLY: Final = {"covered": "need", "closed_learned": "proposal"}
"""Stages from which only ideas of one kind can have been archived."""


@dataclass
class Reference:
    """One idea as the specification has it; ``log`` is what was done, oldest first."""

    kind: str
    stage: str = "draft"
    revision: int = 1
    measure: str | None = None
    is_recognised: bool = False
    archived_from: str | None = None
    log: list[tuple[str, str, str, str]] = field(default_factory=list)

    def line(self, target: str) -> Line | None:
        """The transition from here to there; None if there is no way."""
        for line in LINES:
            here = self.stage in line.sources.split() and self.kind in line.kinds.split()
            back = target in ARCHIVABLE and self.kind in ONLY.get(target, BOTH).split()
            there = back if line.target == "?" else target == line.target
            if here and there:
                return line
        return None

    def missing(self, line: Line, target: str, there: frozenset[str]) -> set[str]:
        """What the transition needs and is not ``there``."""
        wanted = set(line.needs.split())
        if line.name == "restore" and target != self.archived_from:
            wanted.add("archived_from")
        if "network" in wanted and self.measure == "network":
            wanted.remove("network")
        return wanted - there

    def go(self, line: Line, target: str, by: str) -> None:
        """Take the transition."""
        self.log.append((line.name, self.stage, target, by))
        self.archived_from = self.stage if target == "archived" else None
        self.stage, self.revision = target, self.revision + 1
        match line.name:
            case "accept_decentral":
                self.measure, self.is_recognised = "decentral", False
            case "accept_network":
                self.measure, self.is_recognised = "network", False
            case "recognise":
                self.is_recognised = True
            case "suspend" | "revoke":
                self.is_recognised = False

    def broken(self) -> list[str]:
        """Rules of the strategy that do not hold; always empty."""
        return [
            rule
            for rule, holds in (
                ("decentral", self.stage != "measure_decentral" or self.measure == "decentral"),
                ("network", self.stage != "measure_network" or self.measure == "network"),
                ("measure", self.stage not in RUNNING.split() or self.measure is not None),
                (
                    "recognised",
                    self.stage not in RUNNING.split()
                    or self.measure != "network"
                    or self.is_recognised,
                ),
            )
            if not holds
        ]
