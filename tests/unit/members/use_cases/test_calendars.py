"""The working-day calendar, through the front door; and the public holidays as data."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from services.members.domain.calendar_year import CalendarYear
from shared.events.members import CalendarPublished
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import OrganisationId, derived_id
from tests.unit.members.conftest import BRANCH, COUNTY, ELSEWHERE, TOWNSHIP, World

TABLE = {"days_off": ["2023-10-02", "2023-10-03"], "working_days": ["2023-10-07"]}
_HOLIDAYS = Path(__file__).parents[4] / "services" / "members" / "procedures" / "holidays.yaml"


async def test_a_county_publishes_its_year(world: World) -> None:
    response = await world.call("county", "PUT", f"/organisations/{COUNTY}/calendars/2023", TABLE)

    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    (event,) = world.calendars.events
    assert isinstance(event, CalendarPublished)
    assert (event.organisation_id, event.year, event.working_days) == (COUNTY, 2023, (date(2023, 10, 7),))


async def test_a_nearer_organisations_entries_win(world: World) -> None:
    await world.call("county", "PUT", f"/organisations/{COUNTY}/calendars/2023", TABLE)
    nearer = {"days_off": ["2023-10-07"], "working_days": ["2023-10-03"]}
    await world.call("organiser", "PUT", f"/organisations/{TOWNSHIP}/calendars/2023", nearer)
    here = (await world.call("branch secretary", "GET", f"/organisations/{BRANCH}/calendars/2023")).json()
    there = (await world.call("stranger", "GET", f"/organisations/{ELSEWHERE}/calendars/2023")).json()

    assert (here["days_off"], here["working_days"]) == (["2023-10-02", "2023-10-07"], ["2023-10-03"])
    assert here["from_organisations"] == [COUNTY, TOWNSHIP]
    assert (there["days_off"], there["provisional"]) == (TABLE["days_off"], False)


async def test_a_year_nobody_published_is_provisional(world: World) -> None:
    response = await world.call("cadre", "GET", f"/organisations/{TOWNSHIP}/calendars/2031")

    assert (response.json()["provisional"], response.headers["ETag"]) == (True, '"0"')


async def test_a_published_year_is_changed_by_who_has_seen_it(world: World) -> None:
    path = f"/organisations/{COUNTY}/calendars/2023"
    await world.call("county", "PUT", path, TABLE)
    again = await world.call("county", "PUT", path, TABLE)
    unseen = await world.call("county", "PUT", path, {**TABLE, "working_days": []})
    stale = await world.call("county", "PUT", path, {**TABLE, "working_days": []}, seen=7)
    changed = await world.call("county", "PUT", path, {**TABLE, "working_days": []}, seen=1)

    assert (again.json()["revision"], unseen.json()["code"]) == (1, "calendar.published")
    assert unseen.json()["field"] == "If-Match"
    assert [unseen.status_code, stale.status_code, changed.status_code] == [409, 412, 200]


@pytest.mark.parametrize(
    ("who", "place", "table", "refusal"),
    [
        ("organiser", COUNTY, TABLE, (404, "organisation.unknown", "organisation_id")),
        ("county", TOWNSHIP, TABLE, (403, "access.forbidden", None)),
        ("organiser", BRANCH, TABLE, (422, "calendar.not_here", "organisation_id")),
        ("organiser", TOWNSHIP, {**TABLE, "days_off": ["2024-01-01"]}, (422, "calendar.another_year", "days_off")),
        ("organiser", TOWNSHIP, {**TABLE, "days_off": ["2023-10-07"]}, (422, "calendar.contradicts", "working_days")),
    ],
)
async def test_what_is_no_calendar_is_refused(
    world: World, who: str, place: str, table: dict[str, list[str]], refusal: tuple[int, str, str | None]
) -> None:
    response = await world.call(who, "PUT", f"/organisations/{place}/calendars/2023", table)

    assert (response.status_code, response.json()["code"], response.json().get("field")) == refusal


# Working days a year under the notices: 365/366 days less weekends and holidays, plus the weekend days worked.
@pytest.mark.parametrize(("year", "working_days"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_the_public_holidays_are_a_calendar(year: int, working_days: int) -> None:
    listed = yaml.safe_load(_HOLIDAYS.read_text(encoding="utf-8"))["years"]
    found = next(entry for entry in listed if entry["year"] == year)
    calendar, _ = CalendarYear(OrganisationId(derived_id("x")), year, OrganisationPath(("x",))).publish(
        days_off=[day for holiday in found["holidays"] for day in holiday["days_off"]],
        working_days=[day for holiday in found["holidays"] for day in holiday.get("working_days", [])],
        on=date(year, 1, 1),
    )

    assert calendar.table.count_in(Period.parse(str(year))) == working_days
    assert all(day.weekday() >= 5 for day in calendar.working_days)
    assert "国务院办公厅" in found["source"]
