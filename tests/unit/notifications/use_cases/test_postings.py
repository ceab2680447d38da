"""Postings that are learnt, changed, told again, cut short: only the weeks and the cadre they are about are touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from services.notifications.adapters.in_memory import InMemoryAgendas
from services.notifications.domain.week_terms import week_obligation_id
from shared.events.base import Event
from shared.kernel.calendar import Period
from shared.kernel.errors import Unavailable
from shared.kernel.ids import CadreId, derived_id
from tests.unit.notifications.world import (
    CADRE,
    COLLEAGUE,
    COUNTY,
    ELSEWHERE,
    FAR_BRANCH,
    TOWNSHIP,
    World,
    local,
    posting,
)

WEEKS = ("2023-W47", "2023-W48", "2023-W49", "2023-W50")


def weeks_of(cadre: str, *weeks: str) -> set[str]:
    return {week_obligation_id("weekly-visit", CadreId(cadre), Period.parse(week)) for week in weeks}


@contextmanager
def looked_for(world: World) -> Iterator[set[str]]:
    """The obligations that are read meanwhile."""
    find, found = world.obligations.find, set()

    async def noting(id_: str) -> Any:
        found.add(id_)
        return await find(id_)

    world.obligations.find = noting  # type: ignore[method-assign]
    yield found
    world.obligations.find = find  # type: ignore[method-assign]


def far(cadre: str = CADRE, **changed: Any) -> tuple[Event, dict[str, Any]]:
    """A posting in another township."""
    event, envelope = posting(cadre, posting_id=derived_id("far", cadre), organisation_id=FAR_BRANCH, **changed)
    return event, {**envelope, "path": f"{COUNTY}/{ELSEWHERE}/{FAR_BRANCH}"}


async def test_a_posting_that_is_learnt_opens_weeks_for_its_cadre_alone(world: World) -> None:
    await world.at("2023-12-12 12:00")
    with looked_for(world) as found:
        await world.learn(posting(COLLEAGUE, starts_on=date(2023, 11, 27)))
        await world.at("2023-12-12 12:00")

    assert found == weeks_of(COLLEAGUE, *WEEKS[1:])
    assert [world.owed(week, COLLEAGUE).state for week in WEEKS[1:]] == ["missed", "overdue", "open"]


async def test_a_posting_that_ends_touches_only_the_weeks_from_its_end_on(world: World) -> None:
    await world.at("2023-12-12 12:00")
    with looked_for(world) as found:
        await world.learn(posting(ends_on=date(2023, 12, 7)))
        await world.at("2023-12-12 12:00")

    assert found == weeks_of(CADRE, "2023-W49", "2023-W50")


async def test_an_end_that_is_put_off_opens_the_weeks_it_leaves_room_for(world: World) -> None:
    await world.learn(posting(ends_on=date(2023, 11, 26)))
    await world.at("2023-12-12 12:00")
    assert world.week("2023-W48") is None
    event, envelope = posting(ends_on=date(2023, 12, 10))
    with looked_for(world) as found:
        await world.learn((event, {**envelope, "revision": 3}))
        await world.at("2023-12-12 12:00")

    assert [world.owed(week).state for week in WEEKS[:3]] == ["missed", "missed", "overdue"]
    assert world.week("2023-W50") is None
    assert not found & weeks_of(CADRE, "2023-W47")


async def test_once_its_weeks_are_opened_a_posting_is_not_asked_for_again(world: World) -> None:
    await world.at("2023-12-12 12:00")
    await world.learn(posting(COLLEAGUE))
    await world.at("2023-12-12 12:00")

    due = await world.ports.agendas.due(date(2030, 1, 1))
    assert {agenda.cadre_id for agenda in due} == {None}


async def test_a_posting_whose_learner_died_before_asking_is_finished_when_the_fact_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.at("2023-12-12 12:00")
    told = world.fact(*posting(COLLEAGUE))

    async def away(_self: InMemoryAgendas, _cadre: CadreId, _from: date) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(InMemoryAgendas, "ask_for", away)
        with pytest.raises(Unavailable):
            await world.handle(told)
    await world.handle(told)
    await world.at("2023-12-12 12:00")

    assert [world.owed(week, COLLEAGUE).state for week in WEEKS] == ["missed", "missed", "overdue", "open"]


async def test_a_posting_told_again_changes_nothing(world: World) -> None:
    await world.at("2023-12-12 12:00")
    before = dict(world.obligations.things)
    await world.learn(posting())
    await world.at("2023-12-12 12:00")

    assert dict(world.obligations.things) == before


async def test_who_is_posted_in_two_townships_owes_where_it_is_live(world: World) -> None:
    await world.learn(far(starts_on=date(2023, 1, 2)))
    await world.at("2023-11-20 12:00")

    assert world.published == ["Opened"]
    assert world.owed("2023-W47").terms.organisation_id == TOWNSHIP


async def test_once_both_townships_are_live_the_posting_that_began_first_decides(world: World) -> None:
    await world.learn(far(starts_on=date(2023, 1, 2)))
    await world.at("2023-11-22 12:00")
    await world.go_live(date(2023, 11, 22), ELSEWHERE)
    await world.at("2023-11-27 12:00")

    owed = [world.owed(week).terms.organisation_id for week in WEEKS[:2]]
    assert owed == [TOWNSHIP, ELSEWHERE]


async def test_a_posting_where_nothing_is_live_does_not_cover_a_week_elsewhere(world: World) -> None:
    await world.learn(far(starts_on=date(2023, 1, 2)))
    await world.at("2023-11-22 12:00")
    await world.learn(posting(ends_on=date(2023, 11, 23)))

    assert world.owed("2023-W47").state == "waived"


async def test_a_history_span_is_judged_where_nothing_is_live_yet() -> None:
    world = World()
    world.clock.set(local("2026-09-20 12:00"))
    await world.learn(posting(starts_on=date(2023, 10, 2)), far(starts_on=date(2023, 11, 1)))
    await world.span(date(2023, 10, 2), date(2023, 12, 31), closed=True)
    await world.at("2026-09-20 12:02")

    assert {thing.terms.organisation_id for thing in world.obligations.things.values()} == {TOWNSHIP}
    assert len(world.obligations.things) == 13
