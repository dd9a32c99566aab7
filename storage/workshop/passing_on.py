"""Every column that names a person, and what becomes of it when an account takes over a guest.

Whoever adds such a column decides here; ``tests/storage/test_claiming.py`` fails until then.
"""

from collections.abc import Mapping
from typing import Final

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "mute": ("by",),
    "idea": ("created_by",),
    "stage_change": ("actor_id",),
    "responsibility": (
        "person_id",
        "offered_by",
        "confirmed_by",
        "ended_by",
    ),
    "support_request": (
        "asked_by",
        "answered_by",
        "done_by",
    ),
    "role_term": (
        "granted_by",
        "ended_by",
    ),
    "commitment": (
        "drafted_by",
        "signed_by",
    ),
    "recognition": ("given_by",),
    "central_measure": ("created_by",),
    "central_link": ("by",),
    "comment": (
        "author_id",
        "hidden_by",
        "resolved_by",
    ),
    "suggestion": (
        "author_id",
        "decided_by",
    ),
    "judgement_round": (
        "opened_by",
        "closed_by",
    ),
    "event": ("actor_id",),
    "expert_invitation": ("invited_by",),
    "resolution": (
        "by",
        "reopened_by",
    ),
    "comment_outcome": ("by",),
    "task": (
        "owner_id",
        "created_by",
        "settled_by",
    ),
    "claim": ("taken_from",),
    "case_note": ("opened_by",),
    "evidence": ("by",),
    "requirement": (
        "raised_by",
        "answered_by",
    ),
    "condition": ("by",),
    "indicator": ("by",),
    "named_version": ("by",),
    "measurement": ("by",),
    "report": ("reporter_id",),
    "report_case": (
        "person_id",
        "claimed_by",
        "decided_by",
    ),
    "hiding": (
        "author_id",
        "by",
        "answered_by",
        "shown_by",
    ),
    "slow_mode": ("by",),
    "dismissed_hint": ("by",),
    "catalogue_version": ("by",),
    "initiative_relation": ("by",),
    "alignment": ("by",),
    "alignment_review": ("answered_by",),
    "idea_link": ("by",),
    "replication": ("by",),
    "offered_change": ("decided_by",),
    "workshop": ("created_by",),
    "attendance": ("removed_by",),
    "silent_note": ("author_id",),
    "note_idea": ("by",),
    "harvest_point": ("person_id", "created_by"),
    "idea_merge": ("proposed_by", "ended_by"),
    "merge_part": ("person_id",),
    "document_log": ("actor_id",),
    "document_client": ("actor_id",),
    "audit_key": ("person_id",),
    "quarantine": ("actor_id",),
    "late_contribution": ("actor_id",),
}
"""The row names the account from now on."""

JOINS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "idea_role": (
        "person_id",
        (
            "idea_id",
            "role",
        ),
    ),
    "mute": ("person_id", ("document_id",)),
    "idea_follow": ("person_id", ("idea_id",)),
    "saved_search": ("person_id", ("parameters",)),
    "read_mark": ("person_id", ("idea_id",)),
    "mention": ("person_id", ("comment_id",)),
    "reaction": ("person_id", ("comment_id",)),
    "notice": ("person_id", ("event_id",)),
    "slow_turn": ("person_id", ("idea_id",)),
    "merge_consent": ("person_id", ("merge_id",)),
    "attendance": ("person_id", ("workshop_id",)),
    "workshop_facilitator": ("person_id", ("workshop_id",)),
    "alignment_review": (
        "person_id",
        (
            "idea_id",
            "catalogue_id",
            "entry_id",
            "revision",
        ),
    ),
    "expert_invitation": ("person_id", ("idea_id",)),
}
"""One person has it once: what the account has under the same key stands, else the row moves."""

GOES: Final[Mapping[str, tuple[str, ...]]] = {
    "person_role": ("person_id",),
    "affiliation": ("person_id",),
    "token": ("person_id",),
    "one_time_link": (
        "person_id",
        "created_by",
    ),
    "role_term": ("person_id",),
    "expert_profile": ("person_id",),
    "mail_choice": ("person_id",),
    "mailing": ("person_id",),
    "claim": ("person_id",),
    "prepared_act": ("prepared_by",),
}
"""Rights and ways in, of which a guest has none, and wishes of which the account has its own."""

WEIGHED: Final[Mapping[str, tuple[str, ...]]] = {
    "judgement": ("person_id",),
    "condition": ("person_id",),
    "dot": ("person_id",),
}
"""Counted by persons: ``storage.workshop.claiming`` asks for each what may pass on."""

STAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "session": ("person_id",),
    "guest": ("person_id", "claimed_by"),
    "erasure": ("person_id",),
}
"""Sign-ins are ended, and go when their time has come; the guest's own row says who took over."""
