"""Which organisation leads a case, for its gates."""

from collab.process.actors import ActorClass
from collab.process.gates.facts import LeadFacts
from server.actions.cases import Case
from storage import people
from storage.database import Transaction
from storage.process import responsibility


async def lead_facts(tx: Transaction, case: Case) -> LeadFacts | None:
    """The organisation that has confirmed to lead, of the class it has today; None: nobody."""
    lead = (await responsibility.leads(tx, [case.idea.id])).get(case.idea.id)
    if lead is None:
        return None
    found = await people.organisation(tx, lead.organisation_id)
    assert found is not None, "organisations are not deleted"
    return LeadFacts(found.id, lead.organisation_name, ActorClass(found.actor_class))
