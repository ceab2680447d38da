"""What this service remembers of visits' facts, over any store of projections."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from services.notifications.adapters.directory import as_fields
from services.notifications.domain.problem_case import RAISED, ProblemCase, ProblemFact
from services.notifications.domain.township import HistorySpan, Visit, township_of
from shared.kernel.calendar import Period, week_of
from shared.kernel.ids import BranchId, CadreId, ProblemId, VisitId
from shared.mongo.documents import storable
from shared.mongo.projections import Projection

_VISIT = TypeAdapter(Visit)
_FACT = TypeAdapter(ProblemFact)


@dataclass(frozen=True, slots=True)
class ProjectedActs:
    """The Acts port: one document a visit, one document a fact about a problem (a set that only grows)."""

    visits: Projection
    problem_facts: Projection

    async def learn_visit(self, visit: Visit) -> bool:
        """Remember a visit as it stands now; returns whether that was news."""
        document = {**storable(visit), "week": week_of(visit.day).name}
        return await self.visits.put(visit.id, visit.revision, document)

    async def visit(self, visit_id: VisitId) -> Visit | None:
        """What is known of a visit."""
        found = await self.visits.find(visit_id)
        return None if found is None else _VISIT.validate_python(as_fields(found))

    async def visits_in(self, cadre_id: CadreId, week: Period) -> Sequence[Visit]:
        """What is known of a cadre's visits in a week, withdrawn ones included."""
        found = await self.visits.list({"cadre_id": cadre_id, "week": week.name})
        return [_VISIT.validate_python(as_fields(document)) for document in found]

    async def learn_problem(self, problem_id: ProblemId, branch_id: BranchId, fact: ProblemFact) -> None:
        """Add a fact to what is known of a problem; one that is known already changes nothing."""
        document = {
            **storable(fact),
            "problem_id": problem_id,
            "branch_id": branch_id,
            "township_id": township_of(fact.path),
        }
        await self.problem_facts.put(fact.event_id, fact.revision, document)

    async def problem(self, problem_id: ProblemId) -> ProblemCase | None:
        """All that is known of a problem."""
        found = await self.problem_facts.list({"problem_id": problem_id})
        if not found:
            return None
        facts = frozenset(_FACT.validate_python(as_fields(document)) for document in found)
        return ProblemCase(problem_id, BranchId(found[0]["branch_id"]), facts)

    async def raised_in(self, span: HistorySpan) -> Sequence[ProblemId]:
        """The problems known to be history of the span."""
        of_history = {"township_id": span.township_id, "type": RAISED, "entry": "history"}
        found = [
            (_FACT.validate_python(as_fields(raised)), raised) for raised in await self.problem_facts.list(of_history)
        ]
        return [ProblemId(document["problem_id"]) for fact, document in found if fact.day in span]
