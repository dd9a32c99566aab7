"""All jobs of the clock, in the order in which they are looked at."""

from typing import Final

from server.actions.experts.invitations import lapse
from server.actions.feasibility.rounds import end_round
from server.actions.feasibility.telling import tell_of_changes, to_compare
from server.actions.measures.renewals import open_renewal, unrenewed
from server.actions.responsibility.endings import expire
from server.actions.responsibility.terms import follow_clock
from server.actions.support.requests import escalate
from server.clock.job import Job
from storage.experts import invitations
from storage.feasibility import rounds
from storage.process import responsibility, support, terms

JOBS: Final[tuple[Job, ...]] = (
    Job("role-begins-or-ends", terms.due, follow_clock),
    Job("offer-expires", responsibility.overdue, expire),
    Job("support-escalates", support.overdue, escalate),
    Job("invitation-lapses", invitations.overdue, lapse),
    Job("commitment-renewal", unrenewed, open_renewal),
    Job("judging-round-ends", rounds.over, end_round),
    Job("judged-text-changed", to_compare, tell_of_changes),
)
