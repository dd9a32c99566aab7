"""Which older programs a schema still serves, so that they may go on while others are upgraded.

A migration that only adds lets everybody go on who could before it. One that takes something away
says since which revision no program needs it any more: ``serves = "0040"`` in its file. Programs
keep to it when they find a database that is newer than they are (ADR 0022).
"""

from typing import Final

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, select

from storage.tables.schema import METADATA

SINCE: Final = "0027"
"""Up to here every program wanted exactly its own revision."""

PROMISE = METADATA.tables["schema_promise"]


def promise_of(scripts: ScriptDirectory, revision: str) -> str:
    """The oldest revision whose program works on the tables of ``revision``."""
    path = [*scripts.walk_revisions("base", revision)][::-1]
    serves, is_promised = revision, False
    for script in path:
        if not is_promised:
            serves = script.revision
        serves = getattr(script.module, "serves", serves)
        is_promised = is_promised or script.revision == SINCE
    return serves


def promise(connection: Connection, scripts: ScriptDirectory, revision: str | None) -> None:
    """Write down what the database serves now that it is at ``revision``."""
    if revision is None or not inspect(connection).has_table(PROMISE.name):
        return
    connection.execute(delete(PROMISE))
    values = {"id": 1, "revision": revision, "serves": promise_of(scripts, revision)}
    connection.execute(insert(PROMISE).values(values))


def is_served(connection: Connection, scripts: ScriptDirectory, found: str) -> bool:
    """Whether a database at ``found``, which ``scripts`` do not know, serves their program."""
    if not inspect(connection).has_table(PROMISE.name):
        return False
    query = select(PROMISE.c.serves).where(PROMISE.c.revision == found)
    serves = connection.execute(query).scalar()
    return serves in {script.revision for script in scripts.walk_revisions()}
