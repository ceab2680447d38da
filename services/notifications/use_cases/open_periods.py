"""Open months and quarters for the branches that owe a meeting in them."""

import asyncio
from collections.abc import Sequence

from services.notifications.domain.meeting_terms import meeting_obligation_id, meeting_terms, owes
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.regulation import PeriodicMeeting
from services.notifications.domain.schedule import meeting_schedule
from services.notifications.domain.township import HistorySpan, Organisation, working_days_at
from services.notifications.use_cases.open_obligation import open_obligation
from services.notifications.use_cases.ports import Ports
from shared.events.base import Entry
from shared.kernel.calendar import Period
from shared.kernel.clock import start_of_day
from shared.kernel.ids import BranchId, TownshipId

_AT_ONCE = 16
"""Branches opened side by side: most of an opening is waiting for the store, and a county has 2,500 branches."""
Owed = Sequence[tuple[PeriodicMeeting, Period]]


async def open_periods(township_id: TownshipId, month: Period, ports: Ports) -> None:
    """What begins with the month: one obligation a regulation and branch of the township that owes it.

    Who owes it is decided as the branch stood when the period began, and not again: one that is registered, or gains a
    committee or groups, within a period owes from the next one on; one that loses them within it is let off by the
    desk. A township is the batch: a hundred branches, and whoever is stopped begins again with it.
    """
    await _open_all(township_id, ports.library.meetings_from(month.first), "live", ports)


async def judge_periods(span: HistorySpan, ports: Ports) -> None:
    """What lies in a closed history span from its first to its last day; a period cut by the edge is not owed."""
    for month in span.months():
        whole = [owed for owed in ports.library.meetings_from(month.first) if owed[1].last <= span.last]
        await _open_all(span.township_id, whole, "history", ports)


async def _open_all(township_id: TownshipId, owed: Owed, entry: Entry, ports: Ports) -> None:
    if not owed:
        return
    branches = await ports.directory.branches(township_id, owed[0][1].first, entry)
    for start in range(0, len(branches), _AT_ONCE):
        some = branches[start : start + _AT_ONCE]
        await asyncio.gather(*(_open_for(branch, _owed_by(branch, owed), entry, ports) for branch in some))


def _owed_by(branch: Organisation, owed: Owed) -> Owed:
    return [each for each in owed if owes(branch, each[0])]


async def _open_for(branch: Organisation, owed: Owed, entry: Entry, ports: Ports) -> None:
    """Where the branch hangs now; it may have moved since the period began, or while this was done."""
    if not owed:
        return
    path = await ports.directory.place(branch.id) or branch.path
    days = working_days_at(path, await ports.directory.calendars(path))
    for regulation, period in owed:
        opens_at = start_of_day(period.first)
        blank = Obligation(
            id=meeting_obligation_id(regulation.id, BranchId(branch.id), period),
            terms=meeting_terms(regulation, BranchId(branch.id), period, entry),
            path=path,
            schedule=meeting_schedule(regulation, period, days),
            opened_at=opens_at,
        )
        await open_obligation(blank, opens_at, ports)
    place = await ports.directory.place(branch.id)
    if place is not None and place != path:
        await ports.obligations.moved(branch.id, place)
