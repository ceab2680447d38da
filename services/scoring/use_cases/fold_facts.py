"""Fold facts into the ledger and the cards."""

from collections.abc import Sequence
from typing import cast

from services.scoring.domain.card import Day
from services.scoring.domain.seal import Seal, seal_of
from services.scoring.use_cases.correct_sealed import correct_sealed
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.ports import Ports, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import PeriodSealed


async def fold_facts(facts: Sequence[Fact[Event]], ports: Ports) -> None:
    """Make the facts' effect durable; in any order, any number of times, by any number of workers.

    What an entry touched is totalled again even if the entry was there before: whoever wrote it may have been stopped
    before the card knew. For the same reason the corrections of sealed periods are reckoned after both entries and
    seals are written.
    """
    sealed: list[Seal] = []
    for fact in facts:
        await follow_members(fact, ports.directory, ports.cards)
        if isinstance(fact.event, PeriodSealed):
            sealed.append(seal_of(cast("Fact[PeriodSealed]", fact)))
    entries = [entry for fact in facts for entry in ports.generation.awards(fact)]
    for seal in sealed:
        await ports.seals.put(seal)
    if entries:
        await ports.ledger.add(entries)
        touched = {Touched(entry.card, Day(entry.rule_id, entry.day)) for entry in entries}
        await ports.cards.enter(await ports.ledger.totals(touched))
    if entries or sealed:
        await correct_sealed(entries, [seal.key for seal in sealed], ports)
    for seal in sealed:
        await ports.cards.look_again(seal.key.standard, seal.key.subject_id)
