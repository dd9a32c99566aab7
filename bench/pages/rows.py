"""Rows of what a long way through the process leaves at one idea."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from collab.process.feasibility.dimensions import load_feasibility
from storage.bulk.ideas import NewIdea

WORDS = (
    "Aufzug", "Bahnhof", "Spielplatz", "Radweg", "Bibliothek", "Kiez", "Trinkbrunnen", "Baum",
    "Schatten", "Park", "Schwimmbad", "Schulhof", "Wartezeit", "Formular", "Rampe", "Werkstatt",
    "Garten", "Solar", "Dach", "Regenwasser", "Ampel", "Nacht", "Bus", "Haltestelle", "Bank",
    "Markt", "Verein", "Jugend", "Pflege", "Sprache", "Daten", "Sensor", "Abfall", "Reparatur",
    "Energie", "Wärme", "Miete",
)  # fmt: skip


def responsibilities(
    draw: random.Random,
    idea_id: UUID,
    team: Sequence[UUID],
    bodies: Sequence[tuple[UUID, str, str]],
    now: datetime,
) -> list[dict[str, Any]]:
    parts = ("lead", "partner", "partner")
    return [
        {
            "id": new_id(draw),
            "idea_id": idea_id,
            "organisation_id": body,
            "organisation_name": name,
            "actor_class": actor_class,
            "part": part,
            "state": "active",
            "note": "",
            "person_id": who,
            "offered_by": who,
            "offered_at": now - timedelta(days=9),
            "expires_at": now + timedelta(days=9),
            "confirmed_by": who,
            "confirmed_at": now - timedelta(days=8),
        }
        for part, who, (body, name, actor_class) in zip(
            parts, team, draw.sample(bodies, 3), strict=False
        )
    ]


def evidence(idea_id: UUID, by: UUID, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "idea_id": idea_id,
            "kind": kind,
            "revision": revision,
            "data": {"note": "Beispiel"},
            "reason": "",
            "is_amendment": False,
            "by": by,
            "by_name": "Person",
            "at": now,
        }
        for kind in ("mandate", "agenda", "trial_plan")
        for revision in (1, 2, 3)
    ]


def requirements(
    draw: random.Random, idea_id: UUID, persons: Sequence[UUID], now: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(draw),
            "idea_id": idea_id,
            "number": number,
            "raised_by": draw.choice(persons),
            "text": " ".join(draw.choices(WORDS, k=20)),
            "because": "",
            "met_section": None,
            "revision": 0,
            "created_at": now,
        }
        for number in range(1, 9)
    ]


def indicators(idea_id: UUID, by: UUID, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "idea_id": idea_id,
            "number": number,
            "revision": 1,
            "kind": kind,
            "text": "Beispiel",
            "unit": "Stück",
            "target": 100.0,
            "due": "2027-06-30",
            "is_withdrawn": False,
            "reason": "",
            "is_amendment": False,
            "by": by,
            "by_name": "Person",
            "at": now,
        }
        for number, kind in ((1, "output"), (2, "outcome"), (3, "outcome"))
    ]


def measurements(
    draw: random.Random, idea_id: UUID, by: UUID, now: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(draw),
            "idea_id": idea_id,
            "indicator": indicator,
            "day": f"2026-{month:02}-01",
            "revision": 1,
            "value": 10.0 * month,
            "note": "",
            "by": by,
            "at": now,
        }
        for indicator in (1, 2, 3)
        for month in range(1, 11)
    ]


def judgements(
    draw: random.Random, idea: NewIdea, persons: Sequence[UUID], now: datetime
) -> list[dict[str, Any]]:
    dimensions = load_feasibility().dimensions
    return [
        {
            "idea_id": idea.idea_id,
            "dimension": dimension.id,
            "person_id": who,
            "verdict": draw.choice(("feasible", "with_conditions", "open")),
            "confidence": "medium",
            "reason": " ".join(draw.choices(WORDS, k=15)),
            "epoch": 1,
            "seq": 1,
            "sha256": idea.text.sha256,
            "created_at": now,
            "updated_at": now,
            "revision": 1,
        }
        for dimension in dimensions
        for who in draw.sample(persons, 4)
    ]


def changes(draw: random.Random, idea: NewIdea, by: UUID, now: datetime) -> list[dict[str, Any]]:
    way = ("draft", "open", "elaboration", "feasibility")
    steps = enumerate(pairwise(way), 2)
    return [change(draw, idea, by, come, to, revision, now) for revision, (come, to) in steps]


def change(
    draw: random.Random, idea: NewIdea, by: UUID, come: str, to: str, revision: int, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(draw),
        "idea_id": idea.idea_id,
        "transition": f"{come}_{to}",
        "from_stage": come,
        "to_stage": to,
        "reason": "Beispiel",
        "actor_id": by,
        "actor_name": "Person",
        "revision": revision,
        "epoch": 1,
        "seq": 1,
        "sha256": idea.text.sha256,
        "gates": [],
        "evidence": {},
        "at": now,
    }


def new_id(draw: random.Random) -> UUID:
    return UUID(int=draw.getrandbits(128), version=4)
