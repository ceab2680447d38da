"""Drafts of rule books in memory: for tests, held to the same suite as the real store."""

from services.scoring.adapters.drafts import ShippedAndPublished, load_words
from services.scoring.adapters.rule_files import RULES, load_whitelist
from services.scoring.adapters.rule_text import YamlRuleTexts, shipped_refused
from services.scoring.domain.draft import RuleBookDraft
from services.scoring.domain.rule_book import RuleBook
from services.scoring.use_cases.publication_ports import DraftListing, Organisations, PublicationPorts
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.clock import Clock
from shared.kernel.errors import Stale
from shared.testing.in_memory_store import InMemoryAggregates


class InMemoryDrafts(InMemoryAggregates[RuleBookDraft]):
    """The drafts in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="rule_book_drafts")

    async def save(self, thing: RuleBookDraft, *events: Event) -> None:
        """Write the draft and what happened to it; Stale also when another version took its place meanwhile."""
        place = _place(thing)
        if place is not None and any(_place(each) == place for each in self.things.values() if each.id != thing.id):
            raise Stale
        await super().save(thing, *events)

    async def list(self, listing: DraftListing) -> tuple[RuleBookDraft, ...]:
        """Drafts of the counties, the last drafted first."""
        found = [
            draft
            for draft in self.things.values()
            if draft.path.organisation_id in listing.counties and listing.state in {None, draft.state}
        ]
        found.sort(key=lambda draft: (-draft.drafted_on.toordinal(), draft.id))
        if listing.after is not None:
            day, id_ = listing.after
            found = [
                draft
                for draft in found
                if draft.drafted_on.isoformat() < day or (draft.drafted_on.isoformat() == day and draft.id > id_)
            ]
        return tuple(found[: listing.limit])

    async def published(self) -> tuple[RuleBook, ...]:
        """All books ever published, by standard and in the order of publication."""
        placed = sorted((place, draft.book) for draft in self.things.values() if (place := _place(draft)) is not None)
        return tuple(book for _, book in placed if book is not None)


def _place(draft: RuleBookDraft) -> tuple[str, int] | None:
    if draft.publication is None or draft.book is None:
        return None
    return draft.book.standard, draft.publication.place


def in_memory_publication(directory: Organisations, clock: Clock, *shipped: RuleBook) -> PublicationPorts:
    """All ports of publication over an empty store, beside the books given."""
    drafts = InMemoryDrafts(Recorder("scoring", clock))
    return PublicationPorts(
        drafts=drafts,
        books=ShippedAndPublished(shipped, drafts),
        texts=YamlRuleTexts(load_whitelist(RULES / "whitelist.yaml"), shipped_refused()),
        words=load_words(RULES / "words.yaml"),
        directory=directory,
        clock=clock,
    )
