"""Points follow the version in force on the fact's day, caps the version on the period's last day."""

import json
from datetime import date
from typing import Any

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.generation import Generation
from services.scoring.domain.passport import passport
from services.scoring.domain.refusals import NoBookInForce
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.score import Score, score
from shared.kernel.calendar import Period
from tests.unit.scoring.facts import CADRE, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.oracle import Life

QUARTER = Period.parse("2023-Q4")
KEY = CardKey("cadre", CADRE, QUARTER.name)
OLD_WEEK, NEW_WEEK = date(2023, 10, 17), date(2023, 11, 21)


def changed(book: RuleBook, **changes: object) -> RuleBook:
    return RuleBook.model_validate({**_raw(book), **changes})


def _raw(book: RuleBook) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(book.model_dump_json(by_alias=True))
    return raw


@pytest.fixture
def generation() -> Generation:
    """Until mid-November a visit is worth 2; from then on 3, and a confirmed problem nothing at all."""
    [book] = load_generation().of("cadre")
    before = changed(book, effective={"from": "2023-01-01", "to": "2023-11-15"})
    rules = [rule for rule in _raw(book)["rules"] if rule["id"] != "problem"]
    rules[0] = {**rules[0], "award": {"to": "cadre_id", "points": 3}, "cap": {"points": 3, "per": "week"}}
    after = changed(book, version="2023.2", effective={"from": "2023-11-16"}, rules=rules)
    return Generation((before, after))


def scored(generation: Generation, *told: Life) -> Score:
    entries = [award for life in told for fact in life.facts for award in generation.awards(fact)]
    return score(enter(Card(KEY), totals(entries).get(KEY, {})), generation.book("cadre", QUARTER))


def test_points_follow_the_version_of_the_day(generation: Generation) -> None:
    found = scored(generation, VisitLife("old").log(OLD_WEEK), VisitLife("new").log(NEW_WEEK))

    assert (found.items, found.book.version) == (200 + 300, "2023.2")


def test_caps_follow_the_version_of_the_last_day(generation: Generation) -> None:
    found = scored(generation, *(VisitLife(f"old {number}").log(OLD_WEEK) for number in range(2)))

    assert found.items == 300


def test_a_rule_that_was_dropped_still_explains_what_it_gave(generation: Generation) -> None:
    problem, late = ProblemLife("old").confirm(OLD_WEEK), ProblemLife("new").confirm(NEW_WEEK)
    entries = [award for life in (problem, late) for fact in life.facts for award in generation.awards(fact)]

    found = passport(KEY, entries, generation.book("cadre", QUARTER))

    [line] = found.awards
    assert (line.rule.title, line.award.book_version, line.counted) == ("解决问题", "2023.1", 100)
    assert found.score.items == 100


def test_a_correction_takes_back_what_the_old_version_gave(generation: Generation) -> None:
    moved = VisitLife("moved").log(OLD_WEEK).correct(NEW_WEEK)

    assert scored(generation, moved).items == 300
    assert scored(generation, moved.withdraw()).items == 0


def test_half_of_a_missed_deadline_comes_back_inside_the_same_cap(generation: Generation) -> None:
    missed = [ObligationLife("problem-deadline", OLD_WEEK, name=f"{number}").open().miss() for number in range(7)]
    done = ObligationLife("problem-deadline", OLD_WEEK, name="done").open().satisfy_late(after_grace=True)

    assert scored(generation, *missed, done).items == -500
    assert scored(generation, *missed[:2], done).items == -250


def test_before_the_first_version_nothing_is_scored(generation: Generation) -> None:
    with pytest.raises(NoBookInForce, match="2022-Q4"):
        generation.book("cadre", Period.parse("2022-Q4"))


def test_a_day_in_force_whose_weeks_thursday_no_version_knew_is_worth_nothing() -> None:
    sunday = date(2023, 1, 1)
    told = (VisitLife("visit").log(sunday).withdraw(), ProblemLife("problem").confirm(sunday))
    owed = ObligationLife("weekly-visit", sunday).open().waive()

    found = [award for life in (*told, owed) for fact in life.facts for award in load_generation().awards(fact)]

    assert found == []


def test_a_week_whose_thursday_an_earlier_version_knew_is_scored_there() -> None:
    [book] = load_generation().of("cadre")
    earlier = changed(book, effective={"from": "2023-01-01", "to": "2023-09-30"})
    later = changed(book, version="2023.2", effective={"from": "2023-10-01"})

    [fact] = VisitLife("visit").log(date(2023, 10, 1)).facts
    [award] = Generation((earlier, later)).awards(fact)

    assert (award.card.period, award.book_version) == ("2023-Q3", "2023.2")
