"""Who may see and decide what about obligations."""

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.refusals import UnknownObligation
from services.notifications.use_cases.ports import Ports
from shared.kernel.access import Caller, Role
from shared.kernel.ids import ObligationId

DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who is told of what is overdue in the scope, and may decide that something need not be done."""
OVERSIGHT = (*DESK, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads all obligations of the scope."""


def reader_of(caller: Caller) -> str:
    """Under which id it is remembered what somebody has read."""
    return caller.person_id or caller.account_id


def owns(caller: Caller, obligation: Obligation) -> bool:
    """Whether it is the caller who owes it."""
    return caller.is_person(obligation.terms.cadre_id)


async def visible_obligation(ports: Ports, caller: Caller, obligation_id: ObligationId) -> Obligation:
    """The obligation, if the caller may know of it: his own, or in his scope. Raises UnknownObligation."""
    obligation = await ports.obligations.find(obligation_id)
    if obligation is None or not (owns(caller, obligation) or caller.may(OVERSIGHT, obligation.path)):
        raise UnknownObligation
    return obligation
