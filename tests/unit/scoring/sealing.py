"""A subject's life with seals in it: facts that arrive in some order, and periods sealed with what was known then."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from hypothesis import strategies as st

from services.scoring.adapters.in_memory import (
    InMemoryAnnouncements,
    InMemoryCards,
    InMemoryLedger,
    InMemoryNotices,
    InMemorySeals,
)
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.points import decimal_points
from services.scoring.domain.seal import Seal, seal
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.events.scoring import PeriodSealed, Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.clock import at_local_time
from shared.kernel.ids import EventId, derived_id
from shared.testing.clock import StoppedClock
from tests.unit.scoring.facts import CADRE, COUNTY, TOWNSHIP, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.lives import MEMBER, DeedLife, ExemptionLife, MeetingLife

GENERATION = load_generation()
QUARTERS = tuple(Period.parse(name) for name in ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"))
YEARS = tuple(Period.parse(name) for name in ("2023", "2024", "2025"))
_HOME = OrganisationPath((COUNTY, TOWNSHIP))
_LATE = 0.15
"""How many facts are recorded late, and how many arrive late."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Facts in the order they arrive; before the fact of that number, a period is sealed with what is known then."""

    standard: Standard
    subject_id: str
    facts: tuple[Fact[Event], ...]
    sealed_before: tuple[tuple[int, Period], ...]


def in_memory() -> Ports:
    """A build nothing was folded into."""
    return Ports(
        generation=GENERATION,
        ledger=InMemoryLedger(),
        cards=InMemoryCards(),
        announcements=InMemoryAnnouncements(),
        seals=InMemorySeals(),
        notices=InMemoryNotices(),
        directory=InMemoryDirectory(),
        clock=StoppedClock(),
    )


def state_of(ports: Ports) -> tuple[object, ...]:
    """Everything folding writes."""
    ledger = cast("InMemoryLedger", ports.ledger)
    cards, seals = cast("InMemoryCards", ports.cards), cast("InMemorySeals", ports.seals)
    return ledger.kept, {key: card for key, card in cards.kept.items() if card.totals}, seals.kept


def recorded(fact: Fact[Event], day: date) -> Fact[Event]:
    """The same fact, recorded at noon of another day."""
    return replace(fact, recorded_at=at_local_time(day, time(12)))


async def made_seal(standard: Standard, subject_id: str, period: Period, ports: Ports, at: datetime) -> Seal:
    """The seal of what is known now, as the sealer makes it."""
    key = CardKey(standard, subject_id, period.name)
    known = await known_of((standard, subject_id), ports, besides=key)
    return seal(key, known, ports.generation, at)


def fact_of(made: Seal) -> Fact[Event]:
    """The fact that carries a seal."""

    def shown(points: int | None) -> Decimal | None:
        return None if points is None else decimal_points(points)

    key = made.key
    event = PeriodSealed(
        organisation_id=TOWNSHIP,
        standard=key.standard,
        subject_id=key.subject_id,
        period=key.period,
        book_version=made.book_version,
        points=shown(made.points),
        items=decimal_points(made.items),
        attainable=shown(made.attainable),
        digest=made.digest,
        entries=tuple(sorted(made.entries)),
        category=made.category,
        occurred_on=made.sealed_at.date(),
    )
    id_ = derived_id("seal", key.standard, key.subject_id, key.period)
    return Fact(EventId(derived_id("sealed", id_)), "scoring", id_, 1, made.sealed_at, _HOME, event)


async def lived(telling: Telling) -> tuple[Ports, list[Fact[Event]], dict[str, Seal]]:
    """The telling as it was lived: what was folded, every fact in order, the seals as they were made."""
    ports, told, seals = in_memory(), [], {}
    plan = list(telling.sealed_before)
    for number in range(len(telling.facts) + 1):
        while plan and plan[0][0] == number:
            _, period = plan.pop(0)
            at = datetime.combine(period.last + timedelta(days=10), time(4), UTC)
            made = await made_seal(telling.standard, telling.subject_id, period, ports, at)
            seals[period.name] = made
            told.append(fact_of(made))
            await fold_facts(told[-1:], ports)
        if number < len(telling.facts):
            told.append(telling.facts[number])
            await fold_facts(told[-1:], ports)
    return ports, told, seals


async def folded(facts: Sequence[Fact[Event]], seed: int) -> Ports:
    """The same facts in another order, with repetitions, in batches."""
    chance, ports = random.Random(seed), in_memory()  # noqa: S311 - an order, not a secret
    shuffled = [*facts, *chance.sample(list(facts), len(facts) // 2)]
    chance.shuffle(shuffled)
    while shuffled:
        size = chance.randint(1, 4)
        await fold_facts(shuffled[:size], ports)
        del shuffled[:size]
    return ports


def _days(periods: Sequence[Period]) -> st.SearchStrategy[date]:
    span = (periods[-1].last - periods[0].first).days
    return st.integers(0, span).map(lambda number: periods[0].first + timedelta(days=number))


@st.composite
def _told(draw: st.DrawFn, facts: list[Fact[Event]], standard: Standard, subject_id: str) -> Telling:
    """Most facts are recorded soon and arrive at once, some late; periods are sealed in turn some time after they end.

    What is recorded late, or arrives late, may miss the seals of one period or of several.
    """
    periods = QUARTERS if standard == "cadre" else YEARS
    length = (periods[0].last - periods[0].first).days
    chance = random.Random(draw(st.integers(0, 10**6)))  # noqa: S311 - an order, not a secret

    def later(day: date) -> date:
        return day + timedelta(days=chance.randint(0, 2 * length) if chance.random() < _LATE else chance.randint(0, 5))

    stamped = [(later(day := later(fact.event.day)), chance.random(), recorded(fact, day)) for fact in facts]
    stamped.sort(key=lambda each: each[:2])
    sealed_on = [
        period.last + timedelta(days=chance.randint(5, length)) for period in periods[: draw(st.integers(1, 3))]
    ]
    places = [
        sum(arrived <= max(sealed_on[: number + 1]) for arrived, *_ in stamped) for number in range(len(sealed_on))
    ]
    order = tuple(fact for *_, fact in stamped)
    return Telling(standard, subject_id, order, tuple(zip(places, periods, strict=False)))


@st.composite
def cadres(draw: st.DrawFn) -> Telling:
    """A cadre's weeks, visits, problems and deadlines of a year."""
    days = _days(QUARTERS[:2])
    facts: list[Fact[Event]] = []
    for number in range(draw(st.integers(0, 4))):
        visit = VisitLife(f"{number}").log(draw(days))
        facts += (visit.correct(draw(days)) if draw(st.booleans()) else visit).facts
    for number in range(draw(st.integers(0, 4))):
        problem = ProblemLife(f"{number}").confirm(draw(days))
        facts += (problem.withdraw() if draw(st.booleans()) else problem).facts
    for number in range(draw(st.integers(0, 4))):
        late = ObligationLife("problem-deadline", draw(days), CADRE, name=f"{number}").open().miss()
        facts += (late.satisfy_late(after_grace=True) if draw(st.booleans()) else late).facts
    for number in range(draw(st.integers(1, 8))):
        sunday = date(2023, 1, 8) + timedelta(days=7 * draw(st.integers(0, 24)))
        week = ObligationLife("weekly-visit", sunday, CADRE, name=f"{number}").open()
        facts += (week.waive() if draw(st.integers(0, 3)) == 0 else week).facts
    return draw(_told(facts, "cadre", CADRE))


@st.composite
def members(draw: st.DrawFn) -> Telling:
    """A member's meetings, deeds and exemptions of three years."""
    days = _days(YEARS[:2])
    facts: list[Fact[Event]] = []
    for number in range(draw(st.integers(0, 6))):
        meeting = MeetingLife(f"{number}").hold(draw(days), MEMBER)
        facts += (meeting.withdraw() if draw(st.booleans()) else meeting).facts
    for number in range(draw(st.integers(0, 4))):
        deed = DeedLife(f"{number}").take_effect(draw(days))
        facts += (deed.withdraw() if draw(st.booleans()) else deed).facts
    for number in range(draw(st.integers(0, 3))):
        first, length = draw(days), draw(st.integers(0, 500))
        exemption = ExemptionLife(f"{number}").grant(first, first + timedelta(days=length))
        facts += (exemption.withdraw() if draw(st.booleans()) else exemption).facts
    return draw(_told(facts, "member", MEMBER))
