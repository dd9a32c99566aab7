"""The permission table as matrices: one line per role, one column per stage."""

import pytest

from collab.errors import NotAllowed
from collab.process.actors import GUEST, Actor, Role
from collab.process.permissions import TABLE, Action, allowed, may, require
from collab.process.stages import load_process

STAGES = [
    "draft", "open", "elaboration", "feasibility", "proposal", "returned", "declined", "withdrawn",
    "archived",
]  # fmt: skip
ROLES = [
    "guest", "observer", "participant", "expert", "signatory", "moderator", "coordination_office",
    "cdo", "author", "editor", "lead",
]  # fmt: skip

# Rows: ROLES from above. Columns: STAGES. x = may, . = may not.
MATRICES = {
    Action.READ_IDEA: """
        guest                . x x x x x x x x
        observer             . x x x x x x x x
        participant          . x x x x x x x x
        expert               . x x x x x x x x
        signatory            . x x x x x x x x
        moderator            x x x x x x x x x
        coordination_office  x x x x x x x x x
        cdo                  . x x x x x x x x
        author               x x x x x x x x x
        editor               x x x x x x x x x
        lead                 x x x x x x x x x""",
    Action.EDIT_TEXT: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . x x . . . . . .
        expert               . x x . . . . . .
        signatory            . x x . . . . . .
        moderator            . x x x . . . . .
        coordination_office  . x x . . . . . .
        cdo                  . . . . . . . . .
        author               x x x x . x . . .
        editor               x x x x . x . . .
        lead                 . x x x . x . . .""",
    Action.COMMENT: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . x x x x x x x .
        expert               . x x x x x x x .
        signatory            . x x x x x x x .
        moderator            . x x x x x x x .
        coordination_office  . x x x x x x x .
        cdo                  . x x x x x x x .
        author               . x x x x x x x .
        editor               . x x x x x x x .
        lead                 . x x x x x x x .""",
    Action.HIDE_COMMENT: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . . . . . . . . .
        expert               . . . . . . . . .
        signatory            . . . . . . . . .
        moderator            . x x x x x x x x
        coordination_office  . x x x x x x x x
        cdo                  . . . . . . . . .
        author               . . . . . . . . .
        editor               . . . . . . . . .
        lead                 . . . . . . . . .""",
    Action.JUDGE: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . x x x . . . . .
        expert               . x x x . . . . .
        signatory            . x x x . . . . .
        moderator            . x x x . . . . .
        coordination_office  . x x x . . . . .
        cdo                  . x x x . . . . .
        author               . x x x . . . . .
        editor               . x x x . . . . .
        lead                 . x x x . . . . .""",
    Action.CHANGE_STAGE: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . . . . . . . . .
        expert               . . . . . . . . .
        signatory            . . . . . . . . .
        moderator            . x x x x x x x x
        coordination_office  . x x x x x x x x
        cdo                  . . . . . . . . .
        author               x x x x x x x x .
        editor               x x x x x x x x .
        lead                 x x x x x x x x .""",
    Action.CHANGE_KIND: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . . . . . . . . .
        expert               . . . . . . . . .
        signatory            . . . . . . . . .
        moderator            . x x . . x . . .
        coordination_office  . x x . . x . . .
        cdo                  . . . . . . . . .
        author               x x x . . x . . .
        editor               . . . . . . . . .
        lead                 . . . . . . . . .""",
    Action.MANAGE_TEAM: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . . . . . . . . .
        expert               . . . . . . . . .
        signatory            . . . . . . . . .
        moderator            . x x x . x . . .
        coordination_office  . x x x . x . . .
        cdo                  . . . . . . . . .
        author               x x x x . x . . .
        editor               . . . . . . . . .
        lead                 x x x x . x . . .""",
    Action.MUTE: """
        guest                . . . . . . . . .
        observer             . . . . . . . . .
        participant          . . . . . . . . .
        expert               . . . . . . . . .
        signatory            . . . . . . . . .
        moderator            . x x x . x . . .
        coordination_office  . x x x . x . . .
        cdo                  . . . . . . . . .
        author               . . . . . . . . .
        editor               . . . . . . . . .
        lead                 . . . . . . . . .""",
}
MATRICES[Action.REVERT_TEXT] = MATRICES[Action.MUTE]

# Rows: ROLES from above. One column: no idea is concerned.
WITHOUT_IDEA = {
    Action.CREATE_IDEA: {
        "participant", "expert", "signatory", "moderator", "coordination_office", "cdo",
    },
    Action.MANAGE_PEOPLE: {"coordination_office"},
    Action.INVITE: {"moderator", "coordination_office"},
    Action.READ_PEOPLE: {
        "observer", "participant", "expert", "signatory", "moderator", "coordination_office", "cdo",
    },
}  # fmt: skip

CASES = [
    (action, Role(line.split()[0]), stage, mark == "x")
    for action, matrix in MATRICES.items()
    for line in matrix.strip().splitlines()
    for stage, mark in zip(STAGES, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("action", "role", "stage", "expected"), CASES)
def test_p1_table_of_actions_at_an_idea(
    action: Action, role: Role, stage: str, expected: bool
) -> None:
    assert allowed(action, frozenset({role}), stage) is expected


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(WITHOUT_IDEA))
def test_p1_table_of_actions_without_an_idea(action: Action, role: Role) -> None:
    assert allowed(action, frozenset({role}), None) is (role.value in WITHOUT_IDEA[action])


def test_p1_matrices_cover_every_action_role_and_stage() -> None:
    assert set(MATRICES) | set(WITHOUT_IDEA) == set(Action) == set(TABLE)
    assert [stage.id for stage in load_process().stages] == STAGES
    for matrix in MATRICES.values():
        assert [line.split()[0] for line in matrix.strip().splitlines()] == ROLES
    assert {role.value for role in Role} == set(ROLES)


@pytest.mark.parametrize("action", list(MATRICES))
def test_p1_action_at_an_idea_needs_an_idea_with_a_known_stage(action: Action) -> None:
    assert not allowed(action, frozenset(Role) - {Role.OBSERVER}, None)
    assert not allowed(action, frozenset(Role) - {Role.OBSERVER}, "stage_of_another_process")


@pytest.mark.parametrize("action", [one for one in Action if not one.value.startswith("read_")])
@pytest.mark.parametrize("stage", [*STAGES, None])
def test_p2_observer_with_every_other_role_only_looks_on(action: Action, stage: str | None) -> None:
    assert not allowed(action, frozenset(Role), stage)


@pytest.mark.parametrize("stage", STAGES[1:])
def test_p4_guest_reads_whatever_is_no_draft(stage: str) -> None:
    assert may(GUEST, Action.READ_IDEA, stage)


def test_i4_guest_and_stranger_do_not_read_a_draft() -> None:
    assert not may(GUEST, Action.READ_IDEA, "draft")
    assert not may(person(Role.PARTICIPANT), Action.READ_IDEA, "draft")


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("stage", [*STAGES, None])
def test_p3_suspended_moderator_may_what_a_guest_may(action: Action, stage: str | None) -> None:
    suspended = person(Role.MODERATOR, Role.AUTHOR, suspended=True)
    assert may(suspended, action, stage) is may(GUEST, action, stage)


def test_p3_suspended_person_is_told_so() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(Action.COMMENT, person(Role.PARTICIPANT, suspended=True), "open")
    assert refusal.value.code == "suspended"


def test_refusal_names_action_and_stage() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(Action.EDIT_TEXT, person(Role.PARTICIPANT), "proposal")
    assert refusal.value.data == {"action": "edit_text", "stage": "proposal"}


def test_require_lets_the_allowed_pass() -> None:
    require(Action.EDIT_TEXT, person(Role.PARTICIPANT), "open")


def test_idea_roles_come_on_top_of_arena_roles_and_end_with_the_idea() -> None:
    author = person(Role.PARTICIPANT).with_roles({Role.AUTHOR})
    assert author.roles == {Role.PARTICIPANT, Role.AUTHOR}
    assert author.with_roles(()).roles == {Role.PARTICIPANT}


def person(*roles: Role, suspended: bool = False) -> Actor:
    """Somebody with these roles."""
    return Actor(None, "somebody", "Somebody", frozenset(roles), suspended)
