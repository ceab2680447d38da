"""Logging a visit, through the front door."""

import asyncio
from datetime import date

import pytest

from shared.events.members import HistorySpanClosed, HistorySpanDeclared
from shared.kernel.ids import derived_id
from tests.unit.visits.conftest import (
    BRANCH,
    COLLEAGUE,
    COUNTY_CADRE,
    FAR_BRANCH,
    FAR_CADRE,
    TOWNSHIP,
    World,
    a_visit,
    enter_history,
)


async def test_a_visit_is_logged_with_the_day_it_happened(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit())

    assert response.status_code == 201
    assert response.headers["ETag"] == '"1"'
    assert response.json()["entry"] == "live"
    (logged,) = world.visits.events
    assert logged.day == date(2023, 11, 20)


async def test_the_same_upload_again_gives_the_visit_that_is_there_and_records_nothing(world: World) -> None:
    first = await world.call("cadre", "POST", "/visits", a_visit())
    again = await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-11-20T01:30:00Z"))

    assert (again.status_code, again.json()) == (201, first.json())
    assert world.published == ["VisitLogged"]


async def test_the_same_upload_many_times_at_once_records_one_visit(world: World) -> None:
    responses = await asyncio.gather(*(world.call("cadre", "POST", "/visits", a_visit()) for _ in range(20)))

    assert {response.status_code for response in responses} == {201}
    assert world.published == ["VisitLogged"]


async def test_an_id_that_names_another_visit_is_refused(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())

    response = await world.call("cadre", "POST", "/visits", a_visit(note="另一次走访"))

    assert response.status_code == 409
    assert response.json()["field"] == "id"


async def test_an_upload_repeated_after_a_correction_is_still_the_same_visit(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    corrected = {"occurred_at": "2023-11-19T10:00:00+08:00", "note": "走访"}
    await world.call("cadre", "PUT", f"/visits/{a_visit()['id']}", corrected, seen=1)

    again = await world.call("cadre", "POST", "/visits", a_visit())

    assert again.status_code == 201
    assert again.json()["revision"] == 2


async def test_a_branch_nobody_told_us_of_is_refused_and_the_person_told_to_retry(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(branch_id=derived_id("unheard of")))

    assert response.status_code == 422
    assert response.json()["code"] == "branch.unknown"
    assert "稍后重试" in response.json()["detail"]


async def test_a_township_is_no_branch_to_visit(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(branch_id=TOWNSHIP))

    assert (response.status_code, response.json()["code"]) == (422, "branch.unknown")


async def test_a_cadre_nobody_told_us_of_is_refused(world: World) -> None:
    response = await world.call("organiser", "POST", "/visits", a_visit(cadre_id=derived_id("unheard of")))

    assert (response.status_code, response.json()["field"]) == (422, "cadre_id")


async def test_nobody_enters_a_visit_for_a_cadre_of_another_township(world: World) -> None:
    response = await world.call("organiser", "POST", "/visits", a_visit(cadre_id=FAR_CADRE))

    assert (response.status_code, response.json()["code"]) == (422, "cadre.unknown")
    assert world.published == []


async def test_who_is_posted_at_the_county_visits_any_township(world: World) -> None:
    response = await world.call("organiser", "POST", "/visits", a_visit(cadre_id=COUNTY_CADRE))

    assert response.status_code == 201


async def test_a_branch_outside_the_scope_is_not_there(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(branch_id=FAR_BRANCH))

    assert response.status_code == 404


async def test_nobody_logs_a_visit_for_a_colleague(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(cadre_id=COLLEAGUE))

    assert (response.status_code, response.json()["code"]) == (403, "visit.of_another")


async def test_the_organiser_enters_a_visit_for_a_cadre(world: World) -> None:
    response = await world.call("organiser", "POST", "/visits", a_visit())

    assert response.status_code == 201


async def test_nobody_logs_what_has_not_happened(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-11-21T09:30:00+08:00"))

    assert (response.status_code, response.json()["code"]) == (422, "visit.in_the_future")


@pytest.mark.parametrize(("today", "entry"), [(date(2023, 12, 3), "live"), (date(2023, 12, 4), "late")])
async def test_a_visit_synced_more_than_seven_days_after_its_week_is_marked_late(
    world: World, today: date, entry: str
) -> None:
    world.clock.move_to(today)

    response = await world.call("cadre", "POST", "/visits", a_visit())

    assert response.json()["entry"] == entry


async def test_before_go_live_and_outside_a_history_span_nothing_is_logged(world: World) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-10-01T09:30:00+08:00"))

    assert (response.status_code, response.json()["code"]) == (422, "township.not_live")
    assert response.json()["field"] == "occurred_at"
    assert "2023-10-01" in response.json()["detail"]


async def test_inside_an_open_history_span_a_visit_is_history_and_after_closing_it_is_refused(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    inside = a_visit(occurred_at="2023-08-01T09:30:00+08:00")

    accepted = await world.call("cadre", "POST", "/visits", inside)
    await enter_history(world, HistorySpanClosed)
    refused = await world.call("cadre", "POST", "/visits", {**inside, "id": derived_id("another visit")})

    assert accepted.json()["entry"] == "history"
    assert (refused.status_code, refused.json()["code"]) == (422, "history_span.closed")
    assert refused.json()["field"] == "occurred_at"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": "not-a-uuid"}, "id"),
        ({"occurred_at": "2023-11-20T09:30:00"}, "occurred_at"),
        ({"occurred_at": "昨天"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"note": "长" * 2001}, "note"),
        ({"gps": [118.8, 32.1]}, "gps"),
        ({"branch_id": None}, "branch_id"),
    ],
)
async def test_a_bad_field_is_named(world: World, changed: dict[str, object], field: str) -> None:
    response = await world.call("cadre", "POST", "/visits", a_visit(**changed))

    assert (response.status_code, response.json()["field"]) == (422, field)
    assert response.headers["content-type"] == "application/problem+json"


async def test_no_fact_carries_the_note(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit(note="王某某家屋顶漏雨"))

    assert all("王某某" not in event.model_dump_json() for event in world.visits.events)


async def test_a_member_logs_no_visits(world: World) -> None:
    response = await world.call("member", "POST", "/visits", a_visit(branch_id=BRANCH))

    assert response.status_code == 403
