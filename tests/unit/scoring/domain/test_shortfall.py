"""未得分原因 promises what can be kept: what comes back when all that was missed is done after all."""

from datetime import date

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule import Cap
from services.scoring.domain.score import score
from services.scoring.domain.shortfall import Shortfall, shortfalls
from shared.kernel.calendar import Period
from tests.unit.scoring.facts import CADRE, ObligationLife

KEY = CardKey("cadre", CADRE, "2023-Q4")
DUE = date(2023, 11, 20)


def capped(*caps: Cap) -> Generation:
    """The cadre's book with these caps on missed deadlines."""
    [book] = load_generation().of("cadre")
    rules = tuple(
        rule if rule.half_back is None else rule.model_copy(update={"caps": caps, "bounds": caps})
        for rule in book.rules
    )
    return Generation((book.model_copy(update={"rules": rules}),))


def of_missed(generation: Generation, number: int) -> Shortfall:
    """What is said of so many deadlines missed on one day."""
    lives = [ObligationLife("problem-deadline", DUE, name=f"{each}").open().miss() for each in range(number)]
    entries = [award for life in lives for fact in life.facts for award in generation.awards(fact)]
    card = enter(Card(KEY), totals(entries)[KEY])
    [found] = [
        each
        for each in shortfalls(score(card, generation.book("cadre", Period.parse(KEY.period))))
        if each.rule.half_back is not None
    ]
    return found


@pytest.mark.parametrize(
    ("caps", "comes_back"),
    [
        ((), 200),
        ((Cap(points=-5, per="quarter"),), 200),
        ((Cap(points=-3, per="quarter"),), 100),
        ((Cap(points=-3, per="month"),), 0),
        ((Cap(points=-3, per="day"),), 0),
        ((Cap(points=-2, per="day"), Cap(points=-5, per="quarter")), 0),
    ],
)
def test_nothing_is_promised_that_a_cap_shorter_than_the_period_may_keep(
    caps: tuple[Cap, ...], comes_back: int
) -> None:
    assert of_missed(capped(*caps), 4).comes_back == comes_back
