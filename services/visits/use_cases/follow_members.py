"""Follow the members service: learn branches, cadres, members, calendars and townships from its facts."""

from services.visits.use_cases.ports import Ports
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.calendar import WorkingDays
from shared.kernel.ids import BranchId, CadreId, MemberId, PersonId


async def follow_members(fact: Fact[Event], ports: Ports) -> None:
    """Learn what the fact says; facts in any order and repeated end in the same knowledge."""
    directory, event = ports.directory, fact.event
    match event:
        case members.OrganisationRegistered() | members.OrganisationChanged():
            # Also when it is no news: who learnt it may have died before everything had moved.
            place = await directory.learn_organisation(event.organisation_id, fact.revision, fact.path)
            await ports.visits.moved(BranchId(event.organisation_id), place)
            await ports.problems.moved(BranchId(event.organisation_id), place)
        case members.PostingStarted() | members.PostingEnded():
            await directory.learn_posting(
                event.posting_id,
                fact.revision,
                CadreId(event.cadre_id),
                event.organisation_id,
                starts_on=event.starts_on,
                ends_on=event.ends_on,
            )
        case members.MemberEnrolled():
            await directory.learn_enrolment(
                MemberId(event.member_id),
                fact.revision,
                BranchId(event.branch_id),
                person_id=None if event.person_id is None else PersonId(event.person_id),
                joined_on=event.occurred_on,
            )
        case members.MembershipEnded():
            await directory.learn_membership_end(MemberId(event.member_id), fact.revision, ended_on=event.occurred_on)
        case members.CalendarPublished():
            days = WorkingDays(frozenset(event.days_off), frozenset(event.working_days), frozenset({event.year}))
            await directory.learn_calendar(event.organisation_id, event.year, fact.revision, days)
        case members.GoLiveSet():
            await directory.learn_go_live(event.township_id, fact.revision, event.go_live_on)
        case members.HistorySpanDeclared() | members.HistorySpanClosed():
            await directory.learn_span(
                event.township_id,
                event.span_id,
                fact.revision,
                from_on=event.from_on,
                to_on=event.to_on,
                closed=isinstance(event, members.HistorySpanClosed),
            )
        case _:
            pass
