"""Corrections and withdrawals of visits, through the front door."""

from datetime import date

from shared.events.members import HistorySpanClosed, HistorySpanDeclared
from shared.events.visits import VisitCorrected, VisitLogged, VisitWithdrawn
from tests.unit.visits.conftest import World, a_visit, enter_history

VISIT = f"/visits/{a_visit()['id']}"
EARLIER = {"occurred_at": "2023-11-15T10:00:00+08:00", "note": "走访"}


async def test_a_correction_names_the_revision_and_day_it_takes_back(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())

    response = await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)

    assert (response.status_code, response.json()["revision"]) == (200, 2)
    corrected = world.visits.events[-1]
    assert isinstance(corrected, VisitCorrected)
    (taken_back,) = corrected.corrects
    assert (taken_back.type, taken_back.revision, taken_back.day) == (VisitLogged.TYPE, 1, date(2023, 11, 20))
    assert corrected.day == date(2023, 11, 15)


async def test_a_withdrawal_after_a_correction_takes_back_the_correction(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)

    response = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=2)

    assert response.json()["withdrawn"] is True
    withdrawn = world.visits.events[-1]
    assert isinstance(withdrawn, VisitWithdrawn)
    (taken_back,) = withdrawn.corrects
    assert (taken_back.type, taken_back.revision, taken_back.day) == (VisitCorrected.TYPE, 2, date(2023, 11, 15))


async def test_correcting_to_what_stands_changes_nothing(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)

    again = await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)

    assert (again.status_code, again.json()["revision"]) == (200, 2)
    assert world.published == ["VisitLogged", "VisitCorrected"]


async def test_withdrawing_twice_is_withdrawing_once(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    again = await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    assert again.status_code == 200
    assert world.published == ["VisitLogged", "VisitWithdrawn"]


async def test_a_withdrawn_visit_is_not_corrected(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("cadre", "PUT", f"{VISIT}/withdrawal", seen=1)

    response = await world.call("cadre", "PUT", VISIT, EARLIER, seen=2)

    assert (response.status_code, response.json()["code"]) == (409, "visit.withdrawn")


async def test_nobody_overwrites_what_he_has_not_seen(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())
    await world.call("organiser", "PUT", VISIT, EARLIER, seen=1)

    stale = await world.call("cadre", "PUT", VISIT, {**EARLIER, "note": "改"}, seen=1)
    blind = await world.call("cadre", "PUT", VISIT, {**EARLIER, "note": "改"})

    assert (stale.status_code, blind.status_code) == (412, 428)


async def test_a_visit_is_not_corrected_into_the_future(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())

    response = await world.call("cadre", "PUT", VISIT, {"occurred_at": "2023-11-30T10:00:00+08:00"}, seen=1)

    assert (response.status_code, response.json()["field"]) == (422, "occurred_at")


async def test_a_colleague_neither_sees_nor_withdraws_the_visit(world: World) -> None:
    await world.call("cadre", "POST", "/visits", a_visit())

    seen = await world.call("colleague", "GET", VISIT)
    withdrawn = await world.call("colleague", "PUT", f"{VISIT}/withdrawal", seen=1)

    assert (seen.status_code, withdrawn.status_code) == (403, 403)


async def test_a_visit_of_a_closed_history_span_is_not_moved_to_a_day_that_counts_now(world: World) -> None:
    await enter_history(world, HistorySpanDeclared)
    await world.call("cadre", "POST", "/visits", a_visit(occurred_at="2023-09-20T09:30:00+08:00"))
    await enter_history(world, HistorySpanClosed)

    response = await world.call("cadre", "PUT", VISIT, EARLIER, seen=1)

    assert (response.status_code, response.json()["code"]) == (422, "history_span.closed")
