"""Withdraw a draft of a rule book."""

from dataclasses import dataclass

from services.scoring.domain.draft import DraftId, RuleBookDraft
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.require_draft import require_draft
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WithdrawRuleBook:
    """Nobody goes on with what `seen_revision` said."""

    by: Caller
    draft_id: DraftId
    seen_revision: int


@repeatable
async def withdraw_rule_book(command: WithdrawRuleBook, ports: PublicationPorts) -> RuleBookDraft:
    """Give the draft up; withdrawing it again changes nothing. What was published is replaced, never withdrawn.

    Raises DraftUnknown, Forbidden, DraftIsPublished, Stale.
    """
    draft = await require_draft(command.draft_id, command.by, ports)
    if draft.withdrawn:
        return draft
    if draft.revision != command.seen_revision:
        raise Stale
    draft = draft.withdraw(by=command.by, at=ports.clock.now())
    await ports.drafts.save(draft)
    return draft
