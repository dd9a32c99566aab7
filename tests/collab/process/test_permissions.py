"""The permission table as matrices: a line for roles alike, a column per access of a stage."""

import pytest

from collab.errors import NotAllowed
from collab.process.actors import GUEST, Actor, Role
from collab.process.permissions import TABLE, Action, allowed, may, require
from collab.process.processes import every_stage, stages_with
from collab.process.stages import StageAccess

ACCESSES = list(StageAccess)
STAGES = list(every_stage())

# Columns: private working checking revising running settled archived merged. x = may, . = may not.
# Rows: roles with the same rights share one; a role without a row may nothing.
READERS = "guest observer participant expert signatory support qualifier cdo deputy auditor"
ACTIVE = "participant expert signatory support qualifier moderator coordination_office"
MATRICES = {
    Action.READ_IDEA: {
        READERS: ". x x x x x x x",
        "moderator coordination_office author editor lead member partner table": "x x x x x x x x",
    },
    Action.FOLLOW: {
        READERS.removeprefix("guest "): ". x x x x x x x",
        "moderator coordination_office author editor lead member partner": "x x x x x x x x",
    },
    Action.EDIT_TEXT: {
        "participant expert signatory support qualifier coordination_office": ". x . . . . . .",
        "moderator": ". x x . . . . .",
        "author editor partner": "x x x x x . . .",
        "lead member": ". x x x x . . .",
        "table": "x x . . . . . .",
    },
    Action.NAME_VERSION: {
        "moderator coordination_office": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.COMMENT: {
        f"{ACTIVE} cdo deputy author editor lead member partner table": ". x x x x x . .",
    },
    Action.SUGGEST: {
        f"{ACTIVE} cdo deputy author editor lead member partner table": ". x x x x x . .",
    },
    Action.HIDE_COMMENT: {"moderator coordination_office": ". x x x x x x x"},
    Action.JUDGE: {
        f"{ACTIVE} cdo deputy author editor lead member partner table": ". x x . . . . .",
    },
    Action.HOLD_ROUND: {"moderator coordination_office qualifier lead": ". x x . . . . ."},
    Action.CHANGE_STAGE: {
        "moderator coordination_office": "x x x x x x x x",
        "qualifier cdo deputy": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.CHANGE_KIND: {
        "moderator coordination_office": ". x . x . . . .",
        "author": "x x . x . . . .",
    },
    Action.MANAGE_TEAM: {
        "moderator coordination_office": ". x x x x . . .",
        "author lead": "x x x x x . . .",
    },
    Action.OFFER_RESPONSIBILITY: {
        f"{ACTIVE} cdo deputy": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.SIGN_RESPONSIBILITY: {"signatory": "x x x x x x . ."},
    Action.END_RESPONSIBILITY: {"lead member signatory coordination_office": "x x x x x x . ."},
    Action.ASK_SUPPORT: {
        "author editor lead member partner moderator coordination_office": ". x x x x . . .",
    },
    Action.INVITE_EXPERT: {
        "author editor lead member partner moderator coordination_office qualifier": (
            ". x x . . . . ."
        ),
    },
    Action.ANSWER_INVITATION: {
        f"{ACTIVE} cdo deputy author editor lead member partner": ". x x x x x . .",
    },
    Action.GIVE_SUPPORT: {"support coordination_office": ". x x x x . . ."},
    Action.ALIGN: {"author editor lead member partner": "x x x x x . . ."},
    Action.SET_DISTRICTS: {"author editor lead member partner": "x x x x x x . ."},
    Action.REVIEW_ALIGNMENT: {
        f"{ACTIVE} cdo deputy author editor lead member partner": ". x x x x . . .",
    },
    Action.LINK_IDEAS: {
        "moderator coordination_office": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.PROPOSE_MERGE: {
        "author editor lead member partner moderator coordination_office": ". x . . . . . .",
    },
    Action.ANSWER_MERGE: {
        f"{ACTIVE} cdo deputy author editor lead member partner": ". x . . . . . .",
    },
    Action.DISMISS_HINT: {"author editor lead member partner": "x x x x x x . ."},
    Action.REPLICATE: {
        f"{ACTIVE} cdo deputy author editor lead member partner": ". . . . x x . .",
    },
    Action.OFFER_CHANGES: {"lead": ". . . . x x . ."},
    Action.TAKE_CHANGES: {"author editor lead member partner": "x x x x x . . ."},
    Action.MUTE: {"moderator coordination_office": ". x x x x . . ."},
    Action.READ_AUDIT: {
        "moderator coordination_office": "x x x x x x x x",
        "auditor": ". x x x x x x x",
    },
    Action.RELATE_INITIATIVES: {
        "participant expert signatory support cdo deputy": ". x . . . . . .",
        "qualifier moderator coordination_office lead member": ". x x x x . . .",
        "author editor partner": "x x x x x . . .",
    },
    Action.DRAFT_COMMITMENT: {
        f"{ACTIVE} cdo deputy": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.SIGN_COMMITMENT: {"signatory": "x x x x x x . ."},
    Action.LINK_CENTRAL: {
        "moderator coordination_office": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.PUT_EVIDENCE: {
        "coordination_office": "x x x x x x . .",
        "qualifier cdo deputy": ". x x x x x . .",
        "author editor lead member partner": "x x x x x x . .",
    },
    Action.RAISE_REQUIREMENT: {
        "participant expert signatory support qualifier cdo deputy table": ". x x x x . . .",
        "moderator coordination_office author editor lead member partner": "x x x x x . . .",
    },
    Action.ANSWER_REQUIREMENT: {"author editor lead member partner": "x x x x x . . ."},
    Action.SETTLE_CONDITION: {"author editor lead member partner qualifier": ". x x x x . . ."},
    Action.SET_INDICATOR: {"author editor lead member partner": "x x x x x x . ."},
    Action.MEASURE: {"author editor lead member partner": ". . . . x . . ."},
    Action.MANAGE_TASKS: {
        "moderator coordination_office author editor lead member partner": "x x x x x x . .",
    },
    Action.FINISH_TASK: {
        "participant expert signatory support qualifier cdo deputy": ". x x x x x . .",
        "moderator coordination_office author editor lead member partner": "x x x x x x . .",
    },
}
MATRICES[Action.SET_SLOW_MODE] = {"moderator coordination_office": ". x x x x x . ."}
MATRICES[Action.REVERT_TEXT] = MATRICES[Action.MUTE]
MATRICES[Action.READ_LATE] = {
    "moderator coordination_office author editor lead member partner": "x x x x x x x x",
}
BOARD = "moderator coordination_office qualifier cdo deputy"
MATRICES[Action.CLAIM] = {BOARD: ". x x x x x x x"}
MATRICES[Action.PREPARE_ACT] = MATRICES[Action.WRITE_NOTES] = MATRICES[Action.CLAIM]
MATRICES[Action.READ_NOTES] = {f"{BOARD} auditor": ". x x x x x x x"}

# No idea is concerned.
WITHOUT_IDEA = {
    Action.CREATE_IDEA: {*ACTIVE.split(), "cdo", "deputy"},
    Action.OPEN_WORKSHOP: {"moderator", "coordination_office", "support"},
    Action.MANAGE_PEOPLE: {"coordination_office"},
    Action.MANAGE_PROCESS: {"coordination_office"},
    Action.MANAGE_CENTRAL: {"coordination_office"},
    Action.INVITE: {"moderator", "coordination_office"},
    Action.READ_REPORTS: {"moderator", "coordination_office", "auditor"},
    Action.DECIDE_REPORTS: {"moderator", "coordination_office"},
    Action.READ_BOARD: {*BOARD.split(), "auditor"},
    Action.PUBLISH_ACTS: set(BOARD.split()),
    Action.READ_PEOPLE: {"observer", *ACTIVE.split(), "cdo", "deputy", "auditor"},
    Action.MANAGE_CATALOGUES: {"coordination_office"},
}


def marks(action: Action, role: Role) -> list[str]:
    """The row of a role in the matrix of an action."""
    for roles, row in MATRICES[action].items():
        if role in roles.split():
            return row.split()
    return ["."] * len(ACCESSES)


CASES = [
    (action, role, stage.id, marks(action, role)[ACCESSES.index(stage.access)] == "x")
    for action in MATRICES
    for role in Role
    for stage in every_stage().values()
]


@pytest.mark.parametrize("action", list(MATRICES))
def test_p1_table_of_actions_at_an_idea(action: Action) -> None:
    wrong = [
        (role, stage)
        for of, role, stage, expected in CASES
        if of is action and allowed(action, frozenset({role}), stage) is not expected
    ]
    assert not wrong


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(WITHOUT_IDEA))
def test_p1_table_of_actions_without_an_idea(action: Action, role: Role) -> None:
    assert allowed(action, frozenset({role}), None) is (role.value in WITHOUT_IDEA[action])


def test_p1_matrices_cover_every_action_role_and_access() -> None:
    assert set(MATRICES) | set(WITHOUT_IDEA) == set(Action) == set(TABLE)
    named = [role for matrix in MATRICES.values() for roles in matrix for role in roles.split()]
    assert set(named) == {role.value for role in Role}
    assert {stage.access for stage in every_stage().values()} == set(ACCESSES)
    for action, matrix in MATRICES.items():
        rows = [role for roles in matrix for role in roles.split()]
        assert len(rows) == len(set(rows)), action
        assert {len(row.split()) for row in matrix.values()} == {len(ACCESSES)}, action


@pytest.mark.parametrize("action", list(MATRICES))
def test_p1_action_at_an_idea_needs_an_idea_with_a_known_stage(action: Action) -> None:
    assert not allowed(action, frozenset(Role) - {Role.OBSERVER}, None)
    assert not allowed(action, frozenset(Role) - {Role.OBSERVER}, "stage_of_another_process")


LOOKING_ON = {Action.FOLLOW, *(one for one in Action if one.value.startswith("read_"))}


@pytest.mark.parametrize("action", [one for one in Action if one not in LOOKING_ON])
def test_p2_observer_with_every_other_role_only_looks_on(action: Action) -> None:
    assert not [at for at in (*STAGES, None) if allowed(action, frozenset(Role), at)]


@pytest.mark.parametrize("stage", sorted(set(STAGES) - stages_with(StageAccess.PRIVATE)))
def test_p4_guest_reads_whatever_is_no_draft(stage: str) -> None:
    assert may(GUEST, Action.READ_IDEA, stage)


def test_i4_guest_and_stranger_do_not_read_a_draft() -> None:
    assert not may(GUEST, Action.READ_IDEA, "draft")
    assert not may(person(Role.PARTICIPANT), Action.READ_IDEA, "draft")


@pytest.mark.parametrize("action", list(Action))
def test_p3_suspended_moderator_may_what_a_guest_may(action: Action) -> None:
    suspended = person(Role.MODERATOR, Role.AUTHOR, suspended=True)
    for at in (*STAGES, None):
        assert may(suspended, action, at) is may(GUEST, action, at)


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
