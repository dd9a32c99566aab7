"""Which organisation may lead, and who is refused because somebody leads already."""

from datetime import date
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid, Unmet
from collab.process.actors import ActorClass
from collab.process.responsibility.rules import (
    NOTE_CHARS_MAX,
    Body,
    Held,
    check_note,
    fits,
    lead_of,
    require_fit,
    require_free,
)
from collab.process.responsibility.states import Part, State
from collab.process.stages import MeasureType

TODAY = date(2026, 11, 26)
ONE, OTHER = UUID(int=1), UUID(int=2)


def body(actor_class: ActorClass = ActorClass.ADMINISTRATION, **given: object) -> Body:
    values: dict[str, object] = {"id": ONE, "name": "Amt", "actor_class": actor_class} | given
    return Body(**values)  # type: ignore[arg-type]


def held(organisation: UUID, part: Part, state: State) -> Held:
    return Held(UUID(int=9), organisation, "Verein", part, state)


@pytest.mark.parametrize("actor_class", list(ActorClass))
@pytest.mark.parametrize("measure_type", [None, *MeasureType])
def test_ac_m2_and_m4_the_class_of_the_lead_decides(
    measure_type: str | None, actor_class: ActorClass
) -> None:
    expected: dict[str | None, set[str]] = {
        None: set(ActorClass),
        "decentral": {"administration"},
        "network": {"business", "science", "civil_society"},
    }
    assert fits(measure_type, actor_class) is (actor_class in expected[measure_type])


def test_ac_m2_a_wrong_lead_is_refused_with_the_rule() -> None:
    with pytest.raises(Unmet) as refusal:
        require_fit(body(ActorClass.BUSINESS), Part.LEAD, "decentral", TODAY)
    assert refusal.value.data["unmet"] == [
        {
            "code": "lead-class-unfit",
            "organisation": "Amt",
            "actor_class": "business",
            "measure_type": "decentral",
            "fitting": ["administration"],
        }
    ]


def test_ac_m4_administration_may_take_part_in_a_network_measure_without_leading_it() -> None:
    require_fit(body(), Part.PARTNER, "network", TODAY)
    with pytest.raises(Unmet):
        require_fit(body(), Part.LEAD, "network", TODAY)


def test_r5_every_broken_rule_is_named_at_once() -> None:
    ended = body(valid_to=date(2026, 11, 25))
    with pytest.raises(Unmet) as refusal:
        require_fit(ended, Part.LEAD, "network", TODAY)
    found = refusal.value.data["unmet"]
    assert isinstance(found, list)
    assert [one["code"] for one in found] == ["organisation-ended", "lead-class-unfit"]


def test_ac_g3b_an_organisation_can_be_chosen_until_its_last_day() -> None:
    require_fit(body(valid_to=TODAY), Part.LEAD, None, TODAY)


def test_ac_a7a_whoever_wants_to_lead_is_told_who_leads() -> None:
    known = [held(OTHER, Part.LEAD, State.ACTIVE)]
    with pytest.raises(Conflict) as refusal:
        require_free(body(), Part.LEAD, known, hands_over=False)
    assert refusal.value.code == "lead-taken"
    assert refusal.value.data["winner"] == {
        "organisation_id": str(OTHER), "organisation": "Verein"
    }  # fmt: skip
    require_free(body(), Part.LEAD, known, hands_over=True)
    require_free(body(), Part.PARTNER, known, hands_over=False)


@pytest.mark.parametrize(
    ("state", "code"), [(State.ACTIVE, "already-responsible"), (State.OFFERED, "already-offered")]
)
@pytest.mark.parametrize("part", list(Part))
def test_r4_an_organisation_offers_a_part_once(part: Part, state: State, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        require_free(body(), part, [held(ONE, part, state)], hands_over=True)
    assert refusal.value.code == code


def test_r4_several_may_offer_to_lead_while_nobody_does() -> None:
    known = [held(OTHER, Part.LEAD, State.OFFERED)]
    require_free(body(), Part.LEAD, known, hands_over=False)
    assert lead_of(known) is None


def test_r4_two_leads_are_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError):
        lead_of([held(ONE, Part.LEAD, State.ACTIVE), held(OTHER, Part.LEAD, State.ACTIVE)])


def test_r5_a_note_is_there_and_bounded() -> None:
    assert check_note(" Wir\r\nkönnen\0 das. ", "note") == "Wir\nkönnen das."
    assert check_note("  ", "note", required=False) == ""
    assert check_note("x" * NOTE_CHARS_MAX, "note")
    for text, code in (("", "missing"), ("x" * (NOTE_CHARS_MAX + 1), "too-long")):
        with pytest.raises(Invalid) as refusal:
            check_note(text, "note")
        assert refusal.value.data["fields"] == {"note": code}
