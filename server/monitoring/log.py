"""The log: JSON lines in production, readable lines in development; one line per request.

Never in the log: secrets, query strings, bodies, names and addresses of people. Requests are
named by the pattern of their route, because paths of one-use links contain secrets. Errors are
written without the values in them (``withheld``), and what repeats is bounded (``repeats``).
"""

import logging
import os
import socket
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from server.monitoring.repeats import Repeats
from server.monitoring.withheld import trace_without_values
from server.settings import Settings
from storage.database import StorageUnavailable

OWN = ("arena", "server", "storage", "collab", "web")
"""The loggers of this program."""


def configure_log_of_command() -> None:
    """Warnings to stderr and nothing else: what a command prints is its result."""
    structlog.configure(
        # Found anew for each line: whoever runs commands may put another stderr in its place.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=False,
    )


def configure_log(settings: Settings) -> None:
    """Send structlog's and the libraries' lines to stderr in the form the settings ask for."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _Node(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_ends(settings))
    )
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = settings.log_level.upper()
    # Libraries tell only what is wrong: drivers would write every statement with its values.
    root.setLevel("ERROR" if level == "ERROR" else "WARNING")
    for package in OWN:
        logging.getLogger(package).setLevel(level)
    # Uvicorn's access log has query strings in it; ours has not.
    logging.getLogger("uvicorn.access").disabled = True


def node_name() -> str:
    """Which process of which machine this is."""
    return f"{socket.gethostname()}:{os.getpid()}"


class _Node:
    """Adds which process says it."""

    def __init__(self) -> None:
        self._name = node_name()

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["node"] = self._name
        return event


def _first_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Asyncio tells of a failed task with the error's own words below; they are in the trace."""
    if event.get("logger") == "asyncio":
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def cause(error: BaseException) -> dict[str, Any]:
    """What to log of an error: its trace, but one sentence where only the database is away.

    Then everybody comes back and asks again, and the log may lie on the disk that is full.
    """
    if isinstance(error, StorageUnavailable):
        return {"reason": str(error)}
    return {"exc_info": error}


def _ends(settings: Settings) -> list[Any]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if settings.log_format == "json":
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
        return [remove, _first_line, trace_without_values, render]
    # The default would print the local variables of every frame, secrets among them.
    plain = structlog.dev.plain_traceback
    colors = sys.stderr.isatty()
    return [remove, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]
