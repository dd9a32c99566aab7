"""What several processes need that one does not; whoever starts them without is told why."""

import os

from server.settings import Misconfigured, Settings

WORKERS_MAX = 64


def require_for_many(settings: Settings, count: int) -> None:
    """Return if ``count`` workers can be what one process is.

    Raises:
        Misconfigured: with a sentence for everything that is missing.
    """
    lines: list[str] = []
    if not 2 <= count <= WORKERS_MAX:
        lines.append(f"--workers must be 1 to {WORKERS_MAX}; {count} is not.")
    if os.name != "posix":
        lines.append("--workers needs a system on which a process can hand down its socket.")
    if not settings.redis_url:
        lines.append(
            f"--workers {count} needs ARENA_REDIS_URL, for instance redis://127.0.0.1:6379/0: over "
            "Redis or Valkey the workers tell each other what was written and who is there."
        )
    if settings.database_url.startswith("sqlite"):
        lines.append(
            f"--workers {count} needs PostgreSQL, for instance "
            "ARENA_DATABASE_URL=postgresql://arena:password@127.0.0.1/arena: "
            "a SQLite file lets one process write at a time."
        )
    if lines:
        raise Misconfigured("\n".join(lines))
