"""Who may do what with visits and problems."""

from services.visits.domain.problem import Problem
from services.visits.domain.refusals import ProblemOfAnother, UnknownProblem, UnknownVisit, VisitOfAnother
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Ports
from shared.kernel.access import Caller, OrganisationPath, Role
from shared.kernel.ids import ProblemId, VisitId

DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who enters things for others (proxy entry: many cadres and members are over 60)."""
OVERSIGHT = (*DESK, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads all visits and problems in scope."""
CONFIRMERS = (*DESK, Role.BRANCH_SECRETARY)


async def visible_visit(ports: Ports, caller: Caller, visit_id: VisitId) -> Visit:
    """The visit, if the caller may know of it: his own, or in the scope he oversees. Raises UnknownVisit."""
    visit = await ports.visits.find(visit_id)
    if visit is None or not (_owns(caller, visit.cadre_id, visit.path) or caller.may(OVERSIGHT, visit.path)):
        raise UnknownVisit
    return visit


async def visible_problem(ports: Ports, caller: Caller, problem_id: ProblemId) -> Problem:
    """The problem, if the caller may know of it: raised by or given to him, or in his scope. Raises UnknownProblem."""
    problem = await ports.problems.find(problem_id)
    if problem is None:
        raise UnknownProblem
    own = _owns(caller, problem.cadre_id, problem.path) or _owns(caller, problem.raised_by, problem.path)
    if not own and not caller.may(OVERSIGHT, problem.path):
        raise UnknownProblem
    return problem


def require_own_visit(caller: Caller, cadre_id: str, path: OrganisationPath) -> None:
    """Only the cadre himself, or the desk for him. Raises VisitOfAnother, NotFound outside the scope."""
    caller.require((Role.CADRE, *DESK), path)
    if not _owns(caller, cadre_id, path) and not caller.may(DESK, path):
        raise VisitOfAnother


def require_own_problem(caller: Caller, problem: Problem) -> None:
    """Only who is responsible, or the desk for him. Raises ProblemOfAnother."""
    if not _owns(caller, problem.cadre_id, problem.path) and not caller.may(DESK, problem.path):
        raise ProblemOfAnother


def _owns(caller: Caller, cadre_id: str, path: OrganisationPath) -> bool:
    return caller.is_person(cadre_id) and caller.may((Role.CADRE,), path)
