"""What this service remembers of the facts of visits and duties, over any store of projections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from services.notifications.adapters.directory import as_fields
from services.notifications.domain.meeting_terms import Meeting
from services.notifications.domain.problem_case import RAISED, ProblemCase, ProblemFact
from services.notifications.domain.township import HistorySpan, Visit, township_of
from shared.events.duties import MeetingKind
from shared.kernel.calendar import Period, quarter_of, week_of
from shared.kernel.ids import BranchId, CadreId, ProblemId, VisitId
from shared.mongo.documents import storable
from shared.mongo.projections import Projection

_VISIT = TypeAdapter(Visit)
_FACT = TypeAdapter(ProblemFact)
_MEETING = TypeAdapter(Meeting)


def _meeting(version: Mapping[str, Any]) -> Meeting:
    return _MEETING.validate_python({**version, "id": version["meeting_id"]})


@dataclass(frozen=True, slots=True)
class ProjectedActs:
    """The Acts port: one document a visit, one document a fact about a problem (a set that only grows).

    A meeting is kept as it stands now, found by the quarter it was held in; and in all its versions, another set that
    only grows: what an older one decided is looked at again, however often the process dies in between.
    """

    visits: Projection
    problem_facts: Projection
    meetings: Projection
    meeting_versions: Projection

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

    async def learn_meeting(self, meeting: Meeting) -> Sequence[Meeting]:
        """Add a version of a meeting; returns all that are known of it."""
        document = {**storable(meeting), "meeting_id": meeting.id, "quarter": quarter_of(meeting.day).name}
        await self.meeting_versions.put(f"{meeting.id}:{meeting.revision}", meeting.revision, document)
        await self.meetings.put(meeting.id, meeting.revision, document)
        return [_meeting(version) for version in await self.meeting_versions.list({"meeting_id": meeting.id})]

    async def meetings_in(self, branch_id: BranchId, kind: MeetingKind, period: Period) -> Sequence[Meeting]:
        """A branch's meetings of the kind in a period, each as it stands now, withdrawn ones included."""
        quarters = sorted({quarter_of(day).name for day in (period.first, period.last)})
        found = [
            _meeting(document)
            for quarter in quarters
            for document in await self.meetings.list({"branch_id": branch_id, "kind": kind, "quarter": quarter})
        ]
        return [meeting for meeting in found if meeting.day in period]
