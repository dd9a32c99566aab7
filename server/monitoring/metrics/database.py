"""The database as this process sees it."""

from __future__ import annotations

from prometheus_client import Counter

from server.monitoring.metrics.registry import REGISTRY, highest, summed

KINDS = ("read", "write")

transactions_open = summed(
    "arena_database_transactions_open", "Transactions that run, or wait.", ("kind",)
)
transactions_waiting = summed(
    "arena_database_transactions_waiting", "Transactions that wait for a connection."
)
connections_max = summed(
    "arena_database_connections_max", "Connections that the pools may open.", ("kind",)
)
transactions_total = Counter(
    "arena_database_transactions_total", "Transactions.", ["kind"], registry=REGISTRY
)
failures_total = Counter(
    "arena_database_failures_total",
    "Transactions that failed: the database was away, or refused a statement.",
    ["cause"],
    registry=REGISTRY,
)
database_away = highest("arena_database_away", "1 from a failure until something succeeds again.")

for _cause in ("away", "refused"):
    failures_total.labels(_cause)
