"""Which Arena this database is."""

from uuid import UUID

from sqlmodel import Field

from storage.tables.columns import Row


class Installation(Row, table=True):
    """One row: the id that this database got when it was made, and keeps in every copy."""

    __tablename__ = "installation"

    id: UUID = Field(primary_key=True)
