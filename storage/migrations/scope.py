"""What Alembic compares: all but the search indexes, which the migrations make by hand."""

from typing import Any

SEARCH_PREFIX = "search_"


def include_object(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether SQLAlchemy can describe this object on both engines."""
    return not (name or "").startswith(SEARCH_PREFIX)
