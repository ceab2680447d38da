"""Follow the members service: organisations, postings, leave, calendars, go-live days, history spans."""

from datetime import date, timedelta

from services.notifications.domain.township import (
    CalendarYear,
    HistorySpan,
    Leave,
    Organisation,
    Posting,
    first_whole_month,
    first_whole_week,
    township_of,
)
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.refresh_obligation import refresh_obligation
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.calendar import WorkingDays, week_of
from shared.kernel.ids import CadreId, LeaveId, OrganisationId, PostingId, SpanId, TownshipId

_LAST_WEEK_REACHES = timedelta(days=6)


async def follow_members(fact: Fact[Event], ports: Ports) -> None:
    """Learn what the fact says and see what it does to the obligations; repeated or out of order it ends the same."""
    match fact.event:
        case members.OrganisationRegistered() | members.OrganisationChanged():
            await _organisation(fact, fact.event, ports)
        case members.PostingStarted() | members.PostingEnded():
            await _posting(fact, fact.event, ports)
        case members.LeaveGranted() | members.LeaveChanged() | members.LeaveWithdrawn():
            await _leave(fact, fact.event, ports)
        case members.CalendarPublished():
            await _calendar(fact, fact.event, ports)
        case members.GoLiveSet():
            township_id = TownshipId(fact.event.township_id)
            await ports.directory.learn_go_live(township_id, fact.event.go_live_on, fact.revision)
            await ports.agendas.ask(township_id, first_whole_week(fact.event.go_live_on).first)
            await ports.agendas.ask_months(township_id, first_whole_month(fact.event.go_live_on).first)
        case members.HistorySpanDeclared() | members.HistorySpanClosed():
            await _span(fact, fact.event, ports)
        case _:
            pass


async def _organisation(
    fact: Fact[Event], event: members.OrganisationRegistered | members.OrganisationChanged, ports: Ports
) -> None:
    organisation_id = OrganisationId(event.organisation_id)
    organisation = Organisation(
        id=organisation_id,
        kind=event.kind,
        title=event.title,
        path=fact.path,
        since=event.occurred_on,
        revision=fact.revision,
        category=event.category,
        has_committee=event.has_committee,
        has_groups=event.has_groups,
    )
    # Also when it is no news: who learnt it may have died before everything had moved.
    place = await ports.directory.learn_organisation(organisation)
    await ports.obligations.moved(organisation_id, place)
    if organisation.kind == "branch":
        await _ask_for_what_began(organisation, ports)


async def _ask_for_what_began(branch: Organisation, ports: Ports) -> None:
    """A branch that is learnt of late may owe what was opened without it: what begins from its day on is looked at.

    What begins later than today needs no asking, for no agenda is further. While the township is not live there is
    nothing to ask for: going live asks for everything.
    """
    township_id, begins_on = township_of(branch.path), first_whole_month(branch.since).first
    if township_id is None or begins_on > ports.clock.today():
        return
    if await ports.directory.go_live_on(township_id) is not None:
        await ports.agendas.ask_months(township_id, begins_on)


async def _posting(fact: Fact[Event], event: members.PostingStarted | members.PostingEnded, ports: Ports) -> None:
    cadre_id = CadreId(event.cadre_id)
    posting = Posting(
        id=PostingId(event.posting_id),
        cadre_id=cadre_id,
        organisation_id=OrganisationId(event.organisation_id),
        path=fact.path,
        post=event.post,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        revision=fact.revision,
    )
    before = await ports.directory.learn_posting(posting)
    changed_from = posting.changed_from(before)
    if changed_from is None:
        return
    monday = week_of(changed_from).first
    for obligation_id in await ports.obligations.weeks_of(cadre_id, monday):
        await refresh_obligation(obligation_id, fact.recorded_at, ports)
    # While no township of his is live there is nothing to ask for: going live asks for everybody's weeks.
    live_since = await ports.directory.live_since(cadre_id)
    if live_since is not None and posting.covers_more_than(before):
        await ports.agendas.ask_for(cadre_id, max(monday, first_whole_week(live_since).first))


async def _leave(
    fact: Fact[Event], event: members.LeaveGranted | members.LeaveChanged | members.LeaveWithdrawn, ports: Ports
) -> None:
    """Touch the weeks of every version that is known: those it covers now, and those it covered before."""
    cadre_id = CadreId(event.cadre_id)
    versions = await ports.directory.learn_leave(
        Leave(
            id=LeaveId(event.leave_id),
            cadre_id=cadre_id,
            organisation_id=OrganisationId(event.organisation_id),
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            stands=not isinstance(event, members.LeaveWithdrawn),
            revision=fact.revision,
        )
    )
    for version in versions:
        until = version.ends_on + _LAST_WEEK_REACHES
        for obligation_id in await ports.obligations.weeks_of(cadre_id, version.starts_on, until):
            await refresh_obligation(obligation_id, fact.recorded_at, ports)


async def _calendar(fact: Fact[Event], event: members.CalendarPublished, ports: Ports) -> None:
    organisation_id = OrganisationId(event.organisation_id)
    table = WorkingDays(frozenset(event.days_off), frozenset(event.working_days), frozenset({event.year}))
    await ports.directory.learn_calendar(CalendarYear(organisation_id, event.year, table, fact.revision))
    first, last = date(event.year, 1, 1), date(event.year, 12, 31) + _LAST_WEEK_REACHES
    for obligation_id in await ports.obligations.weeks_below(organisation_id, first, last):
        await refresh_obligation(obligation_id, fact.recorded_at, ports)


async def _span(
    fact: Fact[Event], event: members.HistorySpanDeclared | members.HistorySpanClosed, ports: Ports
) -> None:
    closed = isinstance(event, members.HistorySpanClosed)
    span = HistorySpan(
        id=SpanId(event.span_id),
        township_id=TownshipId(event.township_id),
        first=event.from_on,
        last=event.to_on,
        closed_at=fact.recorded_at if closed else None,
    )
    await ports.directory.learn_span(span, fact.revision)
