"""All parts of the page of an idea."""

from server.views.idea.casefile import (
    alignment_part,
    condition_part,
    finds_part,
    indicator_part,
    initiatives_part,
    lineage_part,
    links_part,
    logbook_part,
    replicas_part,
    requirement_part,
)
from server.views.idea.districts import districts_part
from server.views.idea.gathering import Part
from server.views.idea.since import since_part
from server.views.idea.slow import slow_part
from server.views.idea.state import (
    late_part,
    measure_part,
    moderation_part,
    next_part,
    people_part,
    responsibility_part,
    stage_part,
    support_part,
    text_part,
    timeline_part,
)
from server.views.idea.suggestions import suggestions_part
from server.views.idea.talk import judgement_part, orphan_part, talk_part, task_part
from server.views.workshop.bar import workshop_part
from server.views.workshop.harvest.origins import origins_part

WHOLE_PAGE: tuple[Part, ...] = (
    people_part,
    text_part,
    stage_part,
    districts_part,
    next_part,
    judgement_part,
    responsibility_part,
    support_part,
    condition_part,
    requirement_part,
    indicator_part,
    logbook_part,
    alignment_part,
    links_part,
    lineage_part,
    replicas_part,
    measure_part,
    moderation_part,
    initiatives_part,
    finds_part,
    late_part,
    suggestions_part,
    slow_part,
    talk_part,
    orphan_part,
    task_part,
    timeline_part,
    since_part,
    origins_part,
    workshop_part,
)
"""The people first: whom the other parts name is known then, and not asked for again."""
