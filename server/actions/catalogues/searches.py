"""Putting on record that a search found nothing: the evidence that a gate takes for a relation."""

from collab.errors import Invalid
from collab.process.actors import Actor
from collab.process.evidence import SEARCH
from server.actions.casefile.evidence import OnRecord, put_evidence, read_evidence
from server.actions.catalogues.today import today
from server.services import Services


async def note_search(services: Services, actor: Actor, ref: str, terms: str) -> OnRecord:
    """Note that somebody searched for ``terms`` today and found nothing.

    Raises:
        Invalid: nothing was said of what was searched for; or an act was grounded on an earlier
            search, so a new one is an amendment and says in the logbook why.
        NotAllowed: (evidence-of-others) it is for other roles to put on record.
    """
    sought = " ".join(terms.replace("\0", "").split())
    if not sought:
        raise Invalid(fields={"terms": "missing"})
    before = await read_evidence(services, actor, ref, SEARCH)
    data = {"terms": sought, "date": today(services).isoformat()}
    return await put_evidence(
        services, actor, ref, SEARCH, data=data, expected_revision=before.revision
    )
