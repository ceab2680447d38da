"""The passport (得分明细): every ledger entry of a subject and period, with what it was worth when and why.

Inside a cap awards are ordered by (occurred, id), so that everyone can see which one the cap cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, enter, reversed_awards, totals
from services.scoring.domain.rule_book import Rule, RuleBook
from services.scoring.domain.score import Score, mean, score

State = Literal["counted", "reversed", "reversal"]


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
    """A score with every entry behind it; a year made of quarters has their passports as `parts`."""

    score: Score
    awards: tuple[PassportLine, ...] = ()
    attainable: tuple[PassportLine, ...] = ()
    parts: tuple["Passport", ...] = ()


def passport(key: CardKey, entries: Iterable[Award], book: RuleBook) -> Passport:
    """The passport of the ledger entries of one card; its score is computed from the same entries."""
    kept = sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: (entry.occurred_at, entry.id))
    card = enter(Card(key), totals(kept).get(key, {}))
    return Passport(
        score=score(card, book),
        awards=_lines(kept, book.rules, book.base),
        attainable=_lines(kept, book.attainable, 0),
    )


def whole_year(key: CardKey, parts: Iterable[Passport]) -> Passport:
    """A year's passport out of those of its quarters."""
    quarters = tuple(parts)
    return Passport(mean(key, (part.score for part in quarters)), parts=quarters)


def _lines(entries: list[Award], rules: tuple[Rule, ...], start: int) -> tuple[PassportLine, ...]:
    by_id = {rule.id: rule for rule in rules}
    gone = reversed_awards(entries)
    awarded = {entry.id: entry.points for entry in entries if entry.effect == "award"}
    windows: dict[tuple[str, str], int] = {}
    running = start
    lines: list[PassportLine] = []
    for entry in entries:
        rule = by_id.get(entry.rule_id)
        if rule is None or entry.award_id not in awarded:
            continue
        points = awarded[entry.award_id]
        state = _state(entry, gone)
        counted = 0
        if state == "counted":
            window = (rule.id, rule.cap.window(entry.day).name if rule.cap is not None else "")
            before = windows.get(window, 0)
            windows[window] = before + points
            counted = rule.held(before + points) - rule.held(before)
        running += counted
        cap_effect = counted - points if state == "counted" else 0
        shown = -points if state == "reversal" else points
        lines.append(PassportLine(entry, rule, state, shown, cap_effect, counted, running))
    return tuple(lines)


def _state(entry: Award, gone: frozenset[AwardId]) -> State:
    if entry.takes_back:
        return "reversal"
    return "reversed" if entry.id in gone else "counted"
