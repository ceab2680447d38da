"""The closing of periods through the front door: who may, when, and what hinders it."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shared.events.base import Event, Fact
from shared.events.scoring import NoticeOpened, ReviewMarked
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.scoring.closing_world import (
    AFTER_2023,
    AFTER_Q3,
    NOTICE_OVER,
    OVER_2023,
    Q2,
    Q3,
    Q4,
    ClosingWorld,
    a_calendar,
    a_closing_world,
)
from tests.unit.scoring.facts import BRANCH, COUNTY, OTHER_BRANCH, OTHER_TOWNSHIP, TOWNSHIP, a_fact

CADRES, BRANCHES = f"/cadre/{TOWNSHIP}", f"/branch/{TOWNSHIP}"


@pytest.fixture
async def world() -> AsyncIterator[ClosingWorld]:
    async with a_closing_world() as world:
        yield world


async def test_a_notice_lasts_five_working_days_after_its_day(world: ClosingWorld) -> None:
    closing = await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")

    assert tuple(closing[name] for name in ("state", "opened_on", "notice_until", "notice_provisional")) == (
        "notice",
        "2023-10-09",
        "2023-10-16",
        True,
    )


async def test_a_published_calendar_counts_and_makes_the_notice_certain(world: ClosingWorld) -> None:
    await world.fold(a_calendar(2023, date(2023, 10, 12)))

    closing = await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")

    assert (closing["notice_until"], closing["notice_provisional"]) == ("2023-10-17", False)


async def test_the_notice_is_told_once_however_often_it_is_asked_for(world: ClosingWorld) -> None:
    first = await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.advance(days=1)
    again = await world.done("secretary", "PUT", f"{CADRES}/{Q3}/notice")

    assert first == again
    assert world.closings.events == [
        NoticeOpened(
            organisation_id=TOWNSHIP,
            standard="cadre",
            period=Q3,
            notice_until=date(2023, 10, 16),
            notice_provisional=True,
            occurred_on=AFTER_Q3,
        )
    ]
    assert world.closings.facts[0].key == TOWNSHIP


async def test_a_period_is_not_on_notice_before_it_has_ended(world: ClosingWorld) -> None:
    world.clock.move_to(date(2023, 12, 31))
    assert await world.refused("organiser", "PUT", f"{CADRES}/{Q4}/notice") == "409 closing.period_not_over"
    world.clock.move_to(date(2024, 1, 1))

    assert (await world.done("organiser", "PUT", f"{CADRES}/{Q4}/notice"))["state"] == "notice"


async def test_history_is_never_on_notice(world: ClosingWorld) -> None:
    assert await world.refused("organiser", "PUT", f"{CADRES}/{Q2}/notice") == "422 closing.history"


async def test_a_period_that_ended_the_day_before_going_live_is_history(world: ClosingWorld) -> None:
    world.clock.move_to(AFTER_2023)
    await world.move_go_live(date(2024, 1, 1))

    assert await world.refused("organiser", "PUT", f"{CADRES}/{Q4}/notice") == "422 closing.history"


@pytest.mark.parametrize(
    ("period", "answer"),
    [
        ("2023", "422 closing.mean"),
        ("2022-Q4", "422 period.no_rule_book"),
        ("2023-W40", "422 period.unsuited"),
        ("autumn", "422 period.unclear"),
    ],
)
async def test_only_score_periods_a_book_rules_are_closed(world: ClosingWorld, period: str, answer: str) -> None:
    world.clock.move_to(AFTER_2023)

    assert await world.refused("organiser", "PUT", f"{CADRES}/{period}/notice") == answer


async def test_only_the_desk_of_the_township_opens_a_notice(world: ClosingWorld) -> None:
    asked = {
        who: await world.refused(who, "PUT", f"{CADRES}/{Q3}/notice")
        for who in ("county", "branch secretary", "cadre", "stranger")
    }

    assert asked == {
        "county": "403 access.forbidden",
        "branch secretary": "403 access.forbidden",
        "cadre": "403 access.forbidden",
        "stranger": "404 township.unknown",
    }
    assert await world.refused("organiser", "PUT", f"/branch/{BRANCH}/2023/notice") == "404 township.unknown"


async def test_nothing_is_sealed_while_the_notice_runs(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER - timedelta(days=1))

    early = await world.refused("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
    world.clock.move_to(NOTICE_OVER)
    confirmed = await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)

    assert (early, confirmed["state"], confirmed["revision"]) == ("409 closing.notice_not_over", "sealing", 2)


async def test_confirming_again_changes_nothing(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER)
    first = await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)

    assert first == await world.done("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)


async def test_who_opened_the_notice_does_not_confirm(world: ClosingWorld) -> None:
    await world.done("secretary", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER)

    own = await world.refused("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
    others = await world.done("organiser", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)

    assert (own, others["state"]) == ("403 closing.own_notice", "sealing")


async def test_where_an_organiser_opened_it_only_the_secretary_confirms(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER)

    answers = [
        await world.refused(who, "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
        for who in ("organiser", "county", "far secretary")
    ]

    assert answers == ["403 access.forbidden", "403 access.forbidden", "404 closing.unknown"]


async def test_what_was_never_on_notice_is_not_sealed(world: ClosingWorld) -> None:
    assert await world.refused("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1) == "404 closing.unknown"


async def test_whoever_saw_another_revision_looks_again(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    world.clock.move_to(NOTICE_OVER)

    assert await world.refused("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=7) == "412 object.stale"


async def test_open_objections_of_the_period_hinder_the_sealing(world: ClosingWorld) -> None:
    await world.done("organiser", "PUT", f"{CADRES}/{Q3}/notice")
    await world.object_to(Q3)
    await world.object_to(Q4, name="of another period")
    world.clock.move_to(NOTICE_OVER)

    response = await world.call("secretary", "PUT", f"{CADRES}/{Q3}/sealing", seen=1)
    shown = await world.done("organiser", "GET", f"{CADRES}/{Q3}")

    assert (response.status_code, response.json()["code"]) == (409, "closing.objections_open")
    assert "1 件异议" in response.json()["detail"]
    assert shown["open_objections"] == 1


async def test_branches_not_reviewed_hinder_the_sealing_by_name(world: ClosingWorld) -> None:
    world.clock.move_to(AFTER_2023)
    await world.done("organiser", "PUT", f"{BRANCHES}/2023/notice")
    await world.fold(_review(BRANCH))
    world.clock.move_to(OVER_2023)

    response = await world.call("secretary", "PUT", f"{BRANCHES}/2023/sealing", seen=1)
    shown = await world.done("organiser", "GET", f"{BRANCHES}/2023")
    await world.fold(_review(OTHER_BRANCH))
    confirmed = await world.done("secretary", "PUT", f"{BRANCHES}/2023/sealing", seen=1)

    assert (response.json()["code"], confirmed["state"]) == ("closing.reviews_awaited", "sealing")
    assert OTHER_BRANCH in response.json()["detail"]
    assert (shown["reviews_awaited"], shown["reviews_awaited_of"]) == (1, [OTHER_BRANCH])


async def test_periods_are_sealed_one_after_the_other(world: ClosingWorld) -> None:
    world.clock.move_to(AFTER_2023)
    await world.done("organiser", "PUT", f"{CADRES}/{Q4}/notice")
    world.clock.move_to(OVER_2023)

    early = await world.refused("secretary", "PUT", f"{CADRES}/{Q4}/sealing", seen=1)
    shown = await world.done("organiser", "GET", f"{CADRES}/{Q4}")
    await world.closed("cadre", Q3, opened=OVER_2023, confirmed=date(2024, 1, 24))
    confirmed = await world.done("secretary", "PUT", f"{CADRES}/{Q4}/sealing", seen=1)

    assert (early, shown["earlier_period_open"]) == ("409 closing.earlier_period_open", Q3)
    assert confirmed["state"] == "sealing"


async def test_the_desk_follows_a_closing_to_its_end(world: ClosingWorld) -> None:
    await world.closed("cadre", Q3, opened=AFTER_Q3, confirmed=NOTICE_OVER)

    shown = await world.done("county", "GET", f"{CADRES}/{Q3}")

    assert (shown["state"], shown["subjects"], shown["sealed_so_far"], shown["sealed_on"]) == (
        "sealed",
        2,
        2,
        NOTICE_OVER.isoformat(),
    )
    assert [entry["what"] for entry in shown["trail"]] == ["opened", "confirmed"]
    assert await world.refused("branch secretary", "GET", f"{CADRES}/{Q3}") == "403 access.forbidden"
    assert await world.refused("stranger", "GET", f"{CADRES}/{Q3}") == "404 closing.unknown"


async def test_the_list_goes_on_where_its_page_ended_and_keeps_to_the_scope(world: ClosingWorld) -> None:
    world.clock.move_to(AFTER_2023)
    for path in (f"{CADRES}/{Q3}", f"{CADRES}/{Q4}", f"{BRANCHES}/2023"):
        await world.done("organiser", "PUT", f"{path}/notice")
        world.clock.advance(days=1)
    await world.done("stranger", "PUT", f"/cadre/{OTHER_TOWNSHIP}/{Q3}/notice")

    first = await world.done("organiser", "GET", "", limit=2)
    second = await world.done("organiser", "GET", "", limit=2, cursor=first["next"])
    narrowed = await world.done("county", "GET", "", standard="cadre", period=Q3, state="notice")

    assert [(item["standard"], item["period"]) for item in first["items"]] == [("branch", "2023"), ("cadre", Q4)]
    assert [(item["standard"], item["period"]) for item in second["items"]] == [("cadre", Q3)]
    assert second["next"] is None
    assert [item["township_id"] for item in narrowed["items"]] == [OTHER_TOWNSHIP, TOWNSHIP]


def _review(branch_id: str) -> Fact[Event]:
    event = ReviewMarked(
        branch_id=branch_id,
        period="2023",
        mark=Decimal(90),
        counts_on=date(2023, 12, 31),
        occurred_on=AFTER_2023,
    )
    return a_fact(event, derived_id("review", branch_id), 1, OrganisationPath((COUNTY, TOWNSHIP, branch_id)))
