"""A branch becomes another kind of branch: what was sealed, and what is late for it, stay what they were."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import correction_of
from services.scoring.domain.generation import Generation
from services.scoring.domain.score import Score
from services.scoring.domain.seal import corrections, seal_of
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_curve import read_curve
from services.scoring.use_cases.read_passport import ReadPassport, read_passport
from services.scoring.use_cases.read_score import ReadScore, read_score
from shared.events.base import Event, Fact
from shared.events.members import Category, OrganisationChanged, OrganisationRegistered
from shared.events.scoring import PeriodSealed
from shared.kernel.access import Role
from shared.kernel.calendar import Period
from shared.testing.access import a_caller
from tests.tried import tried
from tests.unit.scoring.facts import BRANCH, COUNTY, ObligationLife, a_fact
from tests.unit.scoring.lives import ReviewLife
from tests.unit.scoring.sealing import fact_of, in_memory, made_seal, recorded

YEAR = Period.parse("2023")
SEALED_AT = datetime(2024, 1, 16, 4, tzinfo=UTC)
SPRING = date(2024, 3, 1)
READER = a_caller(Role.COUNTY_ORGANISER, COUNTY)


def _for_villages_alone() -> Generation:
    """The shipped books; of branches only those of villages lose points for theme days."""
    shipped = load_generation()
    [book] = shipped.of("branch")
    rules = tuple(
        rule.model_copy(update={"categories": ("village",)}) if rule.id == "theme-day" else rule for rule in book.rules
    )
    others = tuple(each for each in shipped.books if each.standard != "branch")
    return Generation((*others, book.model_copy(update={"rules": rules})))


GENERATION = _for_villages_alone()


def _registered() -> Fact[Event]:
    event = OrganisationRegistered(
        organisation_id=BRANCH, kind="branch", title="演示", category="village", occurred_on=date(2023, 1, 1)
    )
    return a_fact(event, BRANCH, 1)


def _becomes(category: Category, revision: int = 2) -> Fact[Event]:
    event = OrganisationChanged(
        organisation_id=BRANCH, kind="branch", title="演示", category=category, occurred_on=date(2024, 2, 1)
    )
    return a_fact(event, BRANCH, revision)


def _missed(regulation: str, due_on: date) -> list[Fact[Event]]:
    return ObligationLife(regulation, due_on, branch_id=BRANCH).open().miss().facts


BEFORE = [
    recorded(fact, date(2024, 1, 2))
    for fact in (
        _registered(),
        *ReviewLife("2023").mark("90").facts,
        *_missed("theme-day", date(2023, 5, 31)),
        *_missed("general-meeting", date(2023, 3, 31)),
    )
]
LATE = [
    recorded(fact, SPRING)
    for fact in (*_missed("theme-day", date(2023, 6, 30)), *_missed("general-meeting", date(2023, 6, 30)))
]


def _ports() -> Ports:
    return replace(in_memory(), generation=GENERATION)


async def _sealed() -> Fact[Event]:
    """The fact of the year as it is sealed while the branch is a village's."""
    ports = _ports()
    await fold_facts(BEFORE, ports)
    return fact_of(await made_seal("branch", BRANCH, YEAR, ports, SEALED_AT))


async def _lived(facts: Sequence[Fact[Event]]) -> Ports:
    ports = _ports()
    for fact in facts:
        await fold_facts([fact], ports)
    return ports


async def _worth(ports: Ports) -> list[tuple[str, str, int]]:
    known = await known_of(("branch", BRANCH), ports)
    return [(line.entry.rule_id, line.target, line.points) for line in corrections(known, GENERATION)]


async def _posted(ports: Ports) -> dict[str, int]:
    [card] = (await ports.cards.get([CardKey("branch", BRANCH, "2024")])).values()
    return {str(correction_of(day)): total.points for day, total in card.totals.items()}


def _explained(score: Score) -> tuple[int | None, int, list[tuple[str, int]]]:
    return score.points, score.items, [(line.rule.id, line.counted) for line in score.lines if line.count]


@given(order=st.permutations(range(1 + len(LATE) + 1)), last=st.sampled_from(["office", "enterprise", "village"]))
@tried(60)
async def test_what_late_facts_correct_does_not_depend_on_what_the_branch_became(
    order: list[int], last: Category
) -> None:
    sealed = await _sealed()
    facts = [sealed, *LATE, _becomes(last)]
    ports = await _lived([*BEFORE, *(facts[number] for number in order)])

    # 1 point of a theme day and 3 of a general meeting, 70 per cent of the score.
    assert sorted(await _worth(ports)) == [("general-meeting", "2024", -210), ("theme-day", "2024", -70)]
    assert await _posted(ports) == {"2023": -280}


async def test_a_sealed_score_and_its_explanation_stay_when_the_branch_becomes_another_kind() -> None:
    sealed = await _sealed()
    query = ReadScore(READER, "branch", BRANCH, "2023")

    shown = []
    for after in ([], [_becomes("office")], [_becomes("office"), *LATE], [*LATE, _becomes("enterprise")]):
        ports = await _lived([*BEFORE, sealed, *after])
        found = await read_score(query, ports)
        told = await read_passport(ReadPassport(READER, "branch", BRANCH, "2023"), ports)
        [(_, weeks)] = (await read_curve(query, ports)).parts
        awards = [(line.award.rule_id, line.counted) for line in told.passport.awards]
        curve = [(point.on, point.items) for point in weeks]
        shown.append((_explained(found.score), _explained(told.passport.score), awards, curve))

    points, items, lines = shown[0][0]
    assert (points, items, sorted(lines)) == (9420, 9600, [("general-meeting", -300), ("theme-day", -100)])
    assert shown == [shown[0]] * 4


async def test_as_of_an_instant_a_sealed_period_is_explained_as_it_was_sealed() -> None:
    ports = await _lived([*BEFORE, await _sealed(), _becomes("office")])

    told = await read_passport(ReadPassport(READER, "branch", BRANCH, "2023", as_of=SEALED_AT), ports)

    assert sorted(line.award.rule_id for line in told.passport.awards) == ["general-meeting", "theme-day"]


async def test_a_seal_that_tells_no_category_goes_by_the_one_that_is_known() -> None:
    sealed = await _sealed()
    older = replace(sealed, event=sealed.event.model_copy(update={"category": None}))
    ports = await _lived([*BEFORE, older, *LATE])

    assert sorted(await _worth(ports)) == [("general-meeting", "2024", -210), ("theme-day", "2024", -70)]


async def test_the_category_is_no_part_of_the_digest() -> None:
    """A digest published before seals told their category is that of the same entries and points."""
    made = seal_of(cast("Fact[PeriodSealed]", await _sealed()))

    assert made.category == "village"
    assert made.digest == replace(made, category=None).digest
