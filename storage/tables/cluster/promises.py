"""What older programs the tables of this database still serve (ADR 0022)."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Row

_GIVEN = {"autoincrement": False}


class SchemaPromise(Row, table=True):
    """One row, written by who migrates: programs that need ``serves`` or later work here.

    It counts only while the database is at ``revision``.
    """

    __tablename__ = "schema_promise"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs=_GIVEN)
    revision: str
    serves: str
