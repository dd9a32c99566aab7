"""Who may do what: one table of action × stage access × roles, for HTTP and sockets alike."""

from collections.abc import Mapping
from enum import StrEnum

from collab.errors import NotAllowed
from collab.process.actors import IDEA_ROLES, TABLE_ROLES, Actor, Role
from collab.process.processes import access_of
from collab.process.stages import StageAccess


class Action(StrEnum):
    """What an actor can want to do."""

    READ_IDEA = "read_idea"
    FOLLOW = "follow"
    EDIT_TEXT = "edit_text"
    NAME_VERSION = "name_version"
    CREATE_IDEA = "create_idea"
    COMMENT = "comment"
    SUGGEST = "suggest"
    HIDE_COMMENT = "hide_comment"
    JUDGE = "judge"
    HOLD_ROUND = "hold_round"
    ALIGN = "align"
    REVIEW_ALIGNMENT = "review_alignment"
    LINK_IDEAS = "link_ideas"
    DISMISS_HINT = "dismiss_hint"
    PROPOSE_MERGE = "propose_merge"
    ANSWER_MERGE = "answer_merge"
    REPLICATE = "replicate"
    OFFER_CHANGES = "offer_changes"
    TAKE_CHANGES = "take_changes"
    CHANGE_STAGE = "change_stage"
    CHANGE_KIND = "change_kind"
    SET_DISTRICTS = "set_districts"
    MANAGE_TEAM = "manage_team"
    OFFER_RESPONSIBILITY = "offer_responsibility"
    SIGN_RESPONSIBILITY = "sign_responsibility"
    END_RESPONSIBILITY = "end_responsibility"
    ASK_SUPPORT = "ask_support"
    GIVE_SUPPORT = "give_support"
    INVITE_EXPERT = "invite_expert"
    ANSWER_INVITATION = "answer_invitation"
    MUTE = "mute"
    SET_SLOW_MODE = "set_slow_mode"
    READ_REPORTS = "read_reports"
    DECIDE_REPORTS = "decide_reports"
    REVERT_TEXT = "revert_text"
    READ_AUDIT = "read_audit"
    READ_LATE = "read_late"
    MANAGE_PEOPLE = "manage_people"
    INVITE = "invite"
    READ_PEOPLE = "read_people"
    MANAGE_PROCESS = "manage_process"
    DRAFT_COMMITMENT = "draft_commitment"
    SIGN_COMMITMENT = "sign_commitment"
    LINK_CENTRAL = "link_central"
    MANAGE_CENTRAL = "manage_central"
    MANAGE_CATALOGUES = "manage_catalogues"
    RELATE_INITIATIVES = "relate_initiatives"
    READ_BOARD = "read_board"
    CLAIM = "claim"
    PREPARE_ACT = "prepare_act"
    PUBLISH_ACTS = "publish_acts"
    READ_NOTES = "read_notes"
    WRITE_NOTES = "write_notes"
    PUT_EVIDENCE = "put_evidence"
    RAISE_REQUIREMENT = "raise_requirement"
    ANSWER_REQUIREMENT = "answer_requirement"
    SETTLE_CONDITION = "settle_condition"
    SET_INDICATOR = "set_indicator"
    MEASURE = "measure"
    MANAGE_TASKS = "manage_tasks"
    FINISH_TASK = "finish_task"
    OPEN_WORKSHOP = "open_workshop"


Roles = frozenset[Role]
_NOBODY: Roles = frozenset()
_EVERYONE: Roles = frozenset(Role)
_TEAM: Roles = IDEA_ROLES
_TABLE: Roles = TABLE_ROLES
_MODERATION: Roles = frozenset({Role.MODERATOR, Role.COORDINATION_OFFICE})
_OFFICE: Roles = frozenset({Role.COORDINATION_OFFICE})
_SIGNED_IN: Roles = _EVERYONE - {Role.GUEST} - _TABLE
_ACTIVE: Roles = _SIGNED_IN - {Role.OBSERVER, Role.AUDITOR}
_DECIDERS: Roles = frozenset({Role.CDO, Role.DEPUTY})
_WRITERS: Roles = _ACTIVE - _DECIDERS
_OWNERS: Roles = frozenset({Role.AUTHOR, Role.LEAD}) | _MODERATION
_BOARD: Roles = _MODERATION | _DECIDERS | {Role.QUALIFIER}
_CHOSEN: Roles = _ACTIVE - _TEAM  # arena roles that take part

_PRIVATE, _WORKING, _CHECKING = StageAccess.PRIVATE, StageAccess.WORKING, StageAccess.CHECKING
_REVISING, _RUNNING = StageAccess.REVISING, StageAccess.RUNNING
_SETTLED, _ARCHIVED = StageAccess.SETTLED, StageAccess.ARCHIVED
_MERGED = StageAccess.MERGED
_LIVING = (_WORKING, _CHECKING, _REVISING, _RUNNING)
_PUBLIC = (*_LIVING, _SETTLED, _ARCHIVED, _MERGED)


def _in(*accesses: StageAccess, roles: Roles) -> dict[StageAccess | None, Roles]:
    return dict.fromkeys(accesses, roles)


# The table. A missing row means nobody; None is the row for what belongs to no idea.
TABLE: Mapping[Action, Mapping[StageAccess | None, Roles]] = {
    Action.READ_IDEA: {
        _PRIVATE: _TEAM | _MODERATION | _TABLE,
        **_in(*_PUBLIC, roles=_EVERYONE),
    },
    Action.FOLLOW: {
        _PRIVATE: _TEAM | _MODERATION,
        **_in(*_PUBLIC, roles=_SIGNED_IN),
    },
    Action.EDIT_TEXT: {
        _PRIVATE: frozenset({Role.AUTHOR, Role.EDITOR, Role.PARTNER}) | _TABLE,
        _WORKING: _WRITERS | _TABLE,
        _CHECKING: _TEAM | {Role.MODERATOR},
        **_in(_REVISING, _RUNNING, roles=_TEAM),
    },
    Action.NAME_VERSION: {
        _PRIVATE: _TEAM,
        **_in(*_LIVING, _SETTLED, roles=_TEAM | _MODERATION),
    },
    Action.COMMENT: _in(*_LIVING, _SETTLED, roles=_ACTIVE | _TABLE),
    # A text that is settled is still talked about: suggestions keep coming, and wait.
    Action.SUGGEST: _in(*_LIVING, _SETTLED, roles=_ACTIVE | _TABLE),
    Action.HIDE_COMMENT: _in(*_PUBLIC, roles=_MODERATION),
    Action.JUDGE: _in(_WORKING, _CHECKING, roles=_ACTIVE | _TABLE),
    Action.HOLD_ROUND: _in(_WORKING, _CHECKING, roles=_MODERATION | {Role.LEAD, Role.QUALIFIER}),
    Action.ALIGN: _in(_PRIVATE, *_LIVING, roles=_TEAM),
    Action.SET_DISTRICTS: _in(_PRIVATE, *_LIVING, _SETTLED, roles=_TEAM),
    Action.REVIEW_ALIGNMENT: _in(*_LIVING, roles=_ACTIVE),
    Action.LINK_IDEAS: {
        _PRIVATE: _TEAM,
        **_in(*_LIVING, _SETTLED, roles=_TEAM | _MODERATION),
    },
    Action.DISMISS_HINT: _in(_PRIVATE, *_LIVING, _SETTLED, roles=_TEAM),
    # Who is asked is in the merge itself.
    Action.PROPOSE_MERGE: _in(_WORKING, roles=_TEAM | _MODERATION),
    Action.ANSWER_MERGE: _in(_WORKING, roles=_ACTIVE),
    Action.REPLICATE: _in(_RUNNING, _SETTLED, roles=_ACTIVE),
    Action.OFFER_CHANGES: _in(_RUNNING, _SETTLED, roles=frozenset({Role.LEAD})),
    Action.TAKE_CHANGES: _in(_PRIVATE, *_LIVING, roles=_TEAM),
    Action.CHANGE_STAGE: {
        _PRIVATE: _TEAM | _MODERATION,
        **_in(*_LIVING, _SETTLED, roles=_TEAM | _MODERATION | _DECIDERS | {Role.QUALIFIER}),
        **_in(_ARCHIVED, _MERGED, roles=_MODERATION),
    },
    Action.CHANGE_KIND: {
        _PRIVATE: frozenset({Role.AUTHOR}),
        **_in(_WORKING, _REVISING, roles=frozenset({Role.AUTHOR}) | _MODERATION),
    },
    Action.MANAGE_TEAM: {
        _PRIVATE: frozenset({Role.AUTHOR, Role.LEAD}),
        **_in(*_LIVING, roles=_OWNERS),
    },
    Action.OFFER_RESPONSIBILITY: {
        _PRIVATE: _TEAM,
        **_in(*_LIVING, _SETTLED, roles=_ACTIVE),
    },
    Action.SIGN_RESPONSIBILITY: _in(
        _PRIVATE, *_LIVING, _SETTLED, roles=frozenset({Role.SIGNATORY})
    ),
    Action.END_RESPONSIBILITY: _in(
        _PRIVATE,
        *_LIVING,
        _SETTLED,
        roles=frozenset({Role.LEAD, Role.MEMBER, Role.SIGNATORY, Role.COORDINATION_OFFICE}),
    ),
    Action.ASK_SUPPORT: _in(*_LIVING, roles=_TEAM | _MODERATION),
    Action.GIVE_SUPPORT: _in(*_LIVING, roles=_OFFICE | {Role.SUPPORT}),
    # Whoever judges must be able to: nobody is asked where judging is over.
    Action.INVITE_EXPERT: _in(_WORKING, _CHECKING, roles=_TEAM | _MODERATION | {Role.QUALIFIER}),
    Action.ANSWER_INVITATION: _in(*_LIVING, _SETTLED, roles=_ACTIVE),
    Action.MUTE: _in(*_LIVING, roles=_MODERATION),
    Action.SET_SLOW_MODE: _in(*_LIVING, _SETTLED, roles=_MODERATION),
    Action.REVERT_TEXT: _in(*_LIVING, roles=_MODERATION),
    Action.READ_AUDIT: {
        _PRIVATE: _MODERATION,
        **_in(*_PUBLIC, roles=_MODERATION | {Role.AUDITOR}),
    },
    Action.RELATE_INITIATIVES: {
        _PRIVATE: frozenset({Role.AUTHOR, Role.EDITOR, Role.PARTNER}),
        _WORKING: _ACTIVE,
        **_in(_CHECKING, _REVISING, _RUNNING, roles=_TEAM | _MODERATION | {Role.QUALIFIER}),
    },
    Action.READ_LATE: _in(_PRIVATE, *_PUBLIC, roles=_TEAM | _MODERATION),
    Action.DRAFT_COMMITMENT: {
        _PRIVATE: _TEAM,
        **_in(*_LIVING, _SETTLED, roles=_ACTIVE),
    },
    Action.SIGN_COMMITMENT: _in(_PRIVATE, *_LIVING, _SETTLED, roles=frozenset({Role.SIGNATORY})),
    Action.LINK_CENTRAL: {
        _PRIVATE: _TEAM,
        **_in(*_LIVING, _SETTLED, roles=_TEAM | _MODERATION),
    },
    Action.MANAGE_CENTRAL: {None: _OFFICE},
    # Which of these roles may put which kind on record is said by the catalogue of evidence.
    Action.PUT_EVIDENCE: {
        _PRIVATE: _TEAM | _OFFICE,
        **_in(*_LIVING, _SETTLED, roles=_TEAM | _OFFICE | _DECIDERS | {Role.QUALIFIER}),
    },
    Action.RAISE_REQUIREMENT: {
        _PRIVATE: _TEAM | _MODERATION,
        **_in(*_LIVING, roles=_ACTIVE | _TABLE),
    },
    Action.ANSWER_REQUIREMENT: _in(_PRIVATE, *_LIVING, roles=_TEAM),
    Action.SETTLE_CONDITION: _in(*_LIVING, roles=_TEAM | {Role.QUALIFIER}),
    Action.SET_INDICATOR: _in(_PRIVATE, *_LIVING, _SETTLED, roles=_TEAM),
    Action.MEASURE: _in(_RUNNING, roles=_TEAM),
    Action.MANAGE_TASKS: _in(_PRIVATE, *_LIVING, _SETTLED, roles=_TEAM | _MODERATION),
    # Whose task it is: he must be able to read the idea, and to act at it.
    Action.FINISH_TASK: {
        _PRIVATE: _TEAM | _MODERATION,
        **_in(*_LIVING, _SETTLED, roles=_ACTIVE),
    },
    Action.READ_REPORTS: {None: _MODERATION | {Role.AUDITOR}},
    Action.DECIDE_REPORTS: {None: _MODERATION},
    Action.CREATE_IDEA: {None: _CHOSEN},
    Action.OPEN_WORKSHOP: {None: _MODERATION | {Role.SUPPORT}},
    Action.MANAGE_PEOPLE: {None: _OFFICE},
    Action.MANAGE_PROCESS: {None: _OFFICE},
    Action.INVITE: {None: _MODERATION},
    Action.READ_PEOPLE: {None: _SIGNED_IN - _TEAM},
    Action.MANAGE_CATALOGUES: {None: _OFFICE},
    Action.READ_BOARD: {None: _BOARD | {Role.AUDITOR}},
    Action.PUBLISH_ACTS: {None: _BOARD},
    # What a draft is, only its team decides; on the board is what is public.
    Action.CLAIM: _in(*_PUBLIC, roles=_BOARD),
    Action.PREPARE_ACT: _in(*_PUBLIC, roles=_BOARD),
    Action.READ_NOTES: _in(*_PUBLIC, roles=_BOARD | {Role.AUDITOR}),
    Action.WRITE_NOTES: _in(*_PUBLIC, roles=_BOARD),
}

# An observer only ever looks on, whichever other roles he holds.
_OBSERVER_ACTIONS = frozenset({Action.READ_IDEA, Action.READ_PEOPLE, Action.FOLLOW})


def allowed(action: Action, roles: frozenset[Role], stage: str | None) -> bool:
    """Whether somebody holding ``roles`` may act in ``stage``; None where no idea is concerned.

    An unknown stage allows nothing: it may be one of a process this program does not know.
    """
    if Role.OBSERVER in roles and action not in _OBSERVER_ACTIONS:
        return False
    return not roles.isdisjoint(roles_for(action, stage))


def may(actor: Actor, action: Action, stage: str | None = None) -> bool:
    """Whether the actor may act in ``stage``; a suspended one may what a guest may."""
    return allowed(action, actor.effective_roles, stage)


def require(action: Action, actor: Actor, stage: str | None = None) -> None:
    """Raise NotAllowed unless the actor may act in ``stage``."""
    if not may(actor, action, stage):
        code = "suspended" if actor.suspended else "not-allowed"
        raise NotAllowed(code, action=action.value, stage=stage)


def roles_for(action: Action, stage: str | None) -> frozenset[Role]:
    """The roles the table allows the action in ``stage``."""
    if stage is None:
        return TABLE[action].get(None, _NOBODY)
    access = access_of(stage)
    return TABLE[action].get(access, _NOBODY) if access else _NOBODY
