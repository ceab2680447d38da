"""Follow the duties service: which branch met, when, and whether enough came."""

from services.notifications.domain.grounds import instant_of
from services.notifications.domain.meeting_terms import Meeting, touched_by
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.refresh_obligation import refresh_obligation
from shared.events import duties
from shared.events.base import Event, Fact
from shared.kernel.ids import BranchId, MeetingId

MeetingEvent = duties.MeetingHeld | duties.MeetingCorrected | duties.MeetingWithdrawn


async def follow_duties(fact: Fact[Event], ports: Ports) -> None:
    """Learn what the fact says and see what it does to the obligations; repeated or out of order it ends the same."""
    match fact.event:
        case duties.MeetingHeld() | duties.MeetingCorrected() | duties.MeetingWithdrawn():
            await _meeting(fact, fact.event, ports)
        case _:
            pass


async def _meeting(fact: Fact[Event], event: MeetingEvent, ports: Ports) -> None:
    """Touch the periods it counts for, and those it counted for as it was said to be before: all of it may change."""
    versions = await ports.acts.learn_meeting(
        Meeting(
            id=MeetingId(event.meeting_id),
            branch_id=BranchId(event.branch_id),
            kind=event.kind,
            quorate=event.quorate,
            day=event.occurred_on,
            happened_at=instant_of(event.occurred_on, fact.recorded_at),
            event_id=fact.id,
            entry=event.entry,
            stands=not isinstance(event, duties.MeetingWithdrawn),
            revision=fact.revision,
        )
    )
    touched = {
        obligation_id
        for version in versions
        for regulation in ports.library.counting(version.kind)
        for obligation_id in touched_by(regulation, version.branch_id, version.day)
    }
    for obligation_id in sorted(touched):
        await refresh_obligation(obligation_id, fact.recorded_at, ports)
