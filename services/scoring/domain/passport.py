"""The passport (得分明细): every ledger entry of a subject and period, with what it was worth when and why.

Inside a cap awards are ordered by (occurred, id), so that everyone can see which one the cap cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total, enter, reversed_awards, totals
from services.scoring.domain.lasting import Lasts, exempts, lasting_in
from services.scoring.domain.rule import Rule, Tally
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.score import Score, mean, score
from services.scoring.domain.seal import CorrectionLine, Seal
from services.scoring.domain.shortfall import Shortfall, shortfalls
from shared.events.members import Category
from shared.kernel.calendar import Period

State = Literal["counted", "exempt", "reversed", "reversal"]


@dataclass(frozen=True, slots=True)
class PassportLine:
    """One ledger entry: points it was awarded, what the cap changed, what counts, and the sum so far (hundredths)."""

    award: Award
    rule: Rule
    state: State
    points: int
    cap_effect: int
    counted: int
    running_total: int


@dataclass(frozen=True, slots=True)
class Passport:
    """A score with every entry behind it; a year made of quarters has their passports as `parts`.

    `why_not` says what would have earned more. `corrections` are what earlier sealed periods changed by, posted here;
    `late` the entries that came after this period was sealed and are corrected elsewhere. `seal` is there once it is.
    """

    score: Score
    awards: tuple[PassportLine, ...] = ()
    attainable: tuple[PassportLine, ...] = ()
    review: tuple[PassportLine, ...] = ()
    why_not: tuple[Shortfall, ...] = ()
    corrections: tuple[CorrectionLine, ...] = ()
    late: tuple[CorrectionLine, ...] = ()
    seal: Seal | None = None
    parts: tuple["Passport", ...] = ()

    def with_score(self, sealed: Score) -> "Passport":
        """The same entries under the score that was sealed."""
        return replace(self, score=sealed)


@dataclass(frozen=True, slots=True)
class Behind:
    """What a passport is made of besides the entries of its card: what lasts, and what seals made of it."""

    lasting: tuple[Award, ...] = ()
    category: Category | None = None
    corrections: tuple[CorrectionLine, ...] = ()
    late: tuple[CorrectionLine, ...] = ()
    posted: tuple[tuple[Day, Total], ...] = ()
    seal: Seal | None = None


_NOTHING = Behind()


def passport(key: CardKey, entries: Iterable[Award], book: RuleBook, behind: Behind = _NOTHING) -> Passport:
    """The passport of the ledger entries of one card; its score is computed from the same entries."""
    kept = sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: (entry.occurred_at, entry.id))
    card = enter(Card(key), {**totals(kept).get(key, {}), **dict(behind.posted)})
    lasting_card = enter(Card(key.lasting), totals(behind.lasting).get(key.lasting, {}))
    scored = score(card, book, lasting_card, behind.category)
    lasting = lasting_in(Period.parse(key.period), lasting_card, book)
    rules = tuple(line.rule for line in scored.lines)
    return Passport(
        score=scored,
        awards=_lines(kept, rules, book.base, lasting),
        attainable=_lines(kept, book.attainable, 0, lasting),
        review=_lines(kept, () if book.review is None else (book.review,), 0, lasting),
        why_not=shortfalls(scored),
        corrections=behind.corrections,
        late=behind.late,
        seal=behind.seal,
    )


def whole_year(key: CardKey, parts: Iterable[Passport]) -> Passport:
    """A year's passport out of those of its quarters."""
    quarters = tuple(parts)
    return Passport(mean(key, (part.score for part in quarters)), parts=quarters)


def _lines(
    entries: list[Award], rules: tuple[Rule, ...], start: int, lasting: tuple[Lasts, ...]
) -> tuple[PassportLine, ...]:
    by_id = {rule.id: rule for rule in rules}
    gone = reversed_awards(entries)
    awarded = {entry.id: entry.points for entry in entries if entry.effect == "award"}
    tallies = {rule.id: Tally(rule) for rule in rules}
    running = start
    lines: list[PassportLine] = []
    for entry in entries:
        rule = by_id.get(entry.rule_id)
        if rule is None or entry.award_id not in awarded:
            continue
        points = awarded[entry.award_id]
        state = _state(entry, rule, gone, lasting)
        counted = tallies[rule.id].add(entry.day, points) if state == "counted" else 0
        running += counted
        cap_effect = counted - points if state == "counted" else 0
        shown = -points if state == "reversal" else points
        lines.append(PassportLine(entry, rule, state, shown, cap_effect, counted, running))
    return tuple(lines)


def _state(entry: Award, rule: Rule, gone: frozenset[AwardId], lasting: tuple[Lasts, ...]) -> State:
    if entry.takes_back:
        return "reversal"
    if entry.id in gone:
        return "reversed"
    return "exempt" if rule.exempt_in and exempts(lasting, rule.exempt_in, entry.day) else "counted"
