"""Reporting something, with an account or without, and asking later what came of it.

Nothing is hidden by a report, however many there are: people decide.
"""

from dataclasses import dataclass
from uuid import uuid4

from collab.errors import Limited, NotFound
from collab.process.abuse.reports import REPORTS_PER_CASE_MAX, check_report
from collab.process.actors import Actor
from collab.process.events.conduct.abuse import ReportReceived
from collab.process.permissions import Action
from server.actions.abuse.targets import reported
from server.actions.cases import acting_case
from server.actions.people import check_email
from server.auth import limits
from server.auth.secrets import hash_of, new_secret
from server.language import Language
from server.services import Services
from storage import events
from storage.abuse import reports
from storage.abuse.reports import Report, ReportCase

FULL_RETRY_S = 3600


@dataclass(frozen=True, slots=True)
class NewReport:
    """What somebody reports; ``target_id`` is an id, a section's name or a handle."""

    ref: str
    target: str
    target_id: str
    ground: str
    words: str
    quote: str = ""
    email: str = ""


async def report(
    services: Services, actor: Actor, new: NewReport, *, address: str, language: Language
) -> str:
    """Report something; the secret by which one learns later what came of it.

    Raises:
        NotFound: it is not there, or not for who reports.
        Invalid: the ground, the words or the address is faulty; names every field.
        Limited: too many from this address, or about this thing.
    """
    said = check_report(new.ground, new.words, new.quote)
    email = check_email(new.email) if new.email.strip() else None
    await services.limiter.hit(limits.REPORT_PER_ADDRESS, "report", address)
    secret, now = new_secret(), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, new.ref, Action.READ_IDEA)
        about = await reported(tx, case, new.target, new.target_id, now)
        row = await reports.case_of(tx, about, case_id=uuid4(), now=now)
        await services.limiter.hit(limits.REPORT_PER_TARGET, "reported", str(row.id))
        if await reports.count(tx, row.id) >= REPORTS_PER_CASE_MAX:
            raise Limited(retry_after_s=FULL_RETRY_S)
        await reports.add(
            tx,
            id=uuid4(),
            case_id=row.id,
            reporter_id=actor.person_id,
            ground=said.ground.value,
            words=said.words,
            quote=said.quote,
            email=email,
            language=language,
            secret_hash=hash_of(secret),
            at=now,
        )
        fact = ReportReceived(row.id, about.target.value, said.ground.value)
        # Who reported is nobody's business: the log names nobody.
        event = await events.append(
            tx, fact, idea_id=case.idea.id, actor_id=None, public=False, now=now
        )
    await services.announcer.announce([event])
    return secret


async def state_of(services: Services, secret: str, address: str) -> tuple[Report, ReportCase]:
    """A report and its case, for who holds the secret.

    Raises:
        NotFound: there is no such report.
    """
    await services.limiter.hit(limits.LINK_PER_ADDRESS, "report-state", address)
    async with services.database.read() as tx:
        found = await reports.by_secret(tx, hash_of(secret))
    if found is None:
        raise NotFound
    return found
