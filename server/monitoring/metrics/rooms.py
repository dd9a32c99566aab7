"""The rooms: what is written in them, how long it takes, what goes wrong."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from collab.sync.refusals import RefusalReason
from server.monitoring.metrics.hot import ACKNOWLEDGEMENTS, COMMITS, GROUPS
from server.monitoring.metrics.registry import REGISTRY, Bulk, highest, summed

STATES = ("loading", "open")

rooms = summed("arena_rooms", "Rooms of live documents.", ("state",))
room_failures_total = Counter(
    "arena_room_failures_total",
    "Rooms that could not be opened or had to close.",
    ["when"],
    registry=REGISTRY,
)
load_seconds = Histogram(
    "arena_room_load_seconds",
    "Time to read a document from the database.",
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
turns_total = Counter("arena_turns_total", "Turns of rooms that were committed.", registry=REGISTRY)
updates_total = Counter("arena_updates_total", "Rows added to the log.", registry=REGISTRY)
acknowledged_total = Counter(
    "arena_acknowledged_frames_total", "Frames that are durable.", registry=REGISTRY
)
acknowledgement_seconds = Bulk(
    "arena_acknowledgement_seconds",
    "From a client's oldest unanswered frame to its acknowledgement.",
    buckets=ACKNOWLEDGEMENTS.bounds,
    registry=REGISTRY,
)
commit_seconds = Bulk(
    "arena_commit_seconds",
    "From the moment a room hands a turn in until it is durable.",
    buckets=COMMITS.bounds,
    registry=REGISTRY,
)
commit_group_documents = Bulk(
    "arena_commit_group_documents",
    "Documents that are committed in one transaction.",
    buckets=GROUPS.bounds,
    registry=REGISTRY,
)
commit_failures_total = Counter(
    "arena_commit_failures_total", "Turns that could not be committed.", registry=REGISTRY
)
conflicts_total = Counter(
    "arena_conflicts_total",
    "Turns that came second: the log had moved, or a client id was somebody else's.",
    registry=REGISTRY,
)
CATCH_UPS = ("conflict", "told", "log", "unsound", "slow-reader")
catch_ups_total = Counter(
    "arena_catch_ups_total",
    "What an open room took in: anew after a conflict; what others wrote, as it was told or from"
    " the log; what was not told as it was sent; or what a slow reader has missed.",
    ["kind"],
    registry=REGISTRY,
)
refusals_total = Counter(
    "arena_refusals_total", "Frames that were refused.", ["reason"], registry=REGISTRY
)
late_texts_total = Counter(
    "arena_late_texts_total", "Late text, by what became of it.", ["outcome"], registry=REGISTRY
)
quarantined_updates = highest("arena_quarantined_updates", "Updates that are kept apart.")
suspect_documents = highest(
    "arena_suspect_documents", "Documents that wait for a trial or an operator."
)

for _when in ("opening", "open"):
    room_failures_total.labels(_when)
for _kind in CATCH_UPS:
    catch_ups_total.labels(_kind)
for _outcome in ("kept", "full", "applied", "set-aside"):
    late_texts_total.labels(_outcome)
_refused = {reason: refusals_total.labels(reason.value) for reason in RefusalReason}


def refused(reason: RefusalReason) -> None:
    """A frame was refused."""
    _refused[reason].inc()
