"""What happens by the clock, and what waits to leave."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from server.monitoring.metrics.registry import REGISTRY, highest, summed

OUTCOMES = ("sent", "failed", "given_up", "refused")

mails_total = Counter(
    "arena_mails_total",
    "Mails: sent, failed (one attempt), given up after the last attempt, or refused.",
    ["outcome"],
    registry=REGISTRY,
)
outbox_waiting = highest("arena_outbox_waiting", "What waits to leave.", ("kind",))
outbox_oldest_seconds = highest(
    "arena_outbox_oldest_seconds", "How long the oldest of it has been waiting.", ("kind",)
)
job_seconds = Histogram(
    "arena_job_seconds",
    "Time to look for what is due of a job and to do it.",
    ["job"],
    buckets=(0.005, 0.025, 0.1, 0.5, 1, 5, 30),
    registry=REGISTRY,
)
job_failures_total = Counter(
    "arena_job_failures_total", "Due things that could not be done.", ["job"], registry=REGISTRY
)
job_looked_at = highest(
    "arena_job_looked_timestamp_seconds", "When what is due was last looked for.", ("job",)
)
lease_held = summed("arena_lease_held", "1 where a process works for all.", ("lease",))

for _outcome in OUTCOMES:
    mails_total.labels(_outcome)
