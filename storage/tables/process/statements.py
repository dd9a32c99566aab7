"""Of which official acts those concerned have been told."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime


class StatementTold(Row, table=True):
    """An act whose statement of reasons was sent; the row is written first, so never twice."""

    __tablename__ = "statement_told"

    change_id: UUID = Field(foreign_key="stage_change.id", primary_key=True)
    told_at: datetime = Field(sa_type=UTCDateTime)
