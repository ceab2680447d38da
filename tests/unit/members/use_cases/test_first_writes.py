"""Two people write the first word about a township or a year at the same time: both are heard, or told what stands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from services.members.use_cases.declare_history_span import DeclareHistorySpan, declare_history_span
from services.members.use_cases.ports import Ports
from services.members.use_cases.publish_calendar import PublishCalendar, publish_calendar
from services.members.use_cases.set_go_live import SetGoLive, set_go_live
from shared.kernel.access import Role
from shared.kernel.errors import AlreadyThere, DomainError, Stale
from shared.kernel.ids import OrganisationId, SpanId, derived_id
from shared.testing.access import a_caller
from tests.unit.members.conftest import COUNTY, ELSEWHERE, TOWNSHIP, World

MONDAY, NEXT_MONDAY = date(2023, 11, 20), date(2023, 11, 27)
HOLIDAY = date(2023, 10, 2)
Work = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Overtaken:
    """A store in which somebody else writes between the first look and the write."""

    store: Any
    meanwhile: Work | None

    async def find(self, id_: str) -> Any:
        found = await self.store.find(id_)
        work, self.meanwhile = self.meanwhile, None
        if work is not None:
            await work()
        return found

    async def save(self, thing: Any, *events: Any) -> None:
        await self.store.save(thing, *events)


def _goes_live(ports: Ports, on: date = NEXT_MONDAY, seen: int | None = None) -> Work:
    by = a_caller(Role.SECRETARY, TOWNSHIP)
    return lambda: set_go_live(SetGoLive(by, OrganisationId(TOWNSHIP), seen, on), ports)


def _declares(ports: Ports, span: str = "span", township: str = TOWNSHIP) -> Work:
    command = DeclareHistorySpan(
        by=a_caller(Role.ORGANISER, township),
        township_id=OrganisationId(township),
        span_id=SpanId(derived_id(span)),
        from_on=date(2023, 7, 1),
        to_on=date(2023, 9, 30),
    )
    return lambda: declare_history_span(command, ports)


def _publishes(ports: Ports, *days_off: date, seen: int | None = None) -> Work:
    by = a_caller(Role.COUNTY_ORGANISER, COUNTY)
    command = PublishCalendar(by, OrganisationId(COUNTY), 2023, seen, frozenset(days_off), frozenset())
    return lambda: publish_calendar(command, ports)


def _townships(world: World, meanwhile: Work) -> Ports:
    return replace(world.ports, townships=Overtaken(world.townships, meanwhile))


async def test_a_span_is_declared_though_somebody_set_the_go_live_day_meanwhile(world: World) -> None:
    await _declares(_townships(world, _goes_live(world.ports)))()
    (township,) = world.townships.things.values()

    assert (township.go_live_on, len(township.spans), township.revision) == (NEXT_MONDAY, 1, 2)


async def test_a_go_live_day_is_set_though_somebody_declared_a_span_meanwhile(world: World) -> None:
    await _goes_live(_townships(world, _declares(world.ports)))()
    (township,) = world.townships.things.values()

    assert (township.go_live_on, len(township.spans), township.revision) == (NEXT_MONDAY, 1, 2)


async def test_the_same_first_word_twice_is_one(world: World) -> None:
    await _declares(_townships(world, _declares(world.ports)))()
    await _publishes(
        replace(world.ports, calendars=Overtaken(world.calendars, _publishes(world.ports, HOLIDAY))), HOLIDAY
    )()

    assert (len(world.townships.facts), len(world.calendars.facts)) == (1, 1)


async def test_a_change_of_a_table_whose_earlier_try_saved_first_is_answered_with_what_stands(world: World) -> None:
    """The connection broke, the client asked again, and the first try went through between the look and the write."""
    await _publishes(world.ports)()
    calendars = Overtaken(world.calendars, _publishes(world.ports, HOLIDAY, seen=1))
    answered = await _publishes(replace(world.ports, calendars=calendars), HOLIDAY, seen=1)()
    (standing,) = world.calendars.things.values()

    assert answered == standing
    assert (standing.revision, standing.days_off, len(world.calendars.facts)) == (2, frozenset({HOLIDAY}), 2)


async def test_who_would_change_a_table_that_somebody_changed_otherwise_meanwhile_looks_again(world: World) -> None:
    await _publishes(world.ports)()
    calendars = Overtaken(world.calendars, _publishes(world.ports, date(2023, 10, 3), seen=1))
    with pytest.raises(Stale):
        await _publishes(replace(world.ports, calendars=calendars), HOLIDAY, seen=1)()

    assert len(world.calendars.facts) == 2


@pytest.mark.parametrize("seen", [None, 0])
async def test_who_would_set_another_day_than_the_one_set_meanwhile_looks_again(world: World, seen: int | None) -> None:
    with pytest.raises(Stale):
        await _goes_live(_townships(world, _goes_live(world.ports)), MONDAY, seen)()

    assert len(world.townships.facts) == 1


@pytest.mark.parametrize(("seen", "code"), [(None, "calendar.published"), (0, "object.stale")])
async def test_who_would_publish_another_table_than_the_one_published_meanwhile_looks_again(
    world: World, seen: int | None, code: str
) -> None:
    calendars = Overtaken(world.calendars, _publishes(world.ports))
    with pytest.raises(DomainError) as refused:
        await _publishes(replace(world.ports, calendars=calendars), HOLIDAY, seen=seen)()

    assert refused.value.code == code
    assert len(world.calendars.facts) == 1


async def test_an_id_that_names_a_span_of_another_township_is_refused_by_name(world: World) -> None:
    await _declares(world.ports, township=ELSEWHERE)()
    with pytest.raises(AlreadyThere) as refused:
        await _declares(world.ports)()

    assert refused.value.field == "id"
