"""When what has served was last cleared away."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class Sweep(Row, table=True):
    """A period of ``storage.retention.periods`` by name, and when it was last gone through."""

    __tablename__ = "sweep"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
