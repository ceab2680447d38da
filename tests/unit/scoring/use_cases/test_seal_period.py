"""A quarter from its facts over its notice to its seal, and what comes after it (the whole way, in memory)."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.awards import CardKey
from services.scoring.domain.passport import Passport
from services.scoring.domain.seal import short_name
from services.scoring.use_cases.read_passport import ReadPassport, read_passport
from shared.events.base import Event, Fact
from shared.kernel.access import Role
from shared.testing.access import a_caller
from tests.unit.scoring.closing_world import (
    AFTER_2023,
    AFTER_Q3,
    MEMBER,
    NOTICE_OVER,
    OTHER_MEMBER,
    OVER_2023,
    Q3,
    Q4,
    ClosingWorld,
    a_closing_world,
)
from tests.unit.scoring.facts import CADRE, TOWNSHIP, ObligationLife, VisitLife
from tests.unit.scoring.lives import ExemptionLife, MeetingLife
from tests.unit.scoring.sealing import recorded

SUNDAYS = (date(2023, 8, 6), date(2023, 8, 13))
OCTOBER, LATER = date(2023, 10, 20), date(2023, 10, 25)


@pytest.fixture
async def world() -> AsyncIterator[ClosingWorld]:
    async with a_closing_world() as world:
        yield world


def _weeks() -> list[Fact[Event]]:
    """Two weeks of 5 points each, one visit in the first of them: 2 of 10."""
    weeks = [fact for sunday in SUNDAYS for fact in ObligationLife("weekly-visit", sunday, CADRE).open().facts]
    told = [*weeks, *VisitLife("in time").log(date(2023, 8, 1)).facts]
    return [recorded(fact, date(2023, 8, 20)) for fact in told]


def _late_visits() -> tuple[Fact[Event], Fact[Event]]:
    """Two visits of the second week that came after the seal: only one of them counts."""
    visits = [VisitLife(name).log(date(2023, 8, 8)).facts[0] for name in ("first", "second")]
    return recorded(visits[0], OCTOBER), recorded(visits[1], LATER)


async def _passport(world: ClosingWorld, period: str) -> tuple[str, Passport]:
    caller = a_caller(Role.ORGANISER, TOWNSHIP)
    found = await read_passport(ReadPassport(caller, "cadre", CADRE, period), world.scored)
    return found.state, found.passport


async def _lived(*late: Fact[Event]) -> dict[str, Any]:
    """The third quarter sealed, then these facts one by one; what the passports of both quarters show."""
    async with a_closing_world() as world:
        await world.fold(*_weeks())
        await world.closed("cadre", Q3, opened=AFTER_Q3, confirmed=NOTICE_OVER)
        for fact in late:
            await world.fold(fact)
        sealed_state, third = await _passport(world, Q3)
        open_state, fourth = await _passport(world, Q4)
        return {
            "states": (sealed_state, open_state),
            "points": (third.score.points, fourth.score.corrections),
            "late": [(line.entry.event_id, line.target, line.points) for line in third.late],
            "posted": [(line.entry.event_id, line.sealed.period, line.points) for line in fourth.corrections],
            "shown": [line.award.event_id for line in third.awards],
            "card": (await world.scored.cards.get([CardKey("cadre", CADRE, Q4)]))[CardKey("cadre", CADRE, Q4)],
        }


async def test_a_seal_carries_the_score_and_the_entries_it_is_made_of(world: ClosingWorld) -> None:
    await world.fold(*_weeks())
    await world.closed("cadre", Q3, opened=AFTER_Q3, confirmed=NOTICE_OVER)

    sealed = world.sealed(CADRE, Q3)
    entries = await world.scored.ledger.entries(CardKey("cadre", CADRE, Q3))
    assert (sealed.points, sealed.items, sealed.attainable) == (Decimal(20), Decimal(2), Decimal(10))
    assert sealed.entries == tuple(sorted(short_name(entry.id) for entry in entries))
    assert (sealed.organisation_id, sealed.book_version, sealed.occurred_on) == (TOWNSHIP, "2023.1", NOTICE_OVER)
    kept = (await world.scored.seals.of([CardKey("cadre", CADRE, Q3)]))[CardKey("cadre", CADRE, Q3)]
    assert kept.seal.digest == sealed.digest


async def test_what_comes_after_the_seal_corrects_the_quarter_that_was_open_then() -> None:
    first, _ = _late_visits()

    lived = await _lived(first)

    assert lived["states"] == ("sealed", "live")
    # 2 of 10 were sealed; with the late visit it would have been 4 of 10.
    assert lived["points"] == (2000, 2000)
    assert lived["late"] == [(first.id, Q4, 2000)]
    assert lived["posted"] == [(first.id, Q3, 2000)]
    assert first.id not in lived["shown"]


async def test_what_was_recorded_earlier_may_arrive_last() -> None:
    first, second = _late_visits()

    lived = [await _lived(first, second), await _lived(second, first)]

    assert lived[0] == lived[1]
    assert lived[0]["late"] == [(first.id, Q4, 2000), (second.id, Q4, 0)]


async def test_a_correction_is_inside_the_seal_of_the_quarter_it_was_posted_to(world: ClosingWorld) -> None:
    await world.fold(*_weeks())
    await world.closed("cadre", Q3, opened=AFTER_Q3, confirmed=NOTICE_OVER)
    late, later = _late_visits()
    october = [*ObligationLife("weekly-visit", date(2023, 11, 5), CADRE).open().facts]
    await world.fold(late, *october)
    await world.closed("cadre", Q4, opened=AFTER_2023, confirmed=OVER_2023)
    sealed = world.sealed(CADRE, Q4)
    await world.fold(later)

    _, fourth = await _passport(world, Q4)
    assert (sealed.points, len(sealed.entries)) == (Decimal(20), 2)
    assert (fourth.score.points, fourth.score.corrections) == (2000, 2000)
    assert [line.entry.event_id for line in fourth.corrections] == [late.id]


async def test_an_exemption_known_before_the_seal_is_inside_it_and_one_known_later_corrects(
    world: ClosingWorld,
) -> None:
    for member in (MEMBER, OTHER_MEMBER):
        await world.fold(*MeetingLife(f"of {member}").hold(date(2023, 9, 1), member).facts)
    spring = date(2023, 5, 1)
    await world.fold(*ExemptionLife("known", MEMBER).grant(spring).facts)
    await world.closed("member", "2023", opened=AFTER_2023, confirmed=OVER_2023)
    late = recorded(ExemptionLife("late", OTHER_MEMBER).grant(spring).facts[0], date(2024, 2, 1))
    await world.fold(late)

    known, exempted = world.sealed(MEMBER, "2023"), world.sealed(OTHER_MEMBER, "2023")
    following = CardKey("member", OTHER_MEMBER, "2024")
    card = (await world.scored.cards.get([following]))[following]
    assert (known.points, len(known.entries)) == (Decimal(100), 2)
    assert (exempted.points, len(exempted.entries)) == (Decimal(95), 1)
    assert [total.points for total in card.totals.values()] == [500]


async def test_whom_nothing_happened_to_is_sealed_with_the_base_points(world: ClosingWorld) -> None:
    await world.closed("member", "2023", opened=AFTER_2023, confirmed=OVER_2023)

    sealed = world.sealed(MEMBER, "2023")

    assert (sealed.points, sealed.entries) == (Decimal(100), ())
