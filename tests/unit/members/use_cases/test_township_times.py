"""Go-live days and history spans, through the front door."""

from datetime import date

import pytest

from shared.events.members import GoLiveSet, HistorySpanClosed, HistorySpanDeclared
from shared.kernel.ids import derived_id
from tests.unit.members.conftest import BRANCH, ELSEWHERE, TOWNSHIP, World

SPAN = {"id": derived_id("span"), "from_on": "2023-07-01", "to_on": "2023-09-30"}
_LIVE = f"/townships/{TOWNSHIP}/go-live"
_SPANS = f"/townships/{TOWNSHIP}/history-spans"


async def test_a_township_says_from_when_it_works_live(world: World) -> None:
    response = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-01"})

    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    (event,) = world.townships.events
    assert event == GoLiveSet(township_id=TOWNSHIP, go_live_on=date(2023, 12, 1), occurred_on=date(2023, 11, 20))
    assert world.townships.facts[0].key == TOWNSHIP


async def test_the_day_may_be_changed_until_it_has_come(world: World) -> None:
    await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-01"})
    unseen = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-11"})
    changed = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-11"}, seen=1)
    world.clock.move_to(date(2023, 12, 11))
    again = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-11"})
    late = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-18"}, seen=2)

    assert [unseen.status_code, changed.status_code, again.status_code] == [412, 200, 200]
    assert (late.status_code, late.json()["code"], late.json()["field"]) == (
        409,
        "township.go_live_passed",
        "go_live_on",
    )
    assert "2023-12-11" in late.json()["detail"]


@pytest.mark.parametrize(
    ("day", "status"), [("2013-12-01", 422), ("2023-11-19", 422), ("2023-11-20", 200), ("2023-11-22", 200)]
)
async def test_a_go_live_day_lies_in_this_week_or_ahead(world: World, day: str, status: int) -> None:
    """It is Wednesday; what was before Monday belongs to a history span."""
    world.clock.move_to(date(2023, 11, 22))
    response = await world.call("organiser", "PUT", _LIVE, {"go_live_on": day})

    assert response.status_code == status, response.text
    if status == 422:
        assert (response.json()["code"], response.json()["field"]) == ("township.go_live_past", "go_live_on")
        assert "2023-11-20" in response.json()["detail"]
        assert "补录时段" in response.json()["detail"]


async def test_a_year_mistyped_is_refused_and_the_right_one_accepted(world: World) -> None:
    mistyped = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2022-12-01"})
    right = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-12-01"})

    assert (mistyped.status_code, right.status_code) == (422, 200)


async def test_a_span_is_declared_once_and_closed_once(world: World) -> None:
    first = await world.call("organiser", "POST", _SPANS, SPAN)
    again = await world.call("organiser", "POST", _SPANS, SPAN)
    other = await world.call("organiser", "POST", _SPANS, {**SPAN, "to_on": "2023-10-31"})
    closed = await world.call("organiser", "PUT", f"{_SPANS}/{SPAN['id']}/closure", seen=1)
    closed_again = await world.call("organiser", "PUT", f"{_SPANS}/{SPAN['id']}/closure", seen=1)

    assert [first.status_code, again.status_code, other.status_code] == [201, 201, 409]
    assert closed.json()["history_spans"][0]["closed_on"] == "2023-11-20"
    assert closed_again.json() == closed.json()
    assert [type(event) for event in world.townships.events] == [HistorySpanDeclared, HistorySpanClosed]
    assert [fact.revision for fact in world.townships.facts] == [1, 2]


async def test_spans_never_overlap_and_lie_in_the_past(world: World) -> None:
    world.clock.move_to(date(2023, 11, 6))
    await world.call("organiser", "POST", _SPANS, SPAN)
    await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-11-06"}, seen=1)
    world.clock.move_to(date(2023, 11, 20))
    refusals = {}
    for from_on, to_on in (
        ("2023-09-30", "2023-10-31"),
        ("2023-10-31", "2023-10-01"),
        ("2023-11-01", "2023-11-06"),
        ("2023-11-13", "2023-11-20"),
    ):
        span = {"id": derived_id("another"), "from_on": from_on, "to_on": to_on}
        response = await world.call("organiser", "POST", _SPANS, span)
        refusals[from_on] = (response.status_code, response.json()["code"])

    assert refusals == {
        "2023-09-30": (409, "history_span.overlaps"),
        "2023-10-31": (422, "history_span.backwards"),
        "2023-11-01": (422, "history_span.not_past"),
        "2023-11-13": (422, "history_span.not_past"),
    }


async def test_a_township_goes_live_after_its_history(world: World) -> None:
    """On a Wednesday, with history until the Tuesday."""
    world.clock.move_to(date(2023, 11, 22))
    await world.call("organiser", "POST", _SPANS, {**SPAN, "to_on": "2023-11-21"})
    response = await world.call("organiser", "PUT", _LIVE, {"go_live_on": "2023-11-21"}, seen=1)

    assert (response.status_code, response.json()["code"]) == (422, "township.go_live_in_history")


async def test_who_may_set_a_townships_times(world: World) -> None:
    statuses = {
        who: (await world.call(who, "PUT", _LIVE, {"go_live_on": "2023-12-01"})).status_code
        for who in ("stranger", "supervisor", "cadre", "administrator", "secretary", "county")
    }
    of_branch = await world.call("organiser", "PUT", f"/townships/{BRANCH}/go-live", {"go_live_on": "2023-12-01"})
    unknown = await world.call("county", "PUT", f"{_SPANS}/{derived_id('x')}/closure", seen=1)

    assert statuses == {
        "stranger": 404,
        "supervisor": 403,
        "cadre": 403,
        "administrator": 403,
        "secretary": 200,
        "county": 200,
    }
    assert (of_branch.status_code, of_branch.json()["code"]) == (422, "township.not_a_township")
    assert of_branch.json()["field"] == "township_id"
    assert (unknown.status_code, unknown.json()["code"]) == (404, "history_span.unknown")


async def test_times_never_set_are_read_as_empty(world: World) -> None:
    response = await world.call("supervisor", "GET", f"/townships/{TOWNSHIP}")
    outside = await world.call("supervisor", "GET", f"/townships/{ELSEWHERE}")

    assert response.json() == {"id": TOWNSHIP, "go_live_on": None, "history_spans": [], "revision": 0, "trail": None}
    assert outside.status_code == 404
