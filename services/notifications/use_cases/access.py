"""Who may see and decide what about obligations."""

from collections.abc import Iterable

from services.notifications.domain.obligation import Obligation
from services.notifications.domain.refusals import UnknownObligation
from services.notifications.use_cases.ports import Ports
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import Forbidden
from shared.kernel.ids import ObligationId

DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who is told of what is overdue in the scope, and may decide that something need not be done."""
OVERSIGHT = (*DESK, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads all obligations of the scope."""
LEADS = (Role.BRANCH_SECRETARY,)
"""Who answers for what a branch of his owes itself (支部书记是第一责任人): he is told first."""
READERS = (*OVERSIGHT, Role.CADRE)
"""Who reads obligations at all: a cadre his own."""


def reader_of(caller: Caller) -> str:
    """Under which id it is remembered what somebody has read."""
    return caller.person_id or caller.account_id


def owns(caller: Caller, obligation: Obligation) -> bool:
    """Whether it is the caller who owes it, or whose branch does: its secretary answers for it."""
    of_branch = obligation.terms.subject_kind == "branch"
    return caller.is_person(obligation.terms.cadre_id) or (of_branch and caller.may(LEADS, obligation.path))


def may_read_why(caller: Caller, obligation: Obligation) -> bool:
    """Whether he is told for which reason somebody need not do it: an illness is not for all who oversee."""
    return owns(caller, obligation) or caller.may(DESK, obligation.path)


async def visible_obligation(
    ports: Ports, caller: Caller, obligation_id: ObligationId, roles: Iterable[Role]
) -> Obligation:
    """The obligation, if it is the caller's own or one of the roles reaches it.

    Raises UnknownObligation outside every scope of his, Forbidden inside with another role.
    """
    obligation = await ports.obligations.find(obligation_id)
    if obligation is None:
        raise UnknownObligation
    if owns(caller, obligation) or caller.may(roles, obligation.path):
        return obligation
    raise Forbidden if caller.may(BUSINESS, obligation.path) else UnknownObligation
