"""Published versions of catalogues."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime


class CatalogueVersion(Row, table=True):
    """A version that the coordination office published; never changed, only followed.

    ``data`` is what a catalogue file holds. ``by`` is None where the operator published it.
    """

    __tablename__ = "catalogue_version"
    __table_args__ = (
        CheckConstraint("length(catalogue_id) BETWEEN 1 AND 64", name="catalogue_id"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("length(reason) BETWEEN 1 AND 2000", name="reason"),
    )

    catalogue_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    data: dict[str, Any] = Field(sa_type=Json)
    reason: str
    by: UUID | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    valid_from: date
