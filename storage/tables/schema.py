"""All tables at once: importing this module makes ``METADATA`` complete."""

from storage.tables import access, documents, erasures, events, ideas, people, stages, texts
from storage.tables.abuse import hidings, reports, slow
from storage.tables.cluster import installation, leases, promises, sweeps
from storage.tables.columns import METADATA
from storage.tables.experts import experts
from storage.tables.feasibility import judgements, rounds
from storage.tables.following import follows, mailing, marks, notices
from storage.tables.process import (
    audit,
    board,
    casefile,
    catalogues,
    commitments,
    initiatives,
    late,
    measures,
    responsibility,
    statements,
    support,
    terms,
)
from storage.tables.process.ties import alignment, districts, linking, merging
from storage.tables.similar import meanings
from storage.tables.suggestions import suggestions
from storage.tables.talk import beside, comments, tasks
from storage.tables.versions import names
from storage.tables.webhooks import webhooks
from storage.tables.workshop import board as workshop_board
from storage.tables.workshop import harvest, workshops

__all__ = ["METADATA", "TABLE_MODULES"]

TABLE_MODULES = (
    people,
    access,
    documents,
    ideas,
    texts,
    stages,
    comments,
    judgements,
    rounds,
    events,
    erasures,
    responsibility,
    terms,
    audit,
    catalogues,
    initiatives,
    support,
    late,
    statements,
    board,
    commitments,
    measures,
    casefile,
    alignment,
    districts,
    linking,
    merging,
    notices,
    reports,
    hidings,
    slow,
    meanings,
    names,
    experts,
    beside,
    tasks,
    suggestions,
    follows,
    marks,
    mailing,
    installation,
    leases,
    sweeps,
    promises,
    webhooks,
    workshops,
    workshop_board,
    harvest,
)
