"""Fold facts into the ledger and the cards."""

from collections.abc import Sequence

from services.scoring.domain.card import Day
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.ports import Directory, Ports, Touched
from shared.events import members
from shared.events.base import Event, Fact


async def fold_facts(facts: Sequence[Fact[Event]], ports: Ports) -> None:
    """Make the facts' effect durable; in any order, any number of times, by any number of workers.

    What an entry touched is totalled again even if the entry was there before: whoever wrote it may have been stopped
    before the card knew.
    """
    for fact in facts:
        await _learn(fact, ports.directory)
    entries = [entry for fact in facts for entry in ports.generation.awards(fact)]
    if not entries:
        return
    await ports.ledger.add(entries)
    touched = {Touched(entry.card, Day(entry.rule_id, entry.day)) for entry in entries}
    await ports.cards.enter(await ports.ledger.totals(touched))


async def _learn(fact: Fact[Event], directory: Directory) -> None:
    match fact.event:
        case members.OrganisationRegistered() | members.OrganisationChanged() as event:
            organisation = Organisation(event.organisation_id, fact.path, event.kind, event.title, event.category)
            await directory.learn_organisation(organisation, fact.revision)
        case members.PostingStarted() | members.PostingEnded() as event:
            posting = Posting(event.posting_id, event.cadre_id, fact.path, event.post, event.starts_on, event.ends_on)
            await directory.learn_posting(posting, fact.revision)
        case _:
            pass
