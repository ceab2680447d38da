"""Read visits and problems: one, or a list of one's own or of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.visits.domain.problem import Problem, State
from services.visits.domain.visit import Visit
from services.visits.use_cases.access import OVERSIGHT, visible_problem, visible_visit
from services.visits.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller, Role
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, ProblemId, VisitId


@dataclass(frozen=True, slots=True)
class ReadList:
    """Which list: `mine` is what the caller owns; who oversees nothing sees his own in any case."""

    by: Caller
    limit: int
    mine: bool = False
    cadre_id: CadreId | None = None
    branch_id: BranchId | None = None
    period: Period | None = None
    state: State | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it."""
        scopes = self.by.scopes(OVERSIGHT)
        cadre_id = self.cadre_id
        if self.mine or not scopes:
            scopes = scopes | self.by.scopes((Role.CADRE,))
            cadre_id = CadreId(self.by.person_id or "")
        return Listing(scopes, self.limit, cadre_id, self.branch_id, self.period, self.state, self.after)


async def read_visit(visit_id: VisitId, by: Caller, ports: Ports) -> Visit:
    """One visit. Raises UnknownVisit."""
    return await visible_visit(ports, by, visit_id)


async def read_problem(problem_id: ProblemId, by: Caller, ports: Ports) -> Problem:
    """One problem. Raises UnknownProblem."""
    return await visible_problem(ports, by, problem_id)


async def list_visits(wanted: ReadList, ports: Ports) -> Sequence[Visit]:
    """Visits, the latest first."""
    return await ports.visits.list(wanted.listing())


async def list_problems(wanted: ReadList, ports: Ports) -> Sequence[Problem]:
    """Problems, the first due first."""
    return await ports.problems.list(wanted.listing())
