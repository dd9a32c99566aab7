"""The numbers: there for what happens, few, and about nobody."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from collab.sync.refusals import RefusalReason
from server.clock.jobs import JOBS
from server.clock.runner import APART, LEASE
from server.monitoring.metrics import database, jobs, rooms, sockets
from server.monitoring.metrics.hot import Timing
from server.monitoring.metrics.registry import Bulk, process_ended
from server.monitoring.version import VERSION
from server.routes import build_routes
from tests.server.monitoring.busy import Busy
from tests.sources import ROOT

FAMILIES_MAX = 90
SAMPLES_MAX = 20_000

NUMBER = re.compile(r"^(\d+(\.\d+)?(e[+-]\d+)?|\+Inf)$")


ALLOWED = {
    "method": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"},
    "protocol": set(sockets.PROTOCOLS),
    "kind": {*sockets.KINDS, *database.KINDS, "mail", "webhook", *rooms.CATCH_UPS},
    "state": set(rooms.STATES),
    "when": {"opening", "open"},
    "code": {*map(str, sockets.CLOSE_CODES), sockets.OTHER, "peer", "lost"},
    "reason": {*sockets.DENIALS, sockets.OTHER, *(each.value for each in RefusalReason)},
    "cause": {"away", "refused"},
    "outcome": {
        *jobs.OUTCOMES,
        "ok",
        "behind",
        "sent-away",
        "kept",
        "full",
        "applied",
        "set-aside",
    },
    "job": {each.name for jobs in (JOBS, *APART.values()) for each in jobs},
    "lease": {LEASE},
}


def is_allowed(label: str, value: str) -> bool:
    """The value belongs to a set that is written in the source."""
    match label:
        case "le" | "status":
            return bool(NUMBER.match(value))
        case "route":
            return value in patterns()
        case "version":
            return value == VERSION
        case "schema":
            return value.isdigit()
        case _:
            return value in ALLOWED[label]


def patterns() -> set[str]:
    """The patterns of all routes; ``none`` is what fits none of them."""
    return {"none", *(str(getattr(route, "path", "")) for route in build_routes())}


async def test_t50_labels_are_small_fixed_sets(busy: Busy) -> None:
    wrong = [
        (sample.name, label, value)
        for family in busy.metrics.values()
        for sample in family.samples
        for label, value in sample.labels.items()
        if not is_allowed(label, value)
    ]
    assert not wrong


async def test_t50_nothing_personal_is_in_the_numbers(busy: Busy) -> None:
    assert not [each for each in busy.personal if f'"{each}"' in busy.text]
    assert not [each for each in busy.personal if len(each) > 11 and each in busy.text]


async def test_t50_the_numbers_stay_few(busy: Busy) -> None:
    assert len(busy.metrics) <= FAMILIES_MAX
    assert sum(len(family.samples) for family in busy.metrics.values()) <= SAMPLES_MAX


async def test_t51_what_happened_is_counted(busy: Busy) -> None:
    value = busy.value
    assert value("arena_turns_total") >= 2
    assert value("arena_updates_total") >= value("arena_turns_total")
    assert value("arena_acknowledged_frames_total") >= 3
    assert value("arena_acknowledgement_seconds_count") >= 3
    assert value("arena_commit_seconds_count") == value("arena_turns_total")
    assert value("arena_commit_group_documents_sum") >= value("arena_turns_total")
    assert value("arena_socket_received_bytes_total") > 100
    assert value("arena_socket_sent_bytes_total") > 100
    assert value("arena_messages_total") >= 5
    assert value("arena_presence_messages_total") >= 1
    assert value("arena_refusals_total", reason="read-only") == 1
    assert value("arena_socket_closes_total", code="1007") == 1
    assert value("arena_denials_total", reason="absent-document") == 1
    assert value("arena_mails_total", outcome="failed") >= 1
    assert value("arena_sign_ins_total", outcome="refused") == 1
    assert value("arena_lease_held") == 1
    assert value("arena_rooms", state="open") >= 1
    assert value("arena_database_transactions_total", kind="write") > 1
    assert value("process_resident_memory_bytes") > 10_000_000
    assert value("arena_build_info") == 1
    assert value("arena_event_loop_lag_seconds_count") >= 1
    assert value("arena_job_seconds_count", job="followers-hear") >= 1


async def test_t51_readiness_has_one_word_for_each_part(busy: Busy) -> None:
    assert busy.ready == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "clock": "ok",
        "relay": "none",
        "suspect_documents": 0,
        "quarantined_updates": 0,
    }


def test_t51_plain_counts_arrive_as_if_each_had_been_observed() -> None:
    timing, histogram = Timing((1.0, 2.0)), Bulk("sizes", "Sizes.", buckets=(1, 2), registry=None)
    for value in (0.5, 1.0, 1.5, 7.0):
        timing.note(value)
    histogram.add(*timing.take())
    histogram.add(*timing.take())
    (family,) = histogram.collect()
    found = {(each.name, each.labels.get("le", "")): each.value for each in family.samples}
    assert found == {
        ("sizes_bucket", "1.0"): 2,
        ("sizes_bucket", "2.0"): 3,
        ("sizes_bucket", "+Inf"): 4,
        ("sizes_count", ""): 4,
        ("sizes_sum", ""): 10.0,
    }


WORKER = """
import sys
from server.monitoring.metrics import process, relay, rooms
from server.monitoring.metrics.registry import written
process.processes.set(1)
rooms.turns_total.inc(int(sys.argv[1]))
rooms.rooms.labels("open").set(int(sys.argv[1]))
rooms.commit_seconds.add([0] * 11 + [int(sys.argv[1]), 0], 2.0 * int(sys.argv[1]))
relay.relay_connected.set(int(sys.argv[1]) > 2)
print(__import__("os").getpid(), file=sys.stderr)
sys.stdout.write(written().decode())
"""


def asked(folder: Path, amount: int) -> tuple[int, dict[str, float]]:
    """The process id of a worker that has counted so much, and what it answers for all."""
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(amount)],
        cwd=ROOT,
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    samples = {
        f"{each.name}{json.dumps(each.labels) if each.labels else ''}": each.value
        for family in text_string_to_metric_families(done.stdout)
        for each in family.samples
    }
    return int(done.stderr.split()[-1]), samples


def test_t52_whichever_of_several_processes_is_asked_answers_for_all(tmp_path: Path) -> None:
    folder = tmp_path
    first, _ = asked(folder, 2)
    second, both = asked(folder, 3)
    assert both["arena_turns_total"] == 5
    assert both['arena_rooms{"state": "open"}'] == 5
    assert both["arena_processes"] == 2
    assert both["arena_commit_seconds_count"] == 5
    assert both["arena_commit_seconds_sum"] == 10.0
    assert both["arena_relay_connected"] == 0
    process_ended(first, folder)
    process_ended(second, folder)
    _, after = asked(folder, 4)
    assert after["arena_turns_total"] == 9, "what the dead have counted stays counted"
    assert after['arena_rooms{"state": "open"}'] == 4
    assert after["arena_processes"] == 1
