"""Judgements of feasibility. They advise, they do not decide."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict, load_feasibility
from collab.process.version import TextVersion
from collab.typed import fault_of, refuse, tidied

REASON_CHARS_MAX = 2000
NOTE_CHARS_MAX = 300
INTEREST_CHARS_MAX = 500
EVIDENCE_CHARS_MAX = 500

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)


class Expertise(StrEnum):
    """The ground on which somebody says that he can judge; declared by himself, checked by nobody.

    ``LIVED``: who lives with what the idea is about.
    """

    NONE = "none"
    PROFESSION = "profession"
    RESEARCH = "research"
    OFFICE = "office"
    LIVED = "lived"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person says of himself beside a judgement; the empty words say: nothing to declare."""

    expertise: Expertise = Expertise.NONE
    note: str = ""  # the ground in his own words
    own_interest: str = ""  # what he himself would gain or lose
    evidence: str = ""  # the address of what he refers to


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person holds of one dimension, bound to the text he saw."""

    dimension: str
    person_id: UUID
    actor_class: ActorClass
    verdict: Verdict
    confidence: Confidence
    reason: str
    version: TextVersion
    by_author: bool = False  # shown, but does not count towards a gate
    body: str | None = None  # the organisation the person speaks for
    revision: int = 1  # how often he has changed his mind, counted from 1
    expertise: Expertise = Expertise.NONE
    expertise_note: str = ""  # the ground in his own words
    own_interest: str = ""  # what he himself would gain or lose
    evidence: str = ""  # the address of what he refers to
    is_hidden: bool = False  # a moderator hid its words; the verdict counts

    @property
    def id(self) -> str:
        """By which it is reported."""
        return judgement_id(self.person_id, self.dimension)


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judged one dimension from outside the team: people, and the bodies they speak for.

    Whoever speaks for no organisation counts as a body of his own.
    """

    people: int = 0
    organisations: int = 0
    earlier: int = 0  # further people, whose judgement is for an earlier text


def judged_by(judgements: Iterable[Judgement], outdated: Collection[str] = ()) -> dict[str, Judges]:
    """Who from outside the idea's team judged each dimension, for the gates.

    ``outdated`` are the hashes of texts that differ materially from that of now: who judged one of
    them counts once he has kept or changed his judgement.
    """
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    bodies: defaultdict[str, set[object]] = defaultdict(set)
    earlier: defaultdict[str, set[UUID]] = defaultdict(set)
    for one in judgements:
        if one.by_author:
            continue
        if one.version.sha256 in outdated:
            earlier[one.dimension].add(one.person_id)
        else:
            people[one.dimension].add(one.person_id)
            bodies[one.dimension].add(one.body or one.person_id)
    return {
        name: Judges(len(people[name]), len(bodies[name]), len(earlier[name]))
        for name in dict.fromkeys([*people, *earlier])
    }


def judgement_id(person_id: UUID, dimension: str) -> str:
    """By which a judgement is named at its idea; its place there is its person and dimension."""
    return str(uuid5(person_id, dimension))


def check_judgement(dimension: str, verdict: str, confidence: str, reason: str) -> str:
    """The reason as it is stored; raises Invalid with every faulty field."""
    reason = tidied(reason)
    # Doubts and conditions must be said to be answerable.
    if_empty = "" if verdict == Verdict.FEASIBLE else "empty"
    refuse(
        {
            "dimension": "unknown" if load_feasibility().dimension(dimension) is None else "",
            "verdict": "" if verdict in set(Verdict) else "unknown",
            "confidence": "" if confidence in set(Confidence) else "unknown",
            "reason": fault_of(reason, REASON_CHARS_MAX, if_empty=if_empty),
        }
    )
    return reason


def check_declared(
    expertise: str, note: str = "", own_interest: str = "", evidence: str = ""
) -> Declared:
    """What is declared as it is stored; raises Invalid with every faulty field."""
    # Whatever is left out of an address makes it another one.
    note, own_interest, evidence = tidied(note), tidied(own_interest), evidence.strip()
    fields: dict[str, str] = {}
    if expertise not in set(Expertise):
        fields["expertise"] = "unknown-choice"
    elif expertise != Expertise.NONE and not note:
        fields["expertise_note"] = "empty"  # a ground that is not said weighs nothing
    for name, text, most in (
        ("expertise_note", note, NOTE_CHARS_MAX),
        ("own_interest", own_interest, INTEREST_CHARS_MAX),
        ("evidence", evidence, EVIDENCE_CHARS_MAX),
    ):
        if len(text) > most:
            fields[name] = "too-long"
    if "evidence" not in fields and evidence and not is_address(evidence):
        fields["evidence"] = "not-a-web-address"
    if fields:
        raise Invalid(fields=fields)
    return Declared(Expertise(expertise), note, own_interest, evidence)


def is_address(text: str) -> bool:
    """Whether the text is the address of a page that can be linked to without harm."""
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False
