"""The processes themselves: what they are, what they take, and whether they keep up."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from server.monitoring.metrics.registry import REGISTRY, highest, lowest, summed

build_info = highest("arena_build_info", "What runs here; always 1.", ("version", "schema"))
processes = summed("arena_processes", "Processes that answer together.")
draining = highest("arena_draining", "1 while a process ends and takes nobody in.")
loop_lag_seconds = Histogram(
    "arena_event_loop_lag_seconds",
    "How much later than asked for the event loop came to a task.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
    registry=REGISTRY,
)
cpu_seconds_total = Counter("process_cpu_seconds_total", "Processor time.", registry=REGISTRY)
OF_SYSTEM = {
    "process_resident_memory_bytes": summed("process_resident_memory_bytes", "Resident memory."),
    "process_open_fds": summed("process_open_fds", "Open file descriptors."),
    "process_max_fds": summed("process_max_fds", "File descriptors that may be open."),
    "process_start_time_seconds": lowest(
        "process_start_time_seconds", "When the oldest process started."
    ),
}
"""The usual names, so that the usual dashboards find them."""
