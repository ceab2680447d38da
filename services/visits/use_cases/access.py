"""Who may do what with visits and problems."""

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import (
    ProblemIsEscalated,
    ProblemOfAnother,
    UnknownProblem,
    UnknownVisit,
    VisitOfAnother,
)
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Ports
from shared.kernel.access import BUSINESS, Caller, OrganisationPath, Role
from shared.kernel.errors import Forbidden
from shared.kernel.ids import ProblemId, VisitId

DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who enters things for others (proxy entry: many cadres and members are over 60)."""
OVERSIGHT = (*DESK, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads all visits and problems in scope."""
CONFIRMERS = (*DESK, Role.BRANCH_SECRETARY)


async def visible_visit(ports: Ports, caller: Caller, visit_id: VisitId) -> Visit:
    """The visit, if it is the caller's own or in the scope he oversees.

    Raises UnknownVisit outside every scope of his, Forbidden inside with another role.
    """
    visit = await ports.visits.find(visit_id)
    if visit is None:
        raise UnknownVisit
    if _owns(caller, visit.cadre_id, visit.path) or caller.may(OVERSIGHT, visit.path):
        return visit
    raise Forbidden if caller.may(BUSINESS, visit.path) else UnknownVisit


async def visible_problem(ports: Ports, caller: Caller, problem_id: ProblemId) -> Problem:
    """The problem, if it was raised by or given to the caller, or is in the scope he oversees.

    Raises UnknownProblem outside every scope of his, Forbidden inside with another role.
    """
    problem = await ports.problems.find(problem_id)
    if problem is None:
        raise UnknownProblem
    own = _owns(caller, problem.cadre_id, problem.path) or _owns(caller, problem.raised_by, problem.path)
    if own or caller.may(OVERSIGHT, problem.path):
        return problem
    raise Forbidden if caller.may(BUSINESS, problem.path) else UnknownProblem


def require_own_visit(caller: Caller, cadre_id: str, path: OrganisationPath) -> None:
    """Only the cadre himself, or the desk for him. Raises VisitOfAnother, NotFound outside the scope."""
    caller.require((Role.CADRE, *DESK), path)
    if not _owns(caller, cadre_id, path) and not caller.may(DESK, path):
        raise VisitOfAnother


def require_own_problem(caller: Caller, problem: Problem) -> None:
    """Only who is responsible, or the desk for him. Raises ProblemOfAnother."""
    if not _owns(caller, problem.cadre_id, problem.path) and not caller.may(DESK, problem.path):
        raise ProblemOfAnother


def require_resolver(caller: Caller, problem: Problem) -> None:
    """Only who is responsible, or the desk for him; the desk alone once it has to decide.

    Raises ProblemOfAnother, ProblemIsEscalated.
    """
    require_own_problem(caller, problem)
    if problem.escalated and not caller.may(DESK, problem.path):
        raise ProblemIsEscalated


def may_follow_trail(caller: Caller, problem: Problem) -> bool:
    """Whether he oversees the problem or is responsible for it; who gave it away sees it without its trail."""
    return _owns(caller, problem.cadre_id, problem.path) or caller.may(OVERSIGHT, problem.path)


def _owns(caller: Caller, cadre_id: str, path: OrganisationPath) -> bool:
    return caller.is_person(cadre_id) and caller.may((Role.CADRE,), path)
