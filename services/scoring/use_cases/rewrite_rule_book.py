"""Rewrite a draft of a rule book."""

from dataclasses import dataclass

from services.scoring.domain.draft import DraftId, RuleBookDraft
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.require_draft import require_draft
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class RewriteRuleBook:
    """The text that takes the place of what `seen_revision` said."""

    by: Caller
    draft_id: DraftId
    seen_revision: int
    text: str


@repeatable
async def rewrite_rule_book(command: RewriteRuleBook, ports: PublicationPorts) -> RuleBookDraft:
    """Store the text with the faults it has; saying again what stands changes nothing.

    Raises DraftUnknown, Forbidden, DraftIsPublished, DraftIsWithdrawn, Stale.
    """
    draft = await require_draft(command.draft_id, command.by, ports)
    if command.text == draft.text:
        return draft
    if draft.revision != command.seen_revision:
        raise Stale
    book, faults = await ports.texts.read(command.text)
    draft = draft.rewrite(command.text, book, faults, by=command.by, at=ports.clock.now())
    await ports.drafts.save(draft)
    return draft
