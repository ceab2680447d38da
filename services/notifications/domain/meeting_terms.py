"""Which meetings a branch owes in a month or quarter, and what the known meetings say about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.notifications.domain.grounds import Act, Grounds
from services.notifications.domain.regulation import PeriodicMeeting
from services.notifications.domain.terms import Terms
from services.notifications.domain.township import Organisation
from shared.events.base import Entry
from shared.events.duties import MeetingKind
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, EventId, MeetingId, ObligationId, OrganisationId, derived_id


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as one of its facts said it was; `stands` is False in the one that took it back."""

    id: MeetingId
    branch_id: BranchId
    kind: MeetingKind
    quorate: bool
    day: date
    happened_at: datetime
    event_id: EventId
    entry: Entry
    stands: bool
    revision: int

    def counts_for(self, regulation: PeriodicMeeting) -> bool:
        """Whether the regulation asks for such a meeting."""
        return self.stands and self.quorate and self.kind == regulation.where.kind

    def act(self) -> Act:
        """What it contributes to the period it counts for."""
        return Act(self.happened_at, self.event_id, self.day, self.entry)


def owes(branch: Organisation, regulation: PeriodicMeeting) -> bool:
    """Whether a branch that stands so when a period begins owes its meeting."""
    who = regulation.owed_by
    return (
        branch.kind in who.kinds
        and (not who.categories or branch.category in who.categories)
        and (branch.has_committee or not who.has_committee)
        and (branch.has_groups or not who.has_groups)
    )


def meeting_obligation_id(regulation_id: str, branch_id: BranchId, period: Period) -> ObligationId:
    """The one obligation a branch has in a period, however often it is opened."""
    return ObligationId(derived_id("obligation", regulation_id, branch_id, period.name))


def meeting_terms(regulation: PeriodicMeeting, branch_id: BranchId, period: Period, entry: Entry = "live") -> Terms:
    """What a branch owes in a period."""
    return Terms(
        regulation_id=regulation.id,
        regulation_version=regulation.version,
        subject_kind="branch",
        subject_id=branch_id,
        organisation_id=OrganisationId(branch_id),
        cadre_id=None,
        branch_id=branch_id,
        period=period.name,
        due_on=period.last,
        quota=regulation.quota,
        entry=entry,
    )


def meeting_grounds(
    regulation: PeriodicMeeting, period: Period, meetings: Iterable[Meeting], *, entry: Entry = "live"
) -> Grounds:
    """What the meetings of a branch, in this period and the next, say about what it owes in this one.

    A meeting counts for the period it was held in. The next period's first one is its own; one on another day makes up
    for what was missed here (补办), late as it is. On the same day it may be the first one entered twice, and two
    groups that meet are not one that met again. A period of history (`entry`) is judged once, when its span is closed:
    nothing lived after the span makes up for it.
    """
    acts = sorted(meeting.act() for meeting in meetings if meeting.counts_for(regulation))
    held = tuple(act for act in acts if act.day in period)
    following = regulation.after(period)
    later = [act for act in acts if act.day in following and (entry != "history" or act.entry == "history")]
    made_up = tuple(act for act in later if act.day != later[0].day)
    return Grounds(acts=held or made_up)


def touched_by(regulation: PeriodicMeeting, branch_id: BranchId, day: date) -> Iterable[ObligationId]:
    """What a meeting on the day may decide: its own period, and the one before it for which it may make up."""
    period = regulation.period_of(day)
    for each in (period, regulation.before(period)):
        yield meeting_obligation_id(regulation.id, branch_id, each)
