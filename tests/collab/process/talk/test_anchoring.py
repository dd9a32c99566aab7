"""Where a passage stands now: the same cases as in web/test/anchors.test.ts."""

import json
from pathlib import Path
from typing import Any

import pytest

from collab.process.talk.alignment import Quoted
from collab.process.talk.anchoring import AnchorState, standing
from collab.process.talk.letters import Letters

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "anchors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_c20_a_passage_is_where_its_words_are(case: dict[str, Any]) -> None:
    anchor = case["anchor"]
    wanted = Quoted(anchor["quote"], anchor["prefix"], anchor["suffix"])
    sections = {name: Letters(text) for name, text in case["sections"].items()}
    found = standing(anchor["section"], wanted, sections)
    assert (found.state, found.section, found.words) == (
        case["state"],
        case["section"],
        case["words"],
    )


def test_c20_every_state_has_a_case() -> None:
    assert {case["state"] for case in CASES} == set(AnchorState)
