"""Closing a period of a township: its scores are live, then on public notice (公示), then sealed (确认归档)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Self

from services.scoring.domain.awards import CardKey
from services.scoring.domain.closing_refusals import NoticeNotOver, OwnNoticeNotSealed, SealTooLarge
from services.scoring.domain.deed import a_person
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.generation import Generation
from services.scoring.domain.points import decimal_points
from services.scoring.domain.seal import Seal
from services.scoring.domain.subject import Subject
from shared.events.scoring import NoticeOpened, PeriodSealed, Standard
from shared.kernel.access import Caller, OrganisationPath, Role
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.clock import local_day
from shared.kernel.ids import PersonId, derived_id
from shared.kernel.trail import TrailEntry

ClosingState = Literal["notice", "sealing", "sealed"]
MOST_ENTRIES = 50_000
"""So many entries a seal may have: each takes 19 bytes of its fact, which no consumer reads beyond 1 MiB."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClosingProcedure:
    """A version of how periods are closed (procedures/closings.yaml); the notice in working days."""

    version: str
    source: str
    notice_working_days: int

    def notice(self, opened_on: date, calendar: WorkingDays) -> Notice:
        """The notice that is opened on a day, counted in working days after that day."""
        until = calendar.after(opened_on, self.notice_working_days)
        provisional = calendar.is_provisional(opened_on + _A_DAY) or calendar.is_provisional(until)
        return Notice(until, provisional)


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing of one score period of one standard in one township.

    notice: people may look and object until the end of `notice_until`. sealing: somebody else than who opened it has
    confirmed; the scores are being sealed one by one. sealed: all are; `subjects` says how many. `trail` stays here.
    """

    id: str
    standard: Standard
    township_id: str
    path: OrganisationPath
    period: str
    opened_on: date
    opened_by: PersonId
    opened_by_secretary: bool
    notice_until: date
    notice_provisional: bool = False
    state: ClosingState = "notice"
    sealed_by: PersonId | None = None
    sealed_on: date | None = None
    subjects: int | None = None
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @classmethod
    def open(
        cls, standard: Standard, township: OrganisationPath, period: str, *, notice: Notice, by: Caller, at: datetime
    ) -> tuple[Self, NoticeOpened]:
        """Put the scores on notice from today on. Raises Forbidden for a caller who stands for no person."""
        opened = cls(
            id=closing_id(standard, township.organisation_id, period),
            standard=standard,
            township_id=township.organisation_id,
            path=township,
            period=period,
            opened_on=local_day(at),
            opened_by=a_person(by),
            opened_by_secretary=by.may((Role.SECRETARY,), township),
            notice_until=notice.until,
            notice_provisional=notice.provisional,
            trail=(TrailEntry.left_by(by, "opened", at=at),),
        )
        return opened, NoticeOpened(
            organisation_id=opened.township_id,
            standard=standard,
            period=period,
            notice_until=notice.until,
            notice_provisional=notice.provisional,
            occurred_on=opened.opened_on,
        )

    @property
    def confirmers(self) -> tuple[Role, ...]:
        """Who may confirm: the secretary, or where it was he who opened the notice, the organiser as well."""
        return (Role.SECRETARY, Role.ORGANISER) if self.opened_by_secretary else (Role.SECRETARY,)

    def confirm(self, *, by: Caller, at: datetime) -> Self:
        """Somebody else confirms that the notice has ended and the scores stand.

        Raises OwnNoticeNotSealed, NoticeNotOver, Forbidden for a caller who stands for no person.
        """
        person = a_person(by)
        if person == self.opened_by:
            raise OwnNoticeNotSealed
        if not Notice(self.notice_until).is_over(local_day(at)):
            raise NoticeNotOver(until=self.notice_until)
        revision = self.revision + 1
        left = TrailEntry.left_by(by, "confirmed", revision=revision, at=at)
        return replace(self, state="sealing", sealed_by=person, revision=revision, trail=(*self.trail, left))

    def sealed(self, *, subjects: int, on: date) -> Self:
        """All scores are sealed, so many."""
        return replace(self, state="sealed", subjects=subjects, sealed_on=on, revision=self.revision + 1)


@dataclass(frozen=True, slots=True)
class SealRecord:
    """That a subject's score of a period was sealed: written once with its fact, and never again.

    What was sealed stands in the fact; `digest` names it. `path` is where the subject was at home then.
    """

    id: str
    closing_id: str
    standard: Standard
    subject_id: str
    period: str
    path: OrganisationPath
    digest: str
    sealed_on: date
    revision: int = 1

    @classmethod
    def of(cls, seal: Seal, subject: Subject, closing: Closing) -> tuple[Self, PeriodSealed]:
        """The record and the fact that carries the seal; raises SealTooLarge for one no fact can carry."""
        if len(seal.entries) > MOST_ENTRIES:
            raise SealTooLarge(
                subject=seal.key.subject_id, period=seal.key.period, count=len(seal.entries), most=MOST_ENTRIES
            )
        key, sealed_on = seal.key, local_day(seal.sealed_at)
        record = cls(
            id=seal_id(key.standard, key.subject_id, key.period),
            closing_id=closing.id,
            standard=key.standard,
            subject_id=key.subject_id,
            period=key.period,
            path=subject.home,
            digest=seal.digest,
            sealed_on=sealed_on,
        )
        return record, PeriodSealed(
            organisation_id=subject.home.organisation_id,
            standard=key.standard,
            subject_id=key.subject_id,
            period=key.period,
            book_version=seal.book_version,
            points=None if seal.points is None else decimal_points(seal.points),
            items=decimal_points(seal.items),
            attainable=None if seal.attainable is None else decimal_points(seal.attainable),
            digest=seal.digest,
            entries=tuple(sorted(seal.entries)),
            category=seal.category,
            occurred_on=sealed_on,
        )


def closing_id(standard: Standard, township_id: str, period: str) -> str:
    """One closing a standard, township and period."""
    return derived_id("closing", standard, township_id, period)


def period_before(generation: Generation, standard: Standard, period: Period) -> Period | None:
    """The score period before this one; None when nothing was scored then."""
    if not generation.of(standard):
        return None
    day = period.first - _A_DAY
    before = generation.version_on(standard, day).period_of(day)
    return before if generation.is_ruled(CardKey(standard, "", before.name)) else None


def seal_id(standard: Standard, subject_id: str, period: str) -> str:
    """One seal a subject and period."""
    return derived_id("seal", standard, subject_id, period)
