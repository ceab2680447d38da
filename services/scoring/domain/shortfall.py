"""Why not more (未得分原因): each rule that was not met, with what would meet it."""

from dataclasses import dataclass

from services.scoring.domain.rule import Rule
from services.scoring.domain.rule_book import ScorePeriod
from services.scoring.domain.score import RuleLine, Score


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One rule that gave less than it may: points lost or not yet earned, what comes back, what would meet it.

    `missing` and `comes_back` are hundredths and positive; `missing` is absent where nothing says how much the rule
    could give. `meet` is the book's own sentence.
    """

    rule: Rule
    missing: int | None
    comes_back: int
    meet: str


def shortfalls(score: Score) -> tuple[Shortfall, ...]:
    """The rules of a score that were not met, deductions first, then what could still be earned; then the review."""
    found = [each for line in score.lines if (each := _of_line(line, score)) is not None]
    if score.awaiting == "review" and score.book.review is not None:
        rule = score.book.review
        found.append(Shortfall(rule, None, 0, rule.meet or rule.title))
    return tuple(sorted(found, key=lambda each: each.rule.award.points >= 0))


def _of_line(line: RuleLine, score: Score) -> Shortfall | None:
    rule = line.rule
    meet = rule.meet or rule.title
    if rule.award.points < 0:
        lost = -line.counted
        return Shortfall(rule, lost, _comes_back(line, score.book.period), meet) if lost > 0 else None
    most = _most(rule, score)
    if most is not None and line.counted >= most:
        return None
    return Shortfall(rule, None if most is None else most - line.counted, 0, meet)


def _comes_back(line: RuleLine, period: ScorePeriod) -> int:
    """What doing all that was missed would still give back.

    Of m missed entries, b of them done after all, count is m + b and the points are m times the points less b halves;
    when all are done they are m halves. With bounds shorter than the score period it takes the days of the entries to
    know, so nothing is promised.
    """
    full, half = line.rule.award.points, line.rule.award.points // 2
    if line.rule.half_back is None or any(cap.per != period for cap in line.rule.caps):
        return 0
    missed = (line.points + half * line.count) // (full + half)
    bound = line.rule.caps[0].points if line.rule.caps else missed * full
    return max(0, max(missed * half, bound) - line.counted)


def _most(rule: Rule, score: Score) -> int | None:
    """The most a rule can give in the period: its cap, for a weekly one as often as a week was attainable."""
    caps = {cap.per: cap.points for cap in rule.bounds}
    if "week" in caps and score.book.attainable:
        return caps["week"] * sum(line.count for line in score.attainable_lines if line.rule.by_week)
    return caps.get(score.book.period)
