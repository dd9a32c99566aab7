"""Persons, their roles at the arena, organisations and who belongs to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from storage.tables.columns import Row, UTCDateTime, one_of

ACTOR_CLASSES = ("resident", "administration", "business", "science", "civil_society")
LANGUAGES = ("de", "en")


class Person(Row, table=True):
    """One human being or program with an account.

    An erased one keeps its id, so that what it decided stays somebody's, and nothing else.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("length(handle) BETWEEN 1 AND 64", name="handle"),
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
        CheckConstraint(one_of("language", LANGUAGES), name="language"),
    )

    id: UUID = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str
    email: str | None = Field(default=None, unique=True)
    password_hash: str | None = None
    language: str = "de"
    suspended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    suspended_reason: str | None = None
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)


class PersonRole(Row, table=True):
    """A role that a person holds everywhere in the arena."""

    __tablename__ = "person_role"
    __table_args__ = (CheckConstraint("length(role) BETWEEN 1 AND 64", name="role"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(primary_key=True)


class Organisation(Row, table=True):
    """A body that people can act for; elections change them, so they have validity dates.

    ``valid_to`` is the last day. ``source`` is the address by which an import knows it again,
    ``type_name`` what its chart calls it.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("actor_class", ACTOR_CLASSES), name="actor_class"),
        CheckConstraint("length(name) BETWEEN 1 AND 300", name="name"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        Index("ix_organisation_source", "source", unique=True),
    )

    id: UUID = Field(primary_key=True)
    name: str
    actor_class: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    short_name: str | None = None
    type_name: str | None = None
    source: str | None = None
    parent_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    successor_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    end_reason: str | None = None


class Affiliation(Row, table=True):
    """A person says to belong to an organisation; without ``confirmed_at`` it gives no rights.

    ``may_sign``: he may take on responsibility in its name and give it back.
    """

    __tablename__ = "affiliation"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    may_sign: bool = False
