"""Who owes a week, and what the known facts say about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from services.notifications.domain.grounds import Grounds, WaiverReason
from services.notifications.domain.regulation import Covering, WeeklyQuota
from services.notifications.domain.schedule import week_due_on
from services.notifications.domain.terms import Terms
from services.notifications.domain.township import Leave, Posting, Visit, township_path
from shared.events.base import Entry
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.ids import CadreId, ObligationId, OrganisationId, derived_id


@dataclass(frozen=True, slots=True)
class KnownWeek:
    """All facts known that bear on one cadre's week, which is owed at the township `home`."""

    home: OrganisationPath
    postings: tuple[Posting, ...]
    visits: tuple[Visit, ...]
    working_days: WorkingDays
    leaves: tuple[Leave, ...] = ()


def week_obligation_id(regulation_id: str, cadre_id: CadreId, week: Period) -> ObligationId:
    """The one obligation a cadre has in a week, however many postings he holds and however often it is opened."""
    return ObligationId(derived_id("obligation", regulation_id, cadre_id, week.name))


def home_of(regulation: WeeklyQuota, postings: Iterable[Posting], week: Period) -> OrganisationPath | None:
    """The township to which a cadre owes the week; None when no posting makes him owe it.

    Several postings count together: together they must cover what the regulation asks for. The one that began first
    decides where the week is owed.
    """
    held = sorted(
        (posting for posting in postings if posting.post == regulation.owed_by.post and _touches(posting, week)),
        key=lambda posting: (posting.starts_on, posting.id),
    )
    if not _covered(held, week, regulation.owed_by.covering):
        return None
    return next((home for posting in held if (home := township_path(posting.path)) is not None), None)


def week_terms(
    regulation: WeeklyQuota, cadre_id: CadreId, home: OrganisationPath, week: Period, entry: Entry = "live"
) -> Terms:
    """What a cadre owes in a week."""
    return Terms(
        regulation_id=regulation.id,
        regulation_version=regulation.version,
        subject_kind="cadre",
        subject_id=cadre_id,
        organisation_id=OrganisationId(home.organisation_id),
        cadre_id=cadre_id,
        branch_id=None,
        period=week.name,
        due_on=week_due_on(regulation, week),
        quota=regulation.quota,
        entry=entry,
    )


def week_grounds(regulation: WeeklyQuota, week: Period, known: KnownWeek) -> Grounds:
    """What the facts say about a week somebody owed when it was opened."""
    acts = tuple(visit.act() for visit in known.visits if visit.stands and visit.day in week)
    return Grounds(acts=acts, waiver=_waiver(regulation, week, known))


def _waiver(regulation: WeeklyQuota, week: Period, known: KnownWeek) -> WaiverReason | None:
    if home_of(regulation, known.postings, week) is None:
        return "posting_ended"
    worked = [day for day in _days(week) if known.working_days.is_working_day(day)]
    if len(worked) < regulation.paused_below_working_days:
        return "calendar"
    leaves = [leave for leave in known.leaves if _counts(leave, known)]
    present = [day for day in worked if not any(day in leave for leave in leaves)]
    return "leave" if len(present) < regulation.paused_below_working_days else None


def _counts(leave: Leave, known: KnownWeek) -> bool:
    """Whether who granted it has him posted in this township, there or below: another township lets nobody off."""
    here = known.home.organisation_id
    paths = [posting.path.segments for posting in known.postings if here in posting.path.segments]
    return any(leave.organisation_id in path for path in paths)


def _touches(posting: Posting, week: Period) -> bool:
    return posting.starts_on <= week.last and (posting.ends_on is None or posting.ends_on >= week.first)


def _covered(postings: Sequence[Posting], week: Period, covering: Covering) -> bool:
    match covering:
        case "every_day":
            return all(_held(postings, day) for day in _days(week))
        case "first_day":
            return _held(postings, week.first)
        case "any_day":
            return any(_held(postings, day) for day in _days(week))
        case _:
            assert_never(covering)


def _held(postings: Sequence[Posting], day: date) -> bool:
    return any(posting.covers(day) for posting in postings)


def _days(week: Period) -> Iterable[date]:
    return (week.first + timedelta(days=offset) for offset in range((week.last - week.first).days + 1))
