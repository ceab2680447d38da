"""Read visits and problems: one, or a list of one's own and of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.visits.domain.problem import Problem, State
from services.visits.domain.visit import Visit
from services.visits.use_cases.access import OVERSIGHT, may_follow_trail, visible_problem, visible_visit
from services.visits.use_cases.ports import Listing, Ports
from shared.kernel.access import Caller, Role
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, ProblemId, VisitId


@dataclass(frozen=True, slots=True)
class ReadList:
    """Which list: `mine` leaves only what the caller owns; who oversees nothing sees nothing else in any case."""

    by: Caller
    limit: int
    mine: bool = False
    cadre_id: CadreId | None = None
    branch_id: BranchId | None = None
    period: Period | None = None
    state: State | None = None
    after: tuple[str, ...] | None = None

    def listing(self) -> Listing:
        """The part of the store this reader may see of it, his own first."""
        scopes = self.by.scopes(OVERSIGHT)
        return Listing(
            scopes=scopes,
            limit=self.limit,
            cadre_id=self.cadre_id,
            branch_id=self.branch_id,
            period=self.period,
            state=self.state,
            after=self.after,
            own=CadreId(self.by.person_id) if self.by.person_id is not None else None,
            own_scopes=self.by.scopes((Role.CADRE,)),
            own_only=self.mine or not scopes,
        )


async def read_visit(visit_id: VisitId, by: Caller, ports: Ports) -> Visit:
    """One visit with its trail. Raises UnknownVisit."""
    return await visible_visit(ports, by, visit_id)


async def read_problem(problem_id: ProblemId, by: Caller, ports: Ports) -> Problem:
    """One problem, with its trail for who may follow it. Raises UnknownProblem."""
    problem = await visible_problem(ports, by, problem_id)
    return problem if may_follow_trail(by, problem) else replace(problem, trail=())


async def list_visits(wanted: ReadList, ports: Ports) -> Sequence[Visit]:
    """Visits, one's own first, the latest first."""
    return await ports.visits.list(wanted.listing())


async def list_problems(wanted: ReadList, ports: Ports) -> Sequence[Problem]:
    """Problems, one's own first, the first due first."""
    return await ports.problems.list(wanted.listing())
