"""The log: JSON lines in production, readable lines in development; one line per request.

Never in the log: secrets, query strings, bodies, addresses of people. Requests are named by the
pattern of their route, because paths of one-use links contain secrets.
"""

import logging
import sys
from typing import Any

import structlog

from server.settings import Settings
from storage.database import StorageUnavailable


def configure_log(settings: Settings) -> None:
    """Send structlog's and the libraries' lines to stderr in the form the settings ask for."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
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
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # Uvicorn's access log has query strings in it; ours has not.
    logging.getLogger("uvicorn.access").disabled = True
    # Its other log names each socket with the query string, where one-use tickets are.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # Alembic tells at every look which kind of database it sees.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It names each URL, and those of webhooks may be secrets.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


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
        return [remove, structlog.processors.format_exc_info, render]
    # The default would print the local variables of every frame, secrets among them.
    plain = structlog.dev.plain_traceback
    colors = sys.stderr.isatty()
    return [remove, structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]
