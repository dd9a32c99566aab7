"""What goes over the broker between the nodes."""

from __future__ import annotations

from prometheus_client import Counter

from server.monitoring.metrics.registry import REGISTRY, lowest

relay_published_total = Counter(
    "arena_relay_published_total", "Messages handed to the broker.", registry=REGISTRY
)
relay_dropped_total = Counter(
    "arena_relay_dropped_total",
    "Messages that could not be handed to the broker; the others find out from the database.",
    registry=REGISTRY,
)
relay_garbled_total = Counter(
    "arena_relay_garbled_total", "Packets that no node of ours has sent.", registry=REGISTRY
)
relay_received_total = Counter(
    "arena_relay_received_total", "Messages that came from other nodes.", registry=REGISTRY
)
relay_applied_total = Counter(
    "arena_relay_applied_total",
    "Commits of other nodes that were taken from the message, without asking the database.",
    registry=REGISTRY,
)
relay_gaps_total = Counter(
    "arena_relay_gaps_total",
    "Messages that did not follow on what was known, so that the log was read.",
    registry=REGISTRY,
)
relay_reconnects_total = Counter(
    "arena_relay_reconnects_total",
    "Connections to the broker that had to be made anew.",
    registry=REGISTRY,
)
relay_configured = lowest("arena_relay_configured", "1 where ARENA_REDIS_URL names a broker.")
relay_connected = lowest("arena_relay_connected", "1 while the node hears the broker.")
