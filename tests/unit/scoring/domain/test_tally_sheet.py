"""The tally sheet ends where the ledgers of all its generations would, in any order and with repetitions."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import RULES, load_generation, load_whitelist, parse_rule_book
from services.scoring.domain.awards import LASTING, OPEN_END, CardKey
from services.scoring.domain.card import Day, Total, totals
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule import AwardTerms
from services.scoring.domain.rule_book import Effective
from services.scoring.domain.tally_sheet import TallySheet
from shared.events.base import Event, Fact
from shared.events.scoring import ObjectionUpheld, Standard
from shared.events.visits import ProblemConfirmed, ResolutionWithdrawn, VisitLogged
from shared.kernel.ids import derived_id, derived_numbers, id_number
from tests.tried import tried
from tests.unit.scoring.domain.test_fold import lives
from tests.unit.scoring.facts import BRANCH, CADRE, OTHER_BRANCH, ObligationLife, VisitLife, a_fact
from tests.unit.scoring.lives import (
    MEMBER,
    OTHER_MEMBER,
    THIRD_MEMBER,
    DeedLife,
    ExemptionLife,
    ListingLife,
    MeetingLife,
    ReviewLife,
)
from tests.unit.scoring.oracle import Life

Summed = Mapping[CardKey, Mapping[Day, Total]]
LIVE = load_generation()
WHITELIST = load_whitelist(RULES / "whitelist.yaml")
STANDARDS: tuple[Standard, ...] = ("branch", "cadre", "member")
STARTS = (date(2023, 1, 1), date(2023, 2, 2), date(2024, 1, 1), date(2025, 1, 1))


def drafted(standard: Standard, start: date) -> Generation:
    """The live books of a standard followed by a draft: other points, another cap, one rule less."""
    [live] = LIVE.of(standard)
    text = (RULES / "standards" / f"{standard}.2023.1.yaml").read_text(encoding="utf-8")
    changed = text.replace('version: "2023.1"', 'version: "2099.1"').replace("2023-01-01", start.isoformat())
    changed = changed.replace("points: 2}", "points: 4}").replace("points: -1}", "points: -2}")
    draft = parse_rule_book(changed, WHITELIST, "draft.yaml")
    draft = draft.model_copy(update={"rules": draft.rules[:-1]})
    return Generation((live, draft) if start > live.effective.from_ else (draft,))


def by_sheet(sheet: TallySheet, number: int) -> Summed:
    return {key: card.totals for subject_id in sheet.subjects for key, card in sheet.cards(subject_id)[number].items()}


def by_ledger(generation: Generation, facts: Iterable[Fact[Event]], standard: Standard) -> Summed:
    entries = [entry for fact in facts for entry in generation.awards(fact) if entry.card.standard == standard]
    return totals(entries)


@st.composite
def other_facts(draw: st.DrawFn) -> list[Fact[Event]]:
    """What branches and members are scored by, corrected and withdrawn."""
    days = st.integers(0, 40).map(lambda number: date(2023, 12, 10) + timedelta(days=number))
    members = st.lists(st.sampled_from([MEMBER, OTHER_MEMBER, THIRD_MEMBER]), unique=True)
    told: list[Fact[Event]] = []
    for number in range(draw(st.integers(0, 6))):
        meeting = MeetingLife(f"{number}", draw(st.sampled_from(["lecture", "theme_day"])))
        meeting.hold(draw(days), *draw(members))
        for _ in range(draw(st.integers(0, 2))):
            meeting.correct(draw(days), *draw(members))
        told += (meeting.withdraw() if draw(st.booleans()) else meeting).facts
    for number in range(draw(st.integers(0, 6))):
        deed = DeedLife(f"{number}", draw(st.sampled_from(["voluntary", "post"]))).take_effect(draw(days))
        told += (deed.withdraw() if draw(st.booleans()) else deed).facts
    for branch_id in (BRANCH, OTHER_BRANCH):
        review = ReviewLife("2023", branch_id)
        for mark in draw(st.lists(st.sampled_from(["90", "85.5", "70"]), max_size=3)):
            review.mark(mark)
        told += review.facts
    for number in range(draw(st.integers(0, 3))):
        exemption = ExemptionLife(f"{number}").grant(draw(days), draw(st.none() | days))
        if draw(st.booleans()):
            exemption.change(draw(days))
        told += (exemption.withdraw() if draw(st.booleans()) else exemption).facts
        listing = ListingLife(f"{number}").listed(date(2023, 12, 1))
        told += (listing.accepted(date(2023, 12, 1), draw(days)) if draw(st.booleans()) else listing).facts
    return told


def objections(facts: list[Fact[Event]], chance: random.Random) -> list[Fact[Event]]:
    """Some of what was awarded is taken back by objections, some of it by two."""
    entries = [entry for fact in facts for entry in LIVE.awards(fact) if entry.card.period != LASTING]
    found: list[Fact[Event]] = []
    for entry in chance.sample(entries, len(entries) // 6):
        for number in range(chance.randrange(1, 3)):
            upheld = ObjectionUpheld(
                objection_id=derived_id("objection", entry.id, number),
                standard=entry.card.standard,
                subject_id=entry.card.subject_id,
                organisation_id=BRANCH,
                period=entry.card.period,
                award_id=entry.award_id,
                rule_id=entry.rule_id,
                counts_on=entry.day,
                occurred_on=date(2024, 2, 1),
            )
            found.append(a_fact(upheld, upheld.objection_id, 2))
    return found


@tried(40)
@given(lives(), other_facts(), st.sampled_from(STARTS), st.integers(0, 2**32), st.integers(1, 40))
def test_a_sheet_equals_the_ledgers_whatever_the_order(
    told: list[Life], others: list[Fact[Event]], start: date, seed: int, size: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    facts = [fact for life in told for fact in life.facts] + others
    facts += objections(facts, chance)
    shuffled = [*facts, *chance.sample(facts, len(facts) // 3)]
    chance.shuffle(shuffled)
    for standard in STANDARDS:
        generations = (Generation(LIVE.of(standard)), drafted(standard, start))
        sheet = TallySheet(standard, generations)
        for at in range(0, len(shuffled), size):
            sheet.add(fact for fact in shuffled[at : at + size] if fact.type in sheet.types)

        for number, generation in enumerate(generations):
            assert by_sheet(sheet, number) == by_ledger(generation, facts, standard)


@tried(25)
@given(lives(), st.integers(0, 2**32))
def test_only_the_subjects_and_periods_wanted_are_kept(told: list[Life], seed: int) -> None:
    facts = [fact for life in told for fact in life.facts]
    random.Random(seed).shuffle(facts)  # noqa: S311 - same
    sheet = TallySheet("cadre", (LIVE,), subjects=[CADRE], periods=["2023-Q4"])
    sheet.add(facts)
    wanted = {
        key: days
        for key, days in by_ledger(LIVE, facts, "cadre").items()
        if key.subject_id == CADRE and key.period in {"2023-Q4", LASTING}
    }

    assert by_sheet(sheet, 0) == wanted


def test_what_no_rule_of_the_standard_looks_at_need_not_be_read() -> None:
    types = TallySheet("cadre", (LIVE,)).types

    assert {VisitLogged.TYPE, ProblemConfirmed.TYPE, ResolutionWithdrawn.TYPE, ObjectionUpheld.TYPE} <= types
    assert [type_ for type_ in types if type_.startswith(("xianfeng.duties.", "xianfeng.scoring.deed."))] == []


def test_whom_nothing_happened_to_has_no_cards() -> None:
    sheet = TallySheet("cadre", (LIVE, LIVE))
    sheet.add(VisitLife("visit").log(date(2023, 11, 20)).facts)

    assert list(sheet.subjects) == [CADRE]
    assert sheet.cards("nobody") == ({}, {})


def test_a_draft_that_names_the_subject_by_another_field_loses_nothing() -> None:
    """Its awards have the ids they have today, and so do the reversals."""
    [live] = LIVE.of("cadre")
    [attainable] = live.attainable
    draft = live.model_copy(
        update={"attainable": (attainable.model_copy(update={"award": AwardTerms(to="cadre_id", points=500)}),)}
    )
    kept = ObligationLife("weekly-visit", date(2023, 11, 26), name="kept").open()
    waived = ObligationLife("weekly-visit", date(2023, 12, 3), name="waived").open().waive()
    facts = [*kept.facts, *waived.facts]
    generations = (Generation((live,)), Generation((draft,)))
    for told in (facts, facts[::-1], [*facts, *facts]):
        sheet = TallySheet("cadre", generations)
        sheet.add(told)

        for number, generation in enumerate(generations):
            assert by_sheet(sheet, number) == by_ledger(generation, facts, "cadre") != {}


def test_a_circumstance_is_read_as_the_version_in_force_on_its_first_day_says() -> None:
    [live] = LIVE.of("member")
    [exemption] = live.circumstances
    endless = tuple(lasting.model_copy(update={"until": None}) for lasting in exemption.lasts)
    older = live.model_copy(update={"circumstances": (exemption.model_copy(update={"lasts": endless}),)})
    newer = live.model_copy(update={"version": "2024.1", "effective": Effective.model_validate({"from": "2024-01-01"})})
    generation = Generation((older, newer))
    facts = [
        fact
        for first in (date(2022, 5, 1), date(2023, 5, 1), date(2024, 5, 1))
        for fact in ExemptionLife(f"{first}").grant(first, date(2025, 1, 31)).facts
    ]
    sheet = TallySheet("member", (generation,))
    sheet.add(facts)
    found = by_ledger(generation, facts, "member")

    [days] = found.values()
    assert {day.on.year: date.fromordinal(total.points) for day, total in days.items()} == {
        2022: OPEN_END,
        2023: OPEN_END,
        2024: date(2025, 1, 31),
    }
    assert by_sheet(sheet, 0) == found


@pytest.mark.parametrize("last", ["a\x1fb\x1f3", "一\x1f2"])
def test_an_id_as_a_number_is_the_id(last: str) -> None:
    id_ = derived_id("award", "rule", "cadre", *last.split("\x1f"))

    assert derived_numbers("award", "rule", "cadre")(last) == id_number(id_)
