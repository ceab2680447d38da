"""A problem as a set of facts, and the obligations that follow from it: one for each cadre who had it in turn."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from services.notifications.domain.grounds import Act, Grounds
from services.notifications.domain.regulation import ProblemDeadline, word_for
from services.notifications.domain.terms import Terms
from services.notifications.domain.township import HistorySpan
from shared.events.base import Entry
from shared.events.visits import ProblemRaised
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, CadreId, EventId, ObligationId, OrganisationId, ProblemId, derived_id

RAISED = word_for(ProblemRaised)
"""The only fact that can open a deadline; by its day the regulation is chosen."""


@dataclass(frozen=True, slots=True, order=True)
class ProblemFact:
    """One fact about a problem; a set of them is all there is to know.

    `type` is the word by which a regulation names it: what it means is for the regulation to say.
    """

    revision: int
    event_id: EventId
    type: str
    cadre_id: CadreId
    day: date
    happened_at: datetime
    due_on: date
    entry: Entry
    path: OrganisationPath = field(compare=False)


@dataclass(frozen=True, slots=True)
class ProblemCase:
    """All facts known of one problem, in whatever order they came."""

    id: ProblemId
    branch_id: BranchId
    facts: frozenset[ProblemFact]

    @property
    def path(self) -> OrganisationPath:
        """Where the branch hung when the newest of the facts was recorded."""
        return max(self.facts).path

    @property
    def raised(self) -> ProblemFact | None:
        """Its beginning; None while only later facts are known."""
        return next((fact for fact in sorted(self.facts) if fact.type == RAISED), None)


@dataclass(frozen=True, slots=True)
class Tenure:
    """The obligation of one cadre for a problem: from when on, with what grounds."""

    obligation_id: ObligationId
    terms: Terms
    since: datetime
    grounds: Grounds


def tenures(regulation: ProblemDeadline, case: ProblemCase) -> tuple[Tenure, ...]:
    """The obligations of a problem in turn: each superseded by the next, the last one with what was done.

    The deadline stays when the problem changes hands. A problem handed over after its grace had passed stays, as an
    obligation, with the cadre who missed it: nobody is given a miss together with the problem.
    """
    raised = case.raised
    if raised is None:
        return ()
    starts = tuple(_starts(regulation, case, raised))
    names = [_obligation_id(regulation, case, raised, start) for start in starts]
    followers: list[ObligationId | None] = [*names[1:], None]
    return tuple(
        Tenure(
            obligation_id=name,
            terms=_terms(regulation, case, raised, start),
            since=start.happened_at,
            grounds=Grounds(acts=() if follower else _acts(regulation, case), superseded_by=follower),
        )
        for name, start, follower in zip(names, starts, followers, strict=True)
    )


def judged_in(case: ProblemCase, regulation: ProblemDeadline, span: HistorySpan) -> tuple[Tenure, ...]:
    """What a closed history span says about a problem of it: of everybody who had it in turn.

    Who had it first may have been judged alone, when it was handed over only after the span was closed: then his miss
    is taken back, and the next one's stands in its place.

    A problem still unsolved whose last day lies after the span was never late within it: nothing is said about it, and
    between span and go-live nothing is owed.
    """
    raised = case.raised
    if raised is None or raised.entry != "history" or raised.day not in span:
        return ()
    if raised.due_on > span.last and not any(act.day in span for act in _acts(regulation, case)):
        return ()
    return tenures(regulation, case)


def _starts(regulation: ProblemDeadline, case: ProblemCase, raised: ProblemFact) -> Iterator[ProblemFact]:
    """Where a tenure begins; also when it is given to who has it already: facts may come in any order."""
    yield raised
    missed_on = raised.due_on + timedelta(days=1 + regulation.grace_days)
    for fact in sorted(case.facts):
        if fact.type == regulation.superseded_by and fact.day < missed_on:
            yield fact


def _acts(regulation: ProblemDeadline, case: ProblemCase) -> tuple[Act, ...]:
    """The resolution that stands: the first since the last that was taken back."""
    stands: ProblemFact | None = None
    for fact in sorted(case.facts):
        if fact.type in regulation.taken_back_by:
            stands = None
        elif fact.type == regulation.satisfied_by and stands is None:
            stands = fact
    return () if stands is None else (Act(stands.happened_at, stands.event_id, stands.day, stands.entry),)


def _obligation_id(
    regulation: ProblemDeadline, case: ProblemCase, raised: ProblemFact, start: ProblemFact
) -> ObligationId:
    return ObligationId(derived_id("obligation", regulation.id, case.id, raised.day.isoformat(), start.event_id))


def _terms(regulation: ProblemDeadline, case: ProblemCase, raised: ProblemFact, start: ProblemFact) -> Terms:
    return Terms(
        regulation_id=regulation.id,
        regulation_version=regulation.version,
        subject_kind="problem",
        subject_id=case.id,
        organisation_id=OrganisationId(case.branch_id),
        cadre_id=start.cadre_id,
        branch_id=case.branch_id,
        period=raised.day.isoformat(),
        due_on=raised.due_on,
        quota=regulation.quota,
        entry=raised.entry,
    )
