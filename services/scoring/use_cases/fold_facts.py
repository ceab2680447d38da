"""Fold facts into the ledger and the cards."""

import asyncio
from collections.abc import Sequence
from typing import cast

from services.scoring.domain.awards import Award
from services.scoring.domain.card import part_of
from services.scoring.domain.seal import Seal, seal_of
from services.scoring.use_cases.correct_sealed import correct_sealed
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.ports import Ports, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import PeriodSealed

_AT_ONCE = 250
"""Entries of so many facts are sent to the store together: it writes them while those of the next are reckoned."""


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
    entries = await _add_entries(facts, ports)
    for seal in sealed:
        await ports.seals.put(seal)
    if entries:
        touched = {Touched(entry.card, part_of(entry)) for entry in entries}
        await ports.cards.enter(await ports.ledger.totals(touched))
    if entries or sealed:
        await correct_sealed(entries, [seal.key for seal in sealed], ports)
    for seal in sealed:
        await ports.cards.look_again(seal.key.standard, seal.key.subject_id)


async def _add_entries(facts: Sequence[Fact[Event]], ports: Ports) -> list[Award]:
    """Put the facts' entries into the ledger; returns once all are there, or none is under way any more."""
    entries: list[Award] = []
    adding: list[asyncio.Task[None]] = []
    for begin in range(0, len(facts), _AT_ONCE):
        part = [entry for fact in facts[begin : begin + _AT_ONCE] for entry in ports.generation.awards(fact)]
        if part:
            adding.append(asyncio.create_task(ports.ledger.add(part)))
            await asyncio.sleep(0)
        entries += part
    for outcome in await asyncio.gather(*adding, return_exceptions=True):
        if outcome is not None:
            raise outcome
    return entries
