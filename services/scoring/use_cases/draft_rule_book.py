"""Draft a rule book: a new version of a standard in the making."""

from dataclasses import dataclass

from services.scoring.domain.draft import DraftId, RuleBookDraft
from services.scoring.domain.publication_refusals import CountyUnknown, NoCounty
from services.scoring.use_cases.publication_ports import PublicationPorts
from services.scoring.use_cases.require_draft import PUBLISHERS
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.ids import digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class DraftRuleBook:
    """What the county organiser writes down, sound or not."""

    by: Caller
    draft_id: DraftId
    organisation_id: str
    text: str

    def digest(self) -> str:
        """What makes two requests the same draft."""
        return digest_of({"organisation": self.organisation_id, "text": self.text})


async def draft_rule_book(command: DraftRuleBook, ports: PublicationPorts) -> RuleBookDraft:
    """Store the draft once, with the faults its text has; the same request again gives the one that is there.

    Raises CountyUnknown, NoCounty, NotFound outside the caller's county, AlreadyThere when the id names another draft.
    """
    organisation = await ports.directory.organisation(command.organisation_id)
    if organisation is None:
        raise CountyUnknown
    command.by.require(PUBLISHERS, organisation.path)
    if organisation.kind != "county":
        raise NoCounty

    async def draft() -> RuleBookDraft:
        made = await _written(command, organisation.path, ports)
        await ports.drafts.save(made)
        return made

    return await created_once(draft, lambda: ports.drafts.find(command.draft_id), digest=command.digest)


async def _written(command: DraftRuleBook, county: OrganisationPath, ports: PublicationPorts) -> RuleBookDraft:
    book, faults = await ports.texts.read(command.text)
    return RuleBookDraft(
        id=command.draft_id,
        path=county,
        text=command.text,
        book=book,
        faults=faults,
        drafted_on=ports.clock.today(),
        made_from=command.digest(),
        trail=(TrailEntry.left_by(command.by, "drafted", at=ports.clock.now()),),
    )
