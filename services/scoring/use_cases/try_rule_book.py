"""Try a rule book: put a trial into the queue of the laboratory."""

from dataclasses import dataclass

from services.scoring.domain.draft import DraftId
from services.scoring.domain.laboratory_refusals import (
    LaboratoryFull,
    ScopeUnclear,
    ScopeUnknown,
    TextUnclear,
    TriedDraftUnknown,
)
from services.scoring.domain.refusals import RuleBookRefused
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.trial import Trial, TrialId, set_up
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.read_rule_books import read_draft
from services.scoring.use_cases.require_trial import TRIERS
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.creation import created_once
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.ids import digest_of

MOST_WAITING = 20
"""A trial takes minutes at most, so who comes last waits an hour."""


@dataclass(frozen=True, slots=True)
class TryRuleBook:
    """Which text, or which draft, over which periods, for the subjects of which organisation."""

    by: Caller
    trial_id: TrialId
    first_period: str
    last_period: str | None = None
    text: str | None = None
    draft_id: DraftId | None = None
    organisation_id: str | None = None

    def digest(self) -> str:
        """What makes two requests the same trial."""
        return digest_of(
            {
                "first": self.first_period,
                "last": self.last_period,
                "text": self.text,
                "draft": self.draft_id,
                "organisation": self.organisation_id,
            }
        )


async def try_rule_book(command: TryRuleBook, ports: LaboratoryPorts) -> Trial:
    """Queue the trial once; the same request again gives the one that is there.

    The text must be sound; its first day may be any day. Raises TextUnclear, TriedDraftUnknown, RuleBookRefused,
    ScopeUnclear, ScopeUnknown, NotFound outside the caller's scopes, PeriodUnclear, PeriodsUnsound, PeriodUnsuited,
    NoBookInForce, LaboratoryFull, AlreadyThere when the id names another trial.
    """
    path = await _scope(command, ports)

    async def queue() -> Trial:
        trial = await _queued(command, path, ports)
        waiting = await ports.trials.waiting()
        if waiting >= MOST_WAITING:
            raise LaboratoryFull(waiting=waiting)
        await ports.trials.save(trial)
        return trial

    return await created_once(queue, lambda: ports.trials.find(command.trial_id), digest=command.digest)


async def _scope(command: TryRuleBook, ports: LaboratoryPorts) -> OrganisationPath:
    """Whose subjects are meant: the organisation named, or the only one the caller answers for."""
    organisation_id = command.organisation_id
    if organisation_id is None:
        scopes = command.by.scopes(TRIERS)
        if len(scopes) != 1:
            raise ScopeUnclear
        (organisation_id,) = scopes
    organisation = await ports.directory.organisation(organisation_id)
    if organisation is None:
        raise ScopeUnknown
    command.by.require(TRIERS, organisation.path)
    return organisation.path


async def _queued(command: TryRuleBook, path: OrganisationPath, ports: LaboratoryPorts) -> Trial:
    text = await _text(command, ports)
    book = await _sound(text, command, ports)
    last_period = command.last_period or command.first_period
    set_up(await ports.publication.books.live(), book, command.first_period, last_period)
    return Trial(
        id=command.trial_id,
        path=path,
        asked_by=command.by.account_id,
        asked_at=ports.clock.now(),
        text=text,
        book=book,
        first_period=command.first_period,
        last_period=last_period,
        made_from=command.digest(),
        draft_id=command.draft_id,
    )


async def _text(command: TryRuleBook, ports: LaboratoryPorts) -> str:
    match command.text, command.draft_id:
        case str(text), None:
            return text
        case None, str(draft_id):
            try:
                return (await read_draft(DraftId(draft_id), command.by, ports.publication)).text
            except (NotFound, Forbidden):
                raise TriedDraftUnknown from None
        case _:
            raise TextUnclear


async def _sound(text: str, command: TryRuleBook, ports: LaboratoryPorts) -> RuleBook:
    book, faults = await ports.publication.texts.read(text)
    if book is not None:
        return book
    field = "text" if command.draft_id is None else "draft_id"
    raise RuleBookRefused(field=field, name="测算稿", faults="；".join(str(fault) for fault in faults))
