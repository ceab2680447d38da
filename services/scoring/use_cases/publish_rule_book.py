"""Publish a rule book that was consulted on."""

from dataclasses import dataclass, replace

from services.scoring.domain.draft import DraftId, RuleBookDraft
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.require_draft import require_draft
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class PublishRuleBook:
    """The document that puts what `seen_revision` says into force (文号或文件名)."""

    by: Caller
    draft_id: DraftId
    seen_revision: int
    basis: str


@repeatable
async def publish_rule_book(command: PublishRuleBook, ports: PublicationPorts) -> RuleBookDraft:
    """Publish the book and record the fact; publishing again on the same basis changes nothing.

    The text is read once more: what may score may have been narrowed since it was checked.

    Raises DraftUnknown, Forbidden, DraftHasFaults, DraftNotConsulted, VersionTaken, StartsInThePast,
    StartsBeforeNewest, PeriodChangesMidYear, DraftIsPublished, DraftIsWithdrawn, Stale.
    """
    draft = await require_draft(command.draft_id, command.by, ports)
    if draft.publication is not None and draft.publication.basis == command.basis:
        return draft
    if draft.revision != command.seen_revision:
        raise Stale
    if draft.state == "consulted":
        book, faults = await ports.texts.read(draft.text)
        draft = replace(draft, book=book, faults=faults)
    # Places are counted before the live books are looked at: a book published in between is seen, or its place is met.
    published = await ports.drafts.published()
    live = await ports.books.live()
    place = 1 + sum(draft.book is not None and each.standard == draft.book.standard for each in published)
    clock = ports.clock
    draft, fact = draft.publish(
        command.basis, live=live, place=place, today=clock.today(), by=command.by, at=clock.now()
    )
    await ports.drafts.save(draft, fact)
    return draft
