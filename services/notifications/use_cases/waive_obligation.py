"""Decide that an obligation need not be done (免办)."""

from dataclasses import dataclass

from services.notifications.domain.grounds import Decision, DecisionReason
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.refusals import OwnDecision
from services.notifications.use_cases.access import DESK, owns, visible_obligation
from services.notifications.use_cases.ports import Ports
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.ids import ObligationId
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class WaiveObligation:
    """Who decides it, for which coded reason, about which revision."""

    by: Caller
    obligation_id: ObligationId
    seen_revision: int
    reason: DecisionReason


@repeatable
async def waive_obligation(command: WaiveObligation, ports: Ports) -> Obligation:
    """Let it be, and keep who decided so; the same decision by the same person again changes nothing.

    Raises UnknownObligation, Forbidden for whoever is not of the desk, OwnDecision, Stale, AlreadyWaived,
    NothingToWaive.
    """
    obligation = await visible_obligation(ports, command.by, command.obligation_id, DESK)
    if owns(command.by, obligation):
        raise OwnDecision
    stands = obligation.decision
    if stands is not None and (stands.by_account, stands.reason) == (command.by.account_id, command.reason):
        return obligation
    if obligation.revision != command.seen_revision:
        raise Stale
    decision = Decision(command.reason, command.by.account_id, command.by.person_id, ports.clock.now())
    waived, events = obligation.waive(decision)
    await ports.obligations.save(waived, *events)
    return waived
