"""Refuse to let off, or no more, on days that were judged for good."""

from collections.abc import Iterable

from services.members.domain.township import Days
from services.members.use_cases.ports import Ports
from shared.kernel.ids import TownshipId


async def refuse_closed_days(
    ports: Ports, township_ids: Iterable[TownshipId], *, before: Days | None, after: Days | None, field: str
) -> None:
    """Whoever was let off `before`, and is `after`, the closed history spans of these townships stay as they are.

    Raises HistoryClosed, blaming the `field` the days were given in.
    """
    for township_id in sorted(township_ids):
        township = await ports.townships.find(township_id)
        if township is not None:
            township.refuse_closed(before, after, field=field)
