"""All jobs of the clock, in the order in which they are looked at."""

from typing import Final

from server.actions.responsibility.endings import expire
from server.clock.job import Job
from storage.process import responsibility

JOBS: Final[tuple[Job, ...]] = (Job("offer-expires", responsibility.overdue, expire),)
