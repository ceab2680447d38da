"""Bring an obligation into being."""

from contextlib import suppress
from datetime import datetime

from services.notifications.domain.obligation import Obligation
from services.notifications.use_cases.gather_grounds import gather_grounds
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.refresh_obligation import refresh_obligation
from shared.kernel.errors import AlreadyThere


async def open_obligation(blank: Obligation, at: datetime, ports: Ports) -> None:
    """Save it unless it is there, then refresh it: whoever opened it may have died before he could.

    Its id is derived from what is owed, so that it exists once however often and by however many it is opened.
    """
    if await ports.obligations.find(blank.id) is None:
        opened, events = blank.learn(await gather_grounds(blank, ports), at=at, now=ports.clock.now())
        with suppress(AlreadyThere):
            await ports.obligations.save(opened, *events)
    await refresh_obligation(blank.id, at, ports)
