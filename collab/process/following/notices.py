"""Why a fact is addressed to a person himself, besides whoever follows the idea."""

from enum import StrEnum


class NoticeReason(StrEnum):
    """The one reason for which a person is told of an event."""

    MENTIONED = "mentioned"  # somebody named him in a comment
    REPLIED = "replied"  # an answer in a thread he began or spoke in
    ASSIGNED = "assigned"  # a task is his
    INVITED = "invited"  # his expertise is asked for
    SUGGESTION = "suggestion"  # what he suggested was accepted or declined
    JUDGED_TEXT_CHANGED = "judged_text_changed"  # what he judged reads otherwise now
    CONDITION = "condition"  # a condition he set was met or accepted
    HIDDEN = "hidden"  # something he wrote was hidden, or is shown again
    REPORT = "report"  # what he reported was decided
    APPEAL = "appeal"  # his appeal was decided
    STALLED = "stalled"  # an idea he follows stands still
    LEAD_GIVEN_BACK = "lead_given_back"  # an idea he follows looks for a lead again
    MERGE_ASKED = "merge_asked"  # he is asked whether two ideas may be joined
    MERGE_ANSWERED = "merge_answered"  # somebody has answered to what he proposed
    MERGED = "merged"  # an idea that he wrote or spoke at is part of another one now
    JUDGEMENT_MOVED = "judgement_moved"  # what he judged went into another idea
    SEARCH_ALERT = "search_alert"  # an idea fits a search he saved
