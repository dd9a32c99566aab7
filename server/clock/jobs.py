"""All jobs of the clock, in the order in which they are looked at."""

from typing import Final

from server.actions.abuse.answers import answer, forget, to_forget
from server.actions.abuse.slow import expire as expire_slow_mode
from server.actions.experts.invitations import lapse
from server.actions.feasibility.rounds import end_round
from server.actions.feasibility.telling import tell_of_changes, to_compare
from server.actions.measures.renewals import open_renewal, unrenewed
from server.actions.responsibility.endings import expire
from server.actions.responsibility.terms import follow_clock
from server.actions.similar.keeping import compares_meanings, keep
from server.actions.support.requests import escalate
from server.actions.workshop.board.silent import bring_silent
from server.actions.workshop.doors import expired, leave_ideas
from server.clock.following import hearing, leaving
from server.clock.job import Job
from server.clock.upkeep import clearing, compaction
from server.webhooks import delivering
from storage.abuse import reports, slow
from storage.experts import invitations
from storage.feasibility import rounds
from storage.following import mailing, searches
from storage.log.compaction import cuttable
from storage.process import responsibility, support, terms
from storage.retention import clearing as retention
from storage.similar import meanings
from storage.webhooks import deliveries, subscriptions
from storage.workshop import silent

JOBS: Final[tuple[Job, ...]] = (
    Job("role-begins-or-ends", terms.due, follow_clock),
    Job("offer-expires", responsibility.overdue, expire),
    Job("support-escalates", support.overdue, escalate),
    Job("invitation-lapses", invitations.overdue, lapse),
    Job("commitment-renewal", unrenewed, open_renewal),
    Job("judging-round-ends", rounds.over, end_round),
    Job("judged-text-changed", to_compare, tell_of_changes),
    Job("idea-stands-still", hearing.stalled, hearing.tell_stall),
    Job("followers-hear", hearing.unheard, hearing.hear),
    Job("search-alerts", searches.due, hearing.alert),
    Job("notices-are-bundled", leaving.addressed, leaving.bundle),
    Job("digest-is-made", leaving.wanting_digest, leaving.make_digest),
    Job("slow-mode-ends", slow.over, expire_slow_mode),
    Job("idea-meaning", meanings.due, keep, compares_meanings),
    Job("silent-notes-come", silent.left_over, bring_silent),
    Job("report-address-goes", to_forget, forget),
    Job("workshop-expires", expired, leave_ideas),
)

MAIL_JOBS: Final[tuple[Job, ...]] = (
    Job("mail-leaves", mailing.due, leaving.leave),
    Job("report-answer", reports.to_answer, answer),
)
"""Looked at apart from the others, which must not wait for a mail server."""

WEBHOOK_JOBS: Final[tuple[Job, ...]] = (
    Job("webhook-has-news", subscriptions.behind, delivering.make),
    Job("webhook-leaves", deliveries.due, delivering.leave, at_once=delivering.AT_ONCE),
)
"""Apart from the others as well, which must not wait for other systems."""

UPKEEP_JOBS: Final[tuple[Job, ...]] = (
    Job("text-is-compacted", compaction.due, compaction.compact, rest=compaction.REST),
    Job(
        "log-is-cut",
        cuttable,
        compaction.cut,
        wanted=compaction.cuts_logs,
        ago=compaction.log_age,
        rest=compaction.REST,
    ),
    Job("what-has-served-goes", retention.due, clearing.clear),
)
"""Apart, because a large text takes its time."""
