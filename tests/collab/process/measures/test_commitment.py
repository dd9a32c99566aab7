"""Commitments: what binds whom, what is missing, and when one has to be made anew."""

import itertools
from uuid import UUID

import pytest

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.measures.commitment import (
    TEXT_CHARS_MAX,
    Answer,
    Duty,
    Made,
    RenewalReason,
    State,
    answers_of,
    check_answers,
    duty_of,
    missing,
    open_parts,
    renewal,
)

PRINCIPLES = ("human_centred", "open_and_trustworthy")
WHOLE = Answer(True, "Mit Nutzer:innen.", "Protokolle der Tests.")
LEAD, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("actor_class", ActorClass)
def test_m1_the_administration_complies_or_explains_and_all_others_commit(
    actor_class: ActorClass,
) -> None:
    is_administration = actor_class is ActorClass.ADMINISTRATION
    assert duty_of(actor_class) is (Duty.EXPLAIN if is_administration else Duty.COMMIT)


@pytest.mark.parametrize(
    ("keeps", "how", "evidence"), [*itertools.product((False, True), ("", "So."), ("", "Hier."))]
)
def test_m1_what_an_answer_lacks_under_each_duty(keeps: bool, how: str, evidence: str) -> None:
    answer = Answer(keeps, how, evidence)
    commits = (("yes", keeps), ("how", how), ("evidence", evidence))
    assert list(open_parts(answer, Duty.COMMIT)) == [part for part, said in commits if not said]
    assert bool(open_parts(answer, Duty.EXPLAIN)) is not bool(keeps or how)


def test_m1_a_commitment_is_complete_when_every_principle_has_its_whole_answer() -> None:
    assert missing(PRINCIPLES, {}, Duty.COMMIT) == PRINCIPLES
    half = {"human_centred": WHOLE, "open_and_trustworthy": Answer(True, "Offen.")}
    assert missing(PRINCIPLES, half, Duty.COMMIT) == ("open_and_trustworthy",)
    assert missing(PRINCIPLES, half, Duty.EXPLAIN) == ()
    assert missing(PRINCIPLES, dict.fromkeys(PRINCIPLES, WHOLE), Duty.COMMIT) == ()


def test_m2_a_draft_may_be_incomplete_and_comes_back_as_it_was_written() -> None:
    data = {"human_centred": {"keeps": True, "how": " Mit\r\nNutzer:innen. ", "evidence": ""}}
    kept = check_answers({**data, "open_and_trustworthy": {"how": "  "}}, PRINCIPLES)
    assert kept == {"human_centred": Answer(True, "Mit\nNutzer:innen.")}
    assert answers_of({name: answer.to_json() for name, answer in kept.items()}) == kept


def test_m2_every_faulty_answer_is_named() -> None:
    longest = "x" * TEXT_CHARS_MAX
    check_answers({"human_centred": {"how": longest, "evidence": longest}}, PRINCIPLES)
    data = {"nonsense": {}, "human_centred": {"how": longest + "x", "evidence": longest + "x"}}
    with pytest.raises(Invalid) as refusal:
        check_answers(data, PRINCIPLES)
    assert refusal.value.data["fields"] == {
        "nonsense": "unknown-choice",
        "human_centred.how": "too-long",
        "human_centred.evidence": "too-long",
    }


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ([], None),
        ([Made(LEAD, 1, State.DRAFT)], None),
        ([Made(LEAD, 2, State.SIGNED)], None),
        ([Made(LEAD, 3, State.SIGNED), Made(OTHER, 1, State.SIGNED)], None),
        ([Made(LEAD, 1, State.SIGNED)], RenewalReason.CATALOGUE),
        ([Made(LEAD, 2, State.DRAFT), Made(LEAD, 1, State.SIGNED)], RenewalReason.CATALOGUE),
        ([Made(OTHER, 2, State.SIGNED)], RenewalReason.LEAD),
        ([Made(LEAD, 2, State.DRAFT), Made(OTHER, 2, State.SIGNED)], RenewalReason.LEAD),
        ([Made(LEAD, 2, State.WITHDRAWN)], RenewalReason.WITHDRAWN),
        (
            [Made(LEAD, 1, State.WITHDRAWN), Made(LEAD, 1, State.SUPERSEDED)],
            RenewalReason.WITHDRAWN,
        ),
    ],
)
def test_m4_a_commitment_is_made_anew_for_another_lead_or_catalogue_or_after_a_withdrawal(
    made: list[Made], reason: RenewalReason | None
) -> None:
    assert renewal(made, LEAD, 2) == reason
