"""Which mails a person wants, and how one click in a mail ends them.

The link in a mail is signed: it names a person and what he wants no more, and works without signing
in, for nobody else can make one. It takes mails away and never orders any.
"""

import base64
import binascii
import hmac
from typing import Final
from uuid import UUID

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.following.mailing import Addressed, Choice, Followed, Kind, without
from server.actions.access import known
from server.badges.keys import signer_of
from server.services import Services
from server.settings import Settings
from storage import people
from storage.following import mailing

PURPOSE: Final = b"arena unsubscribe 1"
MAC_BYTES: Final = 16
TOKEN_CHARS_MAX: Final = 64
KINDS: Final = tuple(Kind)
PLACE: Final = "/unsubscribe"


async def choose(services: Services, actor: Actor, wanted: Choice) -> None:
    """Remember which mails the person wants; what he wants no more and waits does not leave."""
    async with services.database.write() as tx:
        await mailing.choose(tx, known(actor), wanted)
        await mailing.drop(tx, known(actor), unwanted(wanted))


async def choice_of(services: Services, actor: Actor) -> Choice:
    """What the person wants."""
    async with services.database.read() as tx:
        return await mailing.choice(tx, known(actor))


def unsubscribe_link(settings: Settings, person_id: UUID, kind: Kind) -> str:
    """The address that ends mails of this kind to the person."""
    said = person_id.bytes + bytes([KINDS.index(kind)])
    token = base64.urlsafe_b64encode(said + _mac(settings, said)).decode().rstrip("=")
    return f"{settings.address}{PLACE}/{token}"


def who_asks(settings: Settings, token: str) -> tuple[UUID, Kind]:
    """The person and the kind that the token names.

    Raises:
        NotFound: (link-spent) it is none of ours.
    """
    try:
        if len(token) > TOKEN_CHARS_MAX:
            raise ValueError("no token of ours is so long")
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotFound("link-spent") from error
    said, mac = raw[:17], raw[17:]
    is_ours = len(said) == 17 and hmac.compare_digest(mac, _mac(settings, said))
    if not is_ours or said[16] >= len(KINDS):
        raise NotFound("link-spent")
    return UUID(bytes=said[:16]), KINDS[said[16]]


async def unsubscribe(services: Services, token: str) -> Kind:
    """End the mails that the token names; doing it again changes nothing."""
    person_id, kind = who_asks(services.settings, token)
    async with services.database.write() as tx:
        if await people.get(tx, person_id) is None:
            raise NotFound("link-spent")
        wanted = without(await mailing.choice(tx, person_id), kind)
        await mailing.choose(tx, person_id, wanted)
        await mailing.drop(tx, person_id, unwanted(wanted))
    return kind


def unwanted(wanted: Choice) -> list[str]:
    """The kinds of waiting mails that this choice stops."""
    kinds = ["instant"] if wanted.addressed is not Addressed.INSTANT else []
    if wanted.followed is Followed.NEVER and wanted.addressed is not Addressed.DIGEST:
        kinds.append("digest")
    return kinds


def _mac(settings: Settings, said: bytes) -> bytes:
    return hmac.digest(signer_of(settings).key_for(PURPOSE), said, "sha256")[:MAC_BYTES]
