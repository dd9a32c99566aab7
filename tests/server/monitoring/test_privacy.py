"""The log and the traces tell what happened, and nothing about anybody."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from server.monitoring.log import OWN, configure_log
from server.monitoring.repeats import BURST, EVENTS_MAX, WINDOW_S, Repeats
from server.settings import load_settings
from storage.database import StorageUnavailable
from tests.server.monitoring.busy import MARKED, Busy


@pytest.fixture
def put_back() -> Iterator[None]:
    """Afterwards the log is what it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for package in OWN:
        logging.getLogger(package).setLevel(logging.NOTSET)
    structlog.reset_defaults()


async def test_t53_nothing_personal_is_in_the_log(busy: Busy) -> None:
    assert busy.lines
    found = [
        (mark, line) for mark in busy.personal for line in busy.log.splitlines() if mark in line
    ]
    assert not found


async def test_t53_every_line_says_when_where_and_how_bad(busy: Busy) -> None:
    wanted = {"timestamp", "node", "level", "event", "logger"}
    assert not [line for line in busy.lines if not wanted <= set(line)]
    assert len({line["node"] for line in busy.lines}) == 1
    events = {line["event"] for line in busy.lines}
    assert {"request", "mail_not_sent"} <= events


async def test_t54_requests_and_what_they_cause_carry_one_id(busy: Busy) -> None:
    requests = [line for line in busy.lines if line["event"] == "request"]
    assert len({line["request"] for line in requests}) == len(requests)
    traced = [line["trace"] for line in busy.lines if "trace" in line]
    assert set(traced) <= {span.trace_id.hex() for span in busy.spans}


async def test_t57_traces_name_routes_actions_and_commits_and_nobody(busy: Busy) -> None:
    names = {span.name for span in busy.spans}
    assert "GET /ideas/{ref}" in names
    assert "commit" in names
    assert "action talk.comments.add_comment" in names, sorted(names)
    told = "\n".join(map(str, busy.spans))
    assert not [mark for mark in busy.personal if mark in told]
    by_id = {span.span_id: span for span in busy.spans}
    action = next(each for each in busy.spans if each.name == "action talk.comments.add_comment")
    assert by_id[action.parent_span_id].name == "POST /api/v1/ideas/{ref}/comments"


class Typed(BaseModel):
    age: int


def refused_by_parser() -> None:
    Typed.model_validate({"age": MARKED})


def refused_by_database() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"SELECT {MARKED}")
    finally:
        connection.close()


def not_found() -> None:
    dict[str, str]()[MARKED]


def in_a_chain() -> None:
    try:
        not_found()
    except KeyError as error:
        raise StorageUnavailable("No PostgreSQL answers.") from error


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        (refused_by_parser, "ValidationError"),
        (refused_by_database, "SQLITE_ERROR"),
        (not_found, "KeyError"),
        (in_a_chain, "No PostgreSQL answers."),
    ],
)
def test_t53_a_traceback_says_where_and_of_which_kind_but_no_values(
    fail: object, kind: str, put_back: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(fail)
    configure_log(load_settings(log_format="json"))
    try:
        fail()
    except (ValidationError, sqlite3.Error, KeyError, StorageUnavailable) as error:
        structlog.get_logger("test").error("it failed", exc_info=error)
    printed = capsys.readouterr().err
    line = next(each for each in printed.splitlines() if '"it failed"' in each)
    told = json.loads(line)["exception"]
    assert kind in told
    assert getattr(fail, "__name__", "") in told
    assert MARKED not in printed


def record(event: str, level: int = logging.ERROR) -> logging.LogRecord:
    return logging.LogRecord("arena", level, "", 1, {"event": event}, (), None)


def test_t55_what_repeats_is_written_a_few_times_a_minute_and_counted() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    passed = [repeats.filter(record("storage_unavailable")) for _ in range(BURST + 1_000)]
    assert sum(passed) == BURST
    assert repeats.filter(record("another")), "others are heard meanwhile"
    assert repeats.filter(record("request", logging.INFO))
    now[0] = WINDOW_S
    later = record("storage_unavailable")
    assert repeats.filter(later)
    assert isinstance(later.msg, dict)
    assert later.msg["left_out"] == 1_000


def test_t55_the_memory_of_what_repeats_is_bounded() -> None:
    repeats = Repeats(lambda: 0.0)
    for number in range(EVENTS_MAX * 2):
        repeats.filter(record(f"event {number}"))
    assert len(repeats._seen) == EVENTS_MAX
