"""The sockets: how many, what comes and goes over them, how they end."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter

from server.monitoring.metrics.registry import REGISTRY, summed

PROTOCOLS: Final = ("hocuspocus", "y-websocket", "live")
KINDS: Final = ("writer", "observer", "page")
CLOSE_CODES: Final = frozenset(
    {1000, 1001, 1002, 1007, 1008, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4404, 4409}
)
DENIALS: Final = frozenset(
    {
        "absent-document",
        "forbidden",
        "room-full",
        "sign-in",
        "stale-document",
        "suspended",
        "too-many-documents",
        "try-again",
        "unreadable-document",
    }
)
OTHER: Final = "other"

connections = summed("arena_connections", "Open sockets.", ("protocol",))
sessions = summed(
    "arena_sessions",
    "Seats in rooms, of writers and observers, and pages that listen.",
    ("protocol", "kind"),
)
received_bytes_total = Counter(
    "arena_socket_received_bytes_total", "Bytes that came over sockets.", registry=REGISTRY
)
sent_bytes_total = Counter(
    "arena_socket_sent_bytes_total", "Bytes that went over sockets.", registry=REGISTRY
)
messages_total = Counter(
    "arena_messages_total", "Messages that came for documents.", registry=REGISTRY
)
presence_total = Counter(
    "arena_presence_messages_total", "Messages about who is where.", registry=REGISTRY
)
live_topics_total = Counter(
    "arena_live_topics_total", "Topics that pages were told of.", registry=REGISTRY
)
paced_total = Counter(
    "arena_paced_total", "Times that a socket was not read for a while.", registry=REGISTRY
)
closes_total = Counter(
    "arena_socket_closes_total",
    "Ends of sockets: by our close code, by the peer, or lost without a word.",
    ["code"],
    registry=REGISTRY,
)
denials_total = Counter(
    "arena_denials_total", "Seats that were not given.", ["reason"], registry=REGISTRY
)
slow_readers_total = Counter(
    "arena_slow_readers_total",
    "Peers that did not take what waited for them: behind, or sent away for it.",
    ["outcome"],
    registry=REGISTRY,
)

for _code in (*map(str, sorted(CLOSE_CODES)), OTHER, "peer", "lost"):
    closes_total.labels(_code)
for _reason in (*sorted(DENIALS), OTHER):
    denials_total.labels(_reason)
for _outcome in ("behind", "sent-away"):
    slow_readers_total.labels(_outcome)


def closed(code: int) -> None:
    """We have closed a socket."""
    closes_total.labels(str(code) if code in CLOSE_CODES else OTHER).inc()


def denied(reason: str) -> None:
    """Somebody got no seat."""
    denials_total.labels(reason if reason in DENIALS else OTHER).inc()
