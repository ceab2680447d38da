"""Bring an obligation up to date with all facts known."""

from datetime import datetime

from services.notifications.use_cases.gather_grounds import gather_grounds
from services.notifications.use_cases.ports import Ports
from shared.kernel.errors import Stale
from shared.kernel.ids import ObligationId


async def refresh_obligation(obligation_id: ObligationId, at: datetime, ports: Ports) -> None:
    """Gather its grounds afresh and save what follows; nothing happens when there is no such obligation.

    `at` is when the fact that gave rise to it was recorded.

    Whoever remembers a fact refreshes after it; whoever opens an obligation refreshes after that. The obligation is
    read before its grounds are gathered, and the save fails if anybody saved in between: so of two who work at the same
    time, the later one has seen everything, and no fact is lost between them.
    """
    while True:
        obligation = await ports.obligations.find(obligation_id)
        if obligation is None:
            return
        learnt, events = obligation.learn(await gather_grounds(obligation, ports), at=at, now=ports.clock.now())
        if not events:
            return
        try:
            await ports.obligations.save(learnt, *events)
        except Stale:
            continue
        return
