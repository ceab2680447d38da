"""Fold facts into the ledger and the cards."""

from collections.abc import Sequence

from services.scoring.domain.card import Day
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.ports import Ports, Touched
from shared.events import members
from shared.events.base import Event, Fact


async def fold_facts(facts: Sequence[Fact[Event]], ports: Ports) -> None:
    """Make the facts' effect durable; in any order, any number of times, by any number of workers.

    What an entry touched is totalled again even if the entry was there before: whoever wrote it may have been stopped
    before the card knew. For the same reason who is learnt of has his cards looked at again, also when it is no news:
    what could not be announced without knowing him can be now.
    """
    for fact in facts:
        await _learn(fact, ports)
    entries = [entry for fact in facts for entry in ports.generation.awards(fact)]
    if not entries:
        return
    await ports.ledger.add(entries)
    touched = {Touched(entry.card, Day(entry.rule_id, entry.day)) for entry in entries}
    await ports.cards.enter(await ports.ledger.totals(touched))


async def _learn(fact: Fact[Event], ports: Ports) -> None:
    match fact.event:
        case members.OrganisationRegistered() | members.OrganisationChanged() as event:
            organisation = Organisation(event.organisation_id, fact.path, event.kind, event.title, event.category)
            await ports.directory.learn_organisation(organisation, fact.revision)
            await ports.cards.look_again("branch", organisation.id)
        case members.PostingStarted() | members.PostingEnded() as event:
            posting = Posting(
                id=event.posting_id,
                cadre_id=event.cadre_id,
                organisation_id=event.organisation_id,
                path=fact.path,
                post=event.post,
                starts_on=event.starts_on,
                ends_on=event.ends_on,
            )
            await ports.directory.learn_posting(posting, fact.revision)
            await ports.cards.look_again("cadre", posting.cadre_id)
        case _:
            pass
