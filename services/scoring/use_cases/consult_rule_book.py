"""Record that opinions on a draft of a rule book were asked for."""

from dataclasses import dataclass

from services.scoring.domain.draft import Consultation, DraftId, RuleBookDraft
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.require_draft import require_draft
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class ConsultRuleBook:
    """Who was asked about what `seen_revision` said, and what came of it."""

    by: Caller
    draft_id: DraftId
    seen_revision: int
    consultation: Consultation


@repeatable
async def consult_rule_book(command: ConsultRuleBook, ports: PublicationPorts) -> RuleBookDraft:
    """Store the record; saying again what stands changes nothing.

    Raises DraftUnknown, Forbidden, DraftHasFaults, ConsultationUnsound, DraftIsPublished, DraftIsWithdrawn, Stale.
    """
    draft = await require_draft(command.draft_id, command.by, ports)
    if command.consultation == draft.consultation:
        return draft
    if draft.revision != command.seen_revision:
        raise Stale
    clock = ports.clock
    draft = draft.consult(command.consultation, today=clock.today(), by=command.by, at=clock.now())
    await ports.drafts.save(draft)
    return draft
