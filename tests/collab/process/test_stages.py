"""The shipped process, and the templates that are refused when loaded."""

import copy
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import Role
from collab.process.processes import every_process, load_process
from collab.process.stages import MeasureType, ProcessTemplate, StageAccess
from collab.process.templates import graph
from collab.process.templates.process_file import parse_process
from collab.process.templates.reading import FaultyTemplate
from collab.process.templates.walk import standings

MODERATOR = frozenset({Role.MODERATOR})
AUTHOR = frozenset({Role.AUTHOR})


def template() -> dict[str, Any]:
    """The shipped template as JSON, to be spoilt."""
    folder = resources.files("collab.process.templates")
    text = folder.joinpath("process/gdb-arena.v1.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def checked(data: dict[str, Any]) -> ProcessTemplate:
    """What loading does with a file."""
    process = parse_process(data)
    graph.check(process)
    return process


def test_shipped_process_is_loaded_once() -> None:
    assert load_process() is load_process()
    assert load_process().initial == "draft"


def test_unknown_process_or_version_is_refused() -> None:
    with pytest.raises(FaultyTemplate):
        load_process("reichstag")
    with pytest.raises(FaultyTemplate):
        load_process("gdb-arena", 99)


@pytest.mark.parametrize(
    ("stage", "to", "kind", "role", "transition"),
    [
        ("draft", "open", "need", Role.AUTHOR, "submit"),
        ("draft", "open", "proposal", Role.EDITOR, "submit"),
        ("returned", "open", "need", Role.AUTHOR, "submit"),
        ("open", "elaboration", "proposal", Role.LEAD, "adopt"),
        ("elaboration", "feasibility", "proposal", Role.LEAD, "ask_feasibility"),
        ("feasibility", "proposal", "proposal", Role.QUALIFIER, "qualify"),
        ("feasibility", "elaboration", "proposal", Role.LEAD, "back"),
        ("elaboration", "open", "proposal", Role.MODERATOR, "release"),
        ("decision", "measure_decentral", "proposal", Role.DEPUTY, "accept_decentral"),
        (
            "measure_network_pending",
            "measure_network",
            "proposal",
            Role.COORDINATION_OFFICE,
            "recognise",
        ),
        ("open", "covered", "need", Role.AUTHOR, "cover"),
        ("open", "returned", "need", Role.MODERATOR, "return"),
        ("proposal", "declined", "proposal", Role.MODERATOR, "decline"),
        ("open", "withdrawn", "need", Role.AUTHOR, "withdraw"),
        ("declined", "archived", "need", Role.MODERATOR, "archive"),
        ("archived", "declined", "need", Role.MODERATOR, "restore"),
    ],
)
def test_ways_of_the_shipped_process(
    stage: str, to: str, kind: str, role: Role, transition: str
) -> None:
    found = load_process().change(stage, to, kind, frozenset({role}))
    assert (found.id, found.target) == (transition, to)
    assert found in load_process().transitions_from(stage, kind, frozenset({role}))


def test_unknown_target_is_invalid() -> None:
    with pytest.raises(Invalid) as refusal:
        load_process().change("open", "measure_central", "proposal", MODERATOR)
    assert refusal.value.data["fields"] == {"to": "unknown-stage"}


def test_way_that_does_not_exist_is_a_conflict_naming_the_stage() -> None:
    with pytest.raises(Conflict) as refusal:
        load_process().change("draft", "proposal", "proposal", MODERATOR)
    assert refusal.value.data["current"] == "draft"


def test_need_is_not_elaborated() -> None:
    with pytest.raises(Conflict):
        load_process().change("open", "elaboration", "need", MODERATOR)


@pytest.mark.parametrize("role", [Role.GUEST, Role.OBSERVER, Role.PARTICIPANT, Role.AUTHOR])
def test_g3_only_moderators_and_the_office_decline(role: Role) -> None:
    with pytest.raises(NotAllowed):
        load_process().change("open", "declined", "need", frozenset({role}))


@pytest.mark.parametrize("transition", ["return", "decline", "qualify", "archive", "restore"])
def test_g2_transitions_that_need_a_reason(transition: str) -> None:
    found = [way for way in load_process().transitions if way.id == transition]
    assert found
    assert all(way.reason_required for way in found)


def test_g7_no_way_of_any_process_makes_a_central_measure() -> None:
    """AC-M1b: whatever an idea can become, on all ways together."""
    measures = {one.measure for process in every_process() for one in standings(process)}
    assert measures == {None, MeasureType.DECENTRAL, MeasureType.NETWORK}
    assert set(MeasureType) == {"decentral", "network"}


def test_i5_no_way_leads_back_into_a_draft() -> None:
    assert not [way for way in load_process().transitions if way.target == "draft"]


def test_i5_template_with_a_way_back_into_a_draft_is_refused() -> None:
    data = template()
    withdraw = next(way for way in data["transitions"] if way["id"] == "withdraw")
    withdraw["moves"][0]["to"] = "draft"
    with pytest.raises(FaultyTemplate, match="private"):
        checked(data)


def test_i4_only_the_draft_is_private() -> None:
    private = [s.id for s in load_process().stages if s.access is StageAccess.PRIVATE]
    assert private == ["draft"]


def unknown_role(data: dict[str, Any]) -> None:
    data["transitions"][0]["roles"].append("mayor")


def unknown_gate(data: dict[str, Any]) -> None:
    data["transitions"][0]["gates"].append({"type": "bribe"})


def unknown_kind(data: dict[str, Any]) -> None:
    data["transitions"][0]["kinds"].append("wish")


def unknown_dimension(data: dict[str, Any]) -> None:
    gate = {"type": "feasibility", "dimensions": ["astrological"], "people": 1}
    data["transitions"][0]["gates"].append(gate)


def feasibility_gate_without_dimension(data: dict[str, Any]) -> None:
    data["transitions"][0]["gates"].append({"type": "feasibility"})


def unknown_section(data: dict[str, Any]) -> None:
    data["transitions"][1]["gates"].append({"type": "sections", "also": ["horoscope"]})


def section_of_the_other_kind(data: dict[str, Any]) -> None:
    data["transitions"][0]["gates"].append({"type": "sections", "also": ["implementation"]})


def unknown_target(data: dict[str, Any]) -> None:
    data["transitions"][0]["moves"][0]["to"] = "limbo"


def unknown_source(data: dict[str, Any]) -> None:
    data["transitions"][0]["moves"][0]["from"].append("limbo")


def unknown_initial(data: dict[str, Any]) -> None:
    data["initial"] = "limbo"


def stage_twice(data: dict[str, Any]) -> None:
    data["stages"].append(copy.deepcopy(data["stages"][0]))


def unreachable_stage(data: dict[str, Any]) -> None:
    data["stages"].append({**copy.deepcopy(data["stages"][-1]), "id": "limbo"})


def no_way_out(data: dict[str, Any]) -> None:
    data["stages"].append({**copy.deepcopy(data["stages"][1]), "id": "limbo"})
    data["transitions"][0]["moves"].append({"from": ["open"], "to": "limbo"})


def two_ways_between_the_same_stages(data: dict[str, Any]) -> None:
    data["transitions"].append({**copy.deepcopy(data["transitions"][0]), "id": "submit_again"})


def way_to_itself(data: dict[str, Any]) -> None:
    data["transitions"][0]["moves"].append({"from": ["open"], "to": "open"})


def missing_label(data: dict[str, Any]) -> None:
    del data["stages"][2]["label"]["en"]


def empty_label(data: dict[str, Any]) -> None:
    data["transitions"][2]["label"]["de"] = " "


def unknown_access(data: dict[str, Any]) -> None:
    data["stages"][0]["access"] = "everybody"


def no_roles(data: dict[str, Any]) -> None:
    data["transitions"][0]["roles"] = []


def no_moves(data: dict[str, Any]) -> None:
    data["transitions"][0]["moves"] = []


def no_word_on_the_reason(data: dict[str, Any]) -> None:
    del data["transitions"][0]["reason"]


def observer_moves_ideas(data: dict[str, Any]) -> None:
    data["transitions"][0]["roles"].append("observer")


def author_reviews(data: dict[str, Any]) -> None:
    data["transitions"][3]["roles"].append("author")


def stages_are_no_list(data: dict[str, Any]) -> None:
    data["stages"] = "draft"


def stage_is_no_object(data: dict[str, Any]) -> None:
    data["stages"][0] = "draft"


def people_are_no_number(data: dict[str, Any]) -> None:
    data["transitions"][3]["gates"][1]["people"] = "two"


def role_twice(data: dict[str, Any]) -> None:
    data["transitions"][0]["roles"].append("author")


FAULTS = [
    unknown_role, unknown_gate, unknown_kind, unknown_dimension, unknown_section,
    feasibility_gate_without_dimension, section_of_the_other_kind, unknown_target, unknown_source,
    unknown_initial, unknown_access, stage_twice, unreachable_stage, no_way_out, way_to_itself,
    two_ways_between_the_same_stages, missing_label, empty_label, no_roles, no_moves,
    no_word_on_the_reason, observer_moves_ideas, author_reviews, stages_are_no_list,
    stage_is_no_object, people_are_no_number, role_twice,
]  # fmt: skip


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda fault: fault.__name__)
def test_g9_faulty_template_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    data = template()
    spoil(data)
    with pytest.raises(FaultyTemplate):
        checked(data)


def test_g9_unspoilt_template_is_taken() -> None:
    assert checked(template()) == load_process("gdb-arena", 1)


def test_g11_a_stage_has_one_meaning_in_all_processes() -> None:
    meanings = {
        (stage.id, stage.access, stage.kind)
        for process in every_process()
        for stage in process.stages
    }
    assert len(meanings) == len({stage_id for stage_id, _, _ in meanings})


def measure_template() -> dict[str, Any]:
    """The full process as JSON, to be spoilt."""
    folder = resources.files("collab.process.templates")
    data: dict[str, Any] = json.loads(
        folder.joinpath("process/gdb-arena.v2.json").read_text("utf-8")
    )
    return data


def transition_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The first transition of that id."""
    found: dict[str, Any] = next(way for way in data["transitions"] if way["id"] == name)
    return found


def recognises_without_commitment(data: dict[str, Any]) -> None:
    way = transition_of(data, "recognise")
    way["gates"] = [gate for gate in way["gates"] if gate["type"] != "commitment"]


def decentral_under_any_lead(data: dict[str, Any]) -> None:
    transition_of(data, "accept_decentral")["gates"][0]["classes"].append("business")


def trial_before_recognition(data: dict[str, Any]) -> None:
    transition_of(data, "start_trial")["moves"][0]["from"].append("measure_network_pending")


def shortcut_to_a_measure(data: dict[str, Any]) -> None:
    transition_of(data, "back")["moves"].append({"from": ["decision"], "to": "measure_decentral"})
    way = transition_of(data, "accept_decentral")
    way["moves"] = [{"from": ["proposal"], "to": "measure_decentral"}]


def central_measure(data: dict[str, Any]) -> None:
    transition_of(data, "accept_decentral")["effects"].append("measure_central")


@pytest.mark.parametrize(
    "spoil",
    [
        recognises_without_commitment,
        decentral_under_any_lead,
        trial_before_recognition,
        shortcut_to_a_measure,
        central_measure,
    ],
    ids=lambda fault: fault.__name__,
)
def test_g12_template_that_breaks_a_promise_on_any_way_is_refused(
    spoil: Callable[[dict[str, Any]], None],
) -> None:
    data = measure_template()
    checked(data)
    spoil(data)
    with pytest.raises(FaultyTemplate):
        checked(data)
