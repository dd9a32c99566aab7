"""The log tells what happened and nothing that must stay secret."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from server.monitoring.log import OWN, configure_log
from server.settings import load_settings
from tests.server.running import running


@pytest.fixture(autouse=True)
def configuration_is_put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for package in OWN:
        logging.getLogger(package).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def lines(printed: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in printed.splitlines()]


async def test_requests_are_logged_by_their_route_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path) as arena:
        configure_log(load_settings(log_format="json"))
        await arena.client.get("/invitation/geheimes-wort?ticket=geheimes-ticket")
        await arena.client.get("/ideas/2026-00001", headers={"Authorization": "Bearer geheim-1"})
    # The test's own client logs what it asks for.
    printed = "".join(
        line for line in capsys.readouterr().err.splitlines(True) if '"httpx2"' not in line
    )
    assert "geheim" not in printed
    requests = [line for line in lines(printed) if line["event"] == "request"]
    assert (requests[0]["route"], requests[0]["status"]) == ("/invitation/{secret}", 404)
    assert requests[0]["request"]


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_values(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_log(load_settings(log_format=form))

    def fail(password: str) -> None:
        raise RuntimeError("kaputt")

    try:
        fail("hunter" + "2")
    except RuntimeError as error:
        structlog.get_logger("test").error("request_failed", exc_info=error)
    printed = capsys.readouterr().err
    assert "kaputt" in printed
    assert "hunter2" not in printed
