"""Whether a process may join the others over its relay: asked before anything is started."""

import structlog

from server.realtime.relay.site import Site
from server.settings import Settings
from storage.cluster.installation import installation_id
from storage.database import Database
from storage.relay.bus import Listener, RedisBus
from storage.relay.client import probe
from storage.relay.unavailable import RelayRefused, RelayUnavailable

log = structlog.get_logger(__name__)


class _Deaf:
    """Hears nothing: only a question is asked."""

    def heard(self, channel: str, packet: bytes) -> None: ...

    def listening(self, channel: str) -> None: ...

    def lost(self, why: RelayUnavailable) -> None: ...


async def require_relay(settings: Settings, database: Database) -> None:
    """Refuse a relay that can never work, and another database behind the same address.

    One that is merely away is no reason: the process follows the others through the database.

    Raises:
        RelayRefused: the message says what to correct.
        StorageUnavailable: the database cannot be asked who it is.
    """
    url = settings.redis_url
    if url is None:
        return
    try:
        await probe(url)
    except RelayRefused:
        raise
    except RelayUnavailable as error:
        log.warning("the relay is away", reason=str(error))
        return
    async with database.read() as tx:
        installation = await installation_id(tx)
    deaf: Listener = _Deaf()
    bus = RedisBus(url, deaf, lambda: 0.0)
    try:
        await Site(bus, settings.address, installation).claim()
    finally:
        await bus.close()
