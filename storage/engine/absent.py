"""Not asking for what is not there: most ideas have no merge, no round, no commitment.

A page of an idea shows thirty things, each out of a table of its own, and asking thirty times costs
more than all answers. So it asks once ahead, in one question, in which of the tables the idea is
named at all (``look_ahead``). In the same reading transaction, which sees one moment, a query that
is ``only_where_named`` then knows its answer where it is not. Nothing is kept beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, select

from storage.tables.schema import METADATA

if TYPE_CHECKING:
    from storage.database import Transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

Query = Callable[Concatenate["Transaction", UUID, Asked], Coroutine[Any, Any, Answer]]

Absent = set[tuple[str, UUID]]
"""Columns (``table.column``), and whom they do not name."""

_columns: Final[set[str]] = set()
_queries: Final[list[tuple[Callable[..., Any], Callable[[], Any]]]] = []


def only_where_named(
    *columns: str, nothing: Callable[[], Any]
) -> Callable[[Query[Asked, Answer]], Query[Asked, Answer]]:
    """A query that finds ``nothing`` unless one of the columns names its first argument.

    They refer to ideas, or are called ``document_id``; each has an index that begins with it.
    """
    _columns.update(columns)

    def asking(query: Query[Asked, Answer]) -> Query[Asked, Answer]:
        _queries.append((query, nothing))

        @wraps(query)
        async def ask(
            tx: Transaction, of: UUID, /, *given: Asked.args, **named: Asked.kwargs
        ) -> Answer:
            if tx.absent and all((column, of) in tx.absent for column in columns):
                found: Answer = nothing()
                return found
            return await query(tx, of, *given, **named)

        return ask

    return asking


def columns() -> list[str]:
    """All that is looked at ahead."""
    return sorted(_columns)


def queries() -> list[tuple[Callable[..., Any], Callable[[], Any]]]:
    """The queries as they ask the database, each with what it finds where nothing is."""
    return list(_queries)


async def look_ahead(tx: Transaction, idea_id: UUID, document_id: UUID) -> None:
    """Learn where an idea and its document are not named; a writer has to ask each time."""
    if tx.answers is None:
        return
    of = {"idea": idea_id, "document": document_id}
    row = (await tx.run(_question(len(_columns)), of)).one()
    found = zip(columns(), row, strict=True)
    tx.absent = {(column, of[_target(column)]) for column, is_named in found if not is_named}


@cache
def _question(_count: int) -> Select[Any]:
    """Anew when a module with more columns was loaded."""
    return select(*(_is_named(column) for column in columns()))


def _is_named(name: str) -> Any:
    column = _column(name)
    wanted = bindparam(_target(name), type_=column.type)
    return exists().where(column == wanted).label(name.replace(".", "_"))


def _target(name: str) -> str:
    """What the column refers to."""
    return "document" if name.endswith(".document_id") else "idea"


def _column(name: str) -> Any:
    table, _, column = name.partition(".")
    return METADATA.tables[table].c[column]
