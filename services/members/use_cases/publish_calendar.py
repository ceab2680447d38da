"""Publish a year's working-day calendar, or read the one that holds somewhere."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.calendar_year import CalendarYear, calendar_id, effective
from services.members.domain.refusals import CalendarPublishedAlready, NoCalendarHere
from services.members.domain.trail import noted
from services.members.use_cases.access import visible_organisation
from services.members.use_cases.ports import Ports
from shared.kernel.access import Caller, Role
from shared.kernel.calendar import WorkingDays
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import OrganisationId

_PUBLISHERS = {"county": (Role.COUNTY_ORGANISER,), "township": (Role.ORGANISER,)}


@dataclass(frozen=True, slots=True)
class PublishCalendar:
    """The whole table of a year; the first time nothing was seen yet."""

    by: Caller
    organisation_id: OrganisationId
    year: int
    seen_revision: int | None
    days_off: frozenset[date]
    working_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class EffectiveCalendar:
    """What holds for an organisation in a year; `published` is its own table, `provisional` that nobody made one."""

    published: CalendarYear
    days: WorkingDays
    provisional: bool
    from_organisations: tuple[str, ...]


async def publish_calendar(command: PublishCalendar, ports: Ports) -> CalendarYear:
    """Store the table; saying again what stands changes nothing.

    Of two who publish the first table at once the second is answered as if he had come a moment later. Raises
    UnknownOrganisation, NoCalendarHere, Forbidden, CalendarOfAnotherYear, CalendarContradicts, CalendarPublishedAlready
    without a revision seen, Stale.
    """
    try:
        return await _publish(command, ports)
    except (AlreadyThere, Stale):  # perhaps by an earlier try of this very request
        return await _publish(command, ports)


async def _publish(command: PublishCalendar, ports: Ports) -> CalendarYear:
    organisation = await visible_organisation(ports, command.by, command.organisation_id)
    publishers = _PUBLISHERS.get(organisation.kind)
    if publishers is None:
        raise NoCalendarHere
    command.by.require(publishers, organisation.path)
    standing = await ports.calendars.find(calendar_id(organisation.id, command.year))
    if standing is None:
        standing = CalendarYear(organisation.id, command.year, organisation.path)
    elif (standing.days_off, standing.working_days) == (command.days_off, command.working_days):
        return standing
    elif command.seen_revision is None:
        raise CalendarPublishedAlready
    if command.seen_revision not in {None, standing.revision}:
        raise Stale
    calendar, published = standing.publish(
        days_off=command.days_off, working_days=command.working_days, on=ports.clock.today()
    )
    calendar = noted(calendar, "published", command.by, ports.clock.now())
    await ports.calendars.save(calendar, published)
    return calendar


async def read_calendar(organisation_id: OrganisationId, year: int, by: Caller, ports: Ports) -> EffectiveCalendar:
    """The calendar that holds at an organisation. Raises UnknownOrganisation."""
    organisation = await visible_organisation(ports, by, organisation_id)
    tables = [
        table
        for segment in organisation.path.segments
        if (table := await ports.calendars.find(calendar_id(segment, year))) is not None
    ]
    own = next((table for table in tables if table.organisation_id == organisation.id), None)
    return EffectiveCalendar(
        published=own or CalendarYear(organisation.id, year, organisation.path),
        days=effective(tables),
        provisional=not tables,
        from_organisations=tuple(table.organisation_id for table in tables),
    )
