"""Make deeds effective whose public notice has ended without a word against them."""

from datetime import datetime

from services.scoring.use_cases.record_ports import RecordPorts
from shared.kernel.clock import local_day
from shared.kernel.errors import Stale

_AT_ONCE = 200


async def make_deeds_effective(now: datetime, ports: RecordPorts) -> int:
    """Let every deed count whose notice ended with a local day before now; returns how many this call made effective.

    The notice lasts to the end of its last day. Whoever was quicker (another worker, or a withdrawal) wins: what he
    changed is not looked at again.
    """
    made = 0
    while deeds := await ports.deeds.over(local_day(now), _AT_ONCE):
        for deed in deeds:
            effective, fact = deed.take_effect()
            try:
                await ports.deeds.save(effective, fact)
            except Stale:
                continue
            made += 1
    return made


async def is_any_notice_over(now: datetime, ports: RecordPorts) -> bool:
    """Whether a deed waits to be made effective."""
    return bool(await ports.deeds.over(local_day(now), 1))
