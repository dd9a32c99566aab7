"""How long each table keeps its rows: for a period after they have served, or for good and why.

Whoever adds a table decides here. ``docs/retention.md`` says the same to operators.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Period:
    """Rows of ``table`` go so long after the moment in ``column``; with ``state`` only those."""

    name: str
    table: str
    column: str
    days: int
    state: str | None = None

    @property
    def after(self) -> timedelta:
        return timedelta(days=self.days)


PERIODS: Final[tuple[Period, ...]] = (
    Period("sign-ins that have run out", "session", "expires_at", 30),
    Period("sign-ins that were ended", "session", "revoked_at", 30),
    Period("tokens that have run out", "token", "expires_at", 90),
    Period("tokens that were withdrawn", "token", "revoked_at", 90),
    Period("invitations, tickets and other links that work once", "one_time_link", "expires_at", 7),
    Period("mails that could not leave", "mailing", "made_at", 14),
    Period("notices that were read", "notice", "read_at", 365),
    Period("notices that nobody read", "notice", "at", 730),
    Period("claims of moderators", "claim", "until", 30),
    Period("turns in slow mode", "slow_turn", "at", 30),
    Period("webhooks that arrived", "webhook_delivery", "ended_at", 7, "delivered"),
    Period("that a silent note was shown", "silent_note", "brought_at", 30),
    Period("webhooks that were given up", "webhook_delivery", "ended_at", 30, "dead"),
)

RECORD: Final = "the record of an idea; names go with an erasure"
ACCOUNT: Final = "belongs to an account, and goes with it"
OFFICIAL: Final = "official acts and what they rest on"
TINY: Final = "does not grow with time"
DERIVED: Final = "made from what is kept, one row each"

KEPT: Final[Mapping[str, str]] = {
    "person": ACCOUNT,
    "person_role": ACCOUNT,
    "affiliation": ACCOUNT,
    "expert_profile": ACCOUNT,
    "expert_topic": ACCOUNT,
    "saved_search": ACCOUNT,
    "mail_choice": ACCOUNT,
    "idea_follow": ACCOUNT,
    "read_mark": ACCOUNT,
    "mute": "until a moderator lifts it",
    "prepared_act": "until it is published or dropped",
    "slow_mode": "until it is over",
    "document": RECORD,
    "document_client": "says whose a word is, as long as the text holds it",
    "document_log": "for good, or for ARENA_LOG_DAYS where snapshots cover it",
    "document_snapshot": "the newest three of each text",
    "text_version": OFFICIAL,
    "named_version": RECORD,
    "late_contribution": RECORD,
    "suspect_document": "until the text was tried",
    "quarantine": "keeps a killer known; its bytes go where text is erased",
    "idea": RECORD,
    "idea_role": RECORD,
    "idea_link": RECORD,
    "idea_district": RECORD,
    "idea_merge": RECORD,
    "merge_consent": RECORD,
    "merge_part": RECORD,
    "comment": RECORD,
    "comment_outcome": RECORD,
    "mention": RECORD,
    "reaction": RECORD,
    "resolution": RECORD,
    "task": RECORD,
    "suggestion": RECORD,
    "judgement": RECORD,
    "judgement_round": RECORD,
    "condition": RECORD,
    "alignment": RECORD,
    "alignment_review": RECORD,
    "evidence": RECORD,
    "requirement": RECORD,
    "indicator": RECORD,
    "measurement": RECORD,
    "case_note": RECORD,
    "expert_invitation": RECORD,
    "support_request": RECORD,
    "replication": RECORD,
    "offered_change": RECORD,
    "initiative_relation": RECORD,
    "dismissed_hint": RECORD,
    "workshop": "what an evening was, for what came out of it",
    "workshop_table": "what an evening was, for what came out of it",
    "workshop_facilitator": "what an evening was, for what came out of it",
    "workshop_document": "what an evening was, for what came out of it",
    "dot": "what an evening was, for what came out of it",
    "note_idea": "what an evening was, for what came out of it",
    "workshop_idea": "what an evening was, for what came out of it",
    "harvest": "what an evening was, for what came out of it",
    "harvest_point": "what an evening was, for what came out of it",
    "attendance": "who was there, for whose words it is; names go with an erasure",
    "guest": "says that a person has no account, and who has claimed what he did",
    "event": "the public log of ideas, and what readers have not seen yet",
    "stage_change": OFFICIAL,
    "responsibility": OFFICIAL,
    "role_term": OFFICIAL,
    "commitment": OFFICIAL,
    "renewal": OFFICIAL,
    "recognition": OFFICIAL,
    "measure": OFFICIAL,
    "central_measure": OFFICIAL,
    "central_link": OFFICIAL,
    "catalogue_version": OFFICIAL,
    "organisation": OFFICIAL,
    "audit_entry": OFFICIAL,
    "audit_key": "opens what is sealed in an audit entry, until its person is erased",
    "report_case": "what moderators decided, for statements of reasons and figures",
    "report": "the same; the reporter's address goes with the answer, after 90 days at most",
    "hiding": "what moderators decided, for statements of reasons and figures",
    "erasure": "what must be erased again after a backup is restored",
    "webhook": "until an operator removes it",
    "statement_told": DERIVED,
    "stall_told": DERIVED,
    "idea_text": DERIVED,
    "idea_meaning": DERIVED,
    "initiative": "what exists already; replaced by each import",
    "initiative_word": DERIVED,
    "number_counter": TINY,
    "reference_counter": TINY,
    "watermark": TINY,
    "lease": TINY,
    "sweep": TINY,
    "installation": TINY,
    "schema_promise": TINY,
}
"""Tables that are not cleared by a period, and why."""
