"""Taking a measure over: on which terms, and which replicas count for its origin.

Anybody whom another organisation than the leading one has confirmed may take over a measure that
has a complete transfer kit. It becomes a proposal of its own, with a way of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.errors import Conflict
from collab.process.evidence import load_evidence

KIT: Final = "transfer_kit"


@dataclass(frozen=True, slots=True)
class Terms:
    """How the parts may be used, and who is to be named; in the words of the transfer kit."""

    licence: str
    licence_label: str
    credit: str


@dataclass(frozen=True, slots=True)
class Replica:
    """What counts about one replica; ``is_over``: it ended beside the way, or is not public."""

    is_measure: bool
    is_public: bool
    is_over: bool
    lead: UUID | None


def check_origin(*, is_measure: bool, kit: Mapping[str, str]) -> Terms:
    """The terms on which a case can be taken over.

    Raises:
        Conflict: (not-a-measure) it is none; (no-transfer-kit) ``missing`` names the fields.
    """
    if not is_measure:
        raise Conflict("not-a-measure")
    kind = load_evidence().kind(KIT)
    missing = sorted(field for field in kind.required if not kit.get(field))
    if missing:
        raise Conflict("no-transfer-kit", missing=missing)
    return Terms(kit["licence"], licence_label(kit["licence"]), kit["credit"])


def licence_label(licence: str) -> str:
    """The licence as people call it; German, as the texts are."""
    kind = load_evidence().kind(KIT)
    choices = next(field.choices for field in kind.fields if field.id == "licence")
    return next(choice.label.de for choice in choices if choice.id == licence)


def credit_line(terms: Terms, *, title: str, ref: str, version: str) -> str:
    """The line below a text that was taken over; German, as the texts are."""
    return (
        f"Übernommen aus „{title}“ ({ref}, Textstand {version}). "
        f"Namensnennung: {terms.credit}. Lizenz: {terms.licence_label}."
    )


def counts(replica: Replica, origin_lead: UUID | None) -> bool:
    """Whether the origin counts as taken over by this replica.

    It does once the replica has become a measure, and before that as long as it is public, has not
    ended, and is led by another organisation than the origin: a draft, or a case that nobody
    answers for, replicates nothing yet.
    """
    if replica.is_measure:
        return True
    is_alive = replica.is_public and not replica.is_over
    return is_alive and replica.lead is not None and replica.lead != origin_lead
