"""The journeys as the files beside this module tell them: cases, and what they share.

A case names its milestones in ``[way]``; what every case needs on that way (an offer and its
signature, judgements, reviews, an agenda) is told once here, with the words of the case or the
shared ones. Everything else is an act of its own in ``acts``.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from collab.process.processes import DEFAULT_PROCESS
from server.demo.content import Act

Data = Mapping[str, Any]

DAY = "day:"
"""A value that begins so is a day counted from now, like ``day:-30``."""

OFFICE, CDO, QUALIFIER = "office", "cdo", "qualifier"
JUDGES = ("expert", "expert-2")
MINUTES = 0.01
"""Some minutes, in days: between acts that follow upon each other."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One case and everything that happened to it, in the order in which it is told."""

    key: str
    process: str
    kind: str
    title: str
    author: str
    place: tuple[float, float] | None
    sections: Mapping[str, str]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Journeys:
    """All cases, and what happens in the arena besides."""

    cases: tuple[Journey, ...]
    initiatives: tuple[Data, ...]
    acts: tuple[Act, ...]
    """What belongs to no case: terms, central measures, the move to the new process."""


@cache
def journeys() -> Journeys:
    """The shipped journeys."""
    folder = resources.files("server.demo.journeys")
    shared = tomllib.loads(folder.joinpath("arena.toml").read_text("utf-8"))
    files = sorted(folder.joinpath("cases").iterdir(), key=lambda entry: entry.name)
    cases = [
        _journey(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")), shared)
        for file in files
        if file.name.endswith(".toml")
    ]
    return Journeys(
        cases=tuple(cases),
        initiatives=tuple(shared["initiatives"]),
        acts=tuple(_act(one) for one in shared["acts"]),
    )


def _journey(key: str, data: dict[str, Any], shared: Data) -> Journey:
    author, created = data["author"], float(data["created"])
    acts = [] if data.get("replicates") else [Act("create", author, created, {})]
    acts += _way(data, shared)
    acts += [_act(one) for one in data.get("acts", ())]
    return Journey(
        key=key,
        process=data.get("process", DEFAULT_PROCESS),
        kind=data.get("kind", "proposal"),
        title=data["title"],
        author=author,
        place=(data["latitude"], data["longitude"]) if "latitude" in data else None,
        sections=data.get("sections", {}),
        acts=tuple(sorted(acts, key=lambda act: -act.days_ago)),
    )


def _act(data: dict[str, Any]) -> Act:
    rest = {name: value for name, value in data.items() if name not in ("do", "by", "at")}
    return Act(data["do"], data["by"], float(data["at"]), rest)


def _way(data: Data, shared: Data) -> Iterator[Act]:
    """The acts behind the milestones that the case names."""
    way = data.get("way", {})
    if "submitted" in way:
        yield _move(data["author"], way["submitted"], "open")
    yield from _related(data, way.get("submitted", data["created"]))
    for milestone, acts in _MILESTONES.items():
        if milestone in way:
            yield from acts(data, shared, float(way[milestone]))


def _related(data: Data, since: float) -> Iterator[Act]:
    """At the beginning, while everybody may still say what there is already."""
    for initiative, (kind, note) in data.get("related", {}).items():
        said = {"initiative": initiative, "kind": kind, "note": note}
        yield Act("relate", data["lead"]["by"], since - 0.5, said)


def _led(data: Data, _: Data, at: float) -> Iterator[Act]:
    yield from _offered(data["lead"], at)


def _handed_in(data: Data, _: Data, at: float) -> Iterator[Act]:
    yield _move(data["author"], at, "internal_review")


def _approved(data: Data, shared: Data, at: float) -> Iterator[Act]:
    yield from _prepared(data, shared, at)
    yield _move(OFFICE, at, "measure_decentral", data["reasons"]["approved"])


def _adopted(data: Data, _: Data, at: float) -> Iterator[Act]:
    yield from _offered(data["lead"], at + 2)
    yield _move(data["lead"]["by"], at, "elaboration")


def _checked(data: Data, shared: Data, at: float) -> Iterator[Act]:
    yield from _aligned(data, at + 2)
    yield _move(data["lead"]["by"], at, "feasibility")
    yield from _judged(data, shared, at - 1)
    yield from _reviewed(data, shared, at - 2)


def _qualified(data: Data, _: Data, at: float) -> Iterator[Act]:
    yield _move(QUALIFIER, at, "proposal", data["reasons"]["qualified"])


def _tabled(_: Data, shared: Data, at: float) -> Iterator[Act]:
    agenda = {"date": f"{DAY}-{at - 7:g}", "conflicts": shared["conflicts"]}
    yield Act("evidence", OFFICE, at + MINUTES, {"kind": "agenda", "data": agenda})
    yield _move(OFFICE, at, "decision")


def _offered(lead: Data, at: float) -> Iterator[Act]:
    """An organisation offers to answer for the case, and signs the day after."""
    body = {"organisation": lead["organisation"], "part": lead.get("part", "lead")}
    yield Act("offer", lead["by"], at, {**body, "note": lead.get("note", "")})
    yield Act("sign", lead["signed_by"], at - 1, body)


def _aligned(data: Data, at: float) -> Iterator[Act]:
    for place, (goal, text) in enumerate(data["goals"].items()):
        yield Act("align", data["lead"]["by"], at - place * MINUTES, {"goal": goal, "text": text})


def _judged(data: Data, shared: Data, at: float) -> Iterator[Act]:
    own, place = data.get("judgements", {}), 0
    for dimension, reasons in shared["judgements"].items():
        for judge, reason in zip(JUDGES, own.get(dimension, reasons), strict=True):
            said = {"verdict": "feasible", "confidence": "medium", "reason": reason}
            yield Act("judge", judge, at - place * MINUTES, {"dimension": dimension, **said})
            place += 1


def _reviewed(data: Data, shared: Data, at: float) -> Iterator[Act]:
    for place, goal in enumerate(data["goals"]):
        said = {"goal": goal, "verdict": "agree", "text": shared["reviewed"]}
        yield Act("review", QUALIFIER, at - place * MINUTES, said)


def _accepted(data: Data, shared: Data, at: float) -> Iterator[Act]:
    """What the decision needs, and the decision itself."""
    yield from _prepared(data, shared, at)
    to = "measure_decentral" if "mandate" in data else "measure_network_pending"
    yield _move(data.get("accepted_by", CDO), at, to, data["reasons"]["accepted"])


def _prepared(data: Data, shared: Data, at: float) -> Iterator[Act]:
    """Indicators of every measure; of the administration's the mandate and the principles, too."""
    lead = data["lead"]["by"]
    for place, indicator in enumerate(data["indicators"]):
        yield Act("indicator", lead, at + 2 - place * MINUTES, indicator)
    if "mandate" in data:
        yield Act("evidence", lead, at + 1, {"kind": "mandate", "data": data["mandate"]})
        yield Act("commit", lead, at + 1 - MINUTES, {"answers": shared["principles"]})


def _move(by: str, at: float, to: str, reason: str = "") -> Act:
    return Act("move", by, at, {"to": to, "reason": reason})


_MILESTONES: Mapping[str, Callable[[Data, Data, float], Iterator[Act]]] = {
    "led": _led,
    "handed_in": _handed_in,
    "approved": _approved,
    "adopted": _adopted,
    "checked": _checked,
    "qualified": _qualified,
    "tabled": _tabled,
    "accepted": _accepted,
}
