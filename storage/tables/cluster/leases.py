"""Who of several processes does what only one shall do."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime


class Lease(Row, table=True):
    """A task that one process has until a moment; ``term`` grows whenever another takes it.

    ``until`` is in the past once the task was given back. The row stays, so that no term comes
    twice.
    """

    __tablename__ = "lease"
    __table_args__ = (CheckConstraint("term >= 1", name="term"),)

    name: str = Field(primary_key=True)
    holder: str
    term: int = Field(sa_type=BigId)
    since: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
