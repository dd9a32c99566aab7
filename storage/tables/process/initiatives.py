"""Existing initiatives, the words they are found by, and what ideas have to do with them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlmodel import Field

from storage.tables.columns import Json, Row, UTCDateTime, one_of

RELATIONS = ("complements", "builds_on", "competes", "replaces")

# Beginnings of words are found as a range, which needs an order that knows no language.
Stem = String().with_variant(String(collation="C"), "postgresql")


class Initiative(Row, table=True):
    """Something that exists already, as it was imported last."""

    __tablename__ = "initiative"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 300", name="name"),
        Index("ix_initiative_name", "name", "id"),
    )

    id: UUID = Field(primary_key=True)
    source: str = Field(unique=True)
    name: str
    abstract: str
    text: str
    url: str
    repository: str
    licence: str
    tags: list[str] = Field(sa_type=Json)
    run_by: list[str] = Field(sa_type=Json)
    backed_by: list[str] = Field(sa_type=Json)
    since: date | None = None
    updated_at: datetime = Field(sa_type=UTCDateTime)


class InitiativeWord(Row, table=True):
    """A stem of an initiative; ``backwards`` finds it by its end."""

    __tablename__ = "initiative_word"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 1 AND 12", name="weight"),
        Index("ix_initiative_word_stem", "stem", "initiative_id", "weight"),
        Index("ix_initiative_word_backwards", "backwards", "stem"),
    )

    initiative_id: UUID = Field(foreign_key="initiative.id", primary_key=True)
    stem: str = Field(primary_key=True, sa_type=Stem)
    backwards: str = Field(sa_type=Stem)
    weight: int


class InitiativeRelation(Row, table=True):
    """What somebody said an initiative is to the idea; the last word counts."""

    __tablename__ = "initiative_relation"
    __table_args__ = (
        CheckConstraint(one_of("kind", RELATIONS), name="kind"),
        CheckConstraint("length(note) <= 2000", name="note"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    initiative_id: UUID = Field(foreign_key="initiative.id", primary_key=True, index=True)
    kind: str
    note: str
    by: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
