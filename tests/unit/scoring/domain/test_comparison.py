"""A comparison names who moves and by which rule, counts everybody, and ranks nobody."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, Day, Total
from services.scoring.domain.comparison import Bucket, RuleChange, Spread, Tried, compare
from services.scoring.domain.score import Score, score
from shared.events.scoring import Standard

GENERATION = load_generation()
DAY = date(2023, 11, 20)


def scored(standard: Standard, **points: int) -> Score:
    """A score of standing entries worth these hundredths, by rule (with underscores)."""
    period = "2023-Q4" if standard == "cadre" else "2023"
    days = {Day(rule.replace("_", "-"), DAY): Total(1, worth, 1) for rule, worth in points.items()}
    return score(Card(CardKey(standard, "subject", period), days), GENERATION.of(standard)[0])


def member(points: int) -> Score:
    """A member with so many points, which deductions and deeds make."""
    return scored("member", meeting_missed=100 * (points - 100)) if points < 100 else scored("member")


def test_a_mover_is_told_by_which_rules() -> None:
    before = scored("cadre", weekly_visit=200, problem=100, weekly_attainable=500)
    after = scored("cadre", weekly_visit=100, problem=100, weekly_attainable=400)
    result = compare([Tried("somebody", "2023-Q4", before, after)], ["2023-Q4"])
    [mover] = result.movers

    assert (mover.before, mover.after, mover.change) == (6000, 5000, -1000)
    assert mover.rules == (
        RuleChange("weekly-visit", "每周走访", "rule", 200, 100),
        RuleChange("weekly-attainable", before.attainable_lines[0].rule.title, "attainable", 500, 400),
    )


def test_everybody_is_counted_and_only_so_many_movers_are_kept() -> None:
    tried = [Tried(f"{number}", "2023", member(100), member(100 - number % 4)) for number in range(40)]
    result = compare(tried, ["2023"], most=5)
    [period] = result.periods

    assert (period.up, period.down, period.unchanged, period.unknown) == (0, 30, 10, 0)
    assert (result.moved, len(result.movers)) == (30, 5)
    assert {mover.change for mover in result.movers} == {-300}


def test_who_has_points_on_one_side_only_stands_first_and_has_no_change() -> None:
    reviewed = scored("cadre", weekly_visit=200, weekly_attainable=500)
    tried = [
        Tried("a", "2023-Q4", scored("cadre"), scored("cadre")),
        Tried("b", "2023-Q4", reviewed, scored("cadre", weekly_visit=100, weekly_attainable=500)),
        Tried("c", "2023-Q4", scored("cadre"), reviewed),
        Tried("d", "2023-Q4", None, reviewed),
    ]
    result = compare(tried, ["2023-Q4"])
    [period] = result.periods

    assert [(mover.subject_id, mover.change) for mover in result.movers] == [("c", None), ("d", None), ("b", -2000)]
    assert (period.up, period.down, period.unchanged, period.unknown) == (0, 1, 1, 2)
    assert period.before == Spread(scored=3, awaiting=2, mean=4000, median=4000)
    assert period.after == Spread(scored=4, awaiting=1, mean=3333, median=4000)


def test_points_lie_in_buckets_of_ten_without_gaps() -> None:
    tried = [Tried(name, "2023", member(100), member(points)) for name, points in (("a", 100), ("b", 71), ("c", 70))]
    [period] = compare(tried, ["2023"]).periods

    assert period.buckets == (Bucket(7000, 0, 2), Bucket(8000, 0, 0), Bucket(9000, 0, 0), Bucket(10000, 3, 1))


def test_grades_are_counted_where_the_book_has_them() -> None:
    tried = [Tried("a", "2023", member(100), member(80)), Tried("b", "2023", member(100), member(60))]
    [graded] = compare(tried, ["2023"]).periods
    cadre = scored("cadre", weekly_attainable=500)
    [ungraded] = compare([Tried("a", "2023-Q4", cadre, cadre)], ["2023-Q4"]).periods

    assert sum(each.before for each in graded.grades) == sum(each.after for each in graded.grades) == 2
    assert graded.grades[0].before == 2
    assert graded.grades[-1].title is None
    assert ungraded.grades == ()


def test_nobody_scored_is_an_empty_comparison() -> None:
    [period] = compare([], ["2023"]).periods

    assert (period.before, period.buckets) == (Spread(0, 0, None, None), ())


@given(st.lists(st.tuples(st.integers(60, 100), st.integers(60, 100)), max_size=30), st.integers(1, 10))
def test_the_movers_kept_are_the_largest_changes(points: list[tuple[int, int]], most: int) -> None:
    tried = [Tried(f"{number:02}", "2023", member(old), member(new)) for number, (old, new) in enumerate(points)]
    result = compare(tried, ["2023"], most=most)
    sizes = sorted((100 * abs(new - old) for old, new in points if old != new), reverse=True)

    assert [abs(mover.change or 0) for mover in result.movers] == sizes[:most]
    assert result.moved == len(sizes)
