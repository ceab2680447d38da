"""The way of a rule book (考评细则) from draft to publication: drafted, checked, consulted, published or withdrawn."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NewType, Self

from services.scoring.domain.publication_refusals import (
    ConsultationUnsound,
    DraftHasFaults,
    DraftIsPublished,
    DraftIsWithdrawn,
    DraftNotConsulted,
    PeriodChangesMidYear,
    StartsBeforeNewest,
    StartsInThePast,
    VersionTaken,
)
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault
from shared.events.scoring import RuleBookPublished
from shared.kernel.access import Caller, OrganisationPath
from shared.kernel.trail import TrailEntry

DraftId = NewType("DraftId", str)
DraftState = Literal["drafted", "checked", "consulted", "published", "withdrawn"]
DraftStep = Literal["drafted", "rewritten", "consulted", "published", "withdrawn"]
_DIGEST_LENGTH = 32
_PERIODS = {"quarter": "按季", "year": "按年"}


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who was asked about a draft from when to when, what they said, and what was changed because of it."""

    from_on: date
    to_on: date
    participants: str
    opinions: str
    changes: str


@dataclass(frozen=True, slots=True)
class Publication:
    """That a book was published, on which basis (文号或文件名); `digest` is over the whole book.

    `place` counts the published versions of the standard: whoever publishes at the same time cannot take the same one.
    """

    basis: str
    published_on: date
    digest: str
    place: int


@dataclass(frozen=True, slots=True)
class RuleBookDraft:
    """One version of a standard in the making; `path` is the county that publishes it.

    `text` is the YAML as its author wrote it. `book` is what it says, None while it has `faults`. Author, consultation
    and text stay in this service; the published fact carries the book alone.
    """

    id: DraftId
    path: OrganisationPath
    text: str
    book: RuleBook | None
    faults: tuple[Fault, ...]
    drafted_on: date
    made_from: str
    consultation: Consultation | None = None
    publication: Publication | None = None
    withdrawn: bool = False
    revision: int = 1
    trail: tuple[TrailEntry, ...] = ()

    @property
    def state(self) -> DraftState:
        """How far it has come."""
        if self.withdrawn:
            return "withdrawn"
        if self.publication is not None:
            return "published"
        if self.consultation is not None:
            return "consulted"
        return "drafted" if self.book is None else "checked"

    def rewrite(self, text: str, book: RuleBook | None, faults: tuple[Fault, ...], *, by: Caller, at: datetime) -> Self:
        """Put another text in its place; a consultation was about what was written then, and is void if that changed.

        Raises DraftIsPublished, DraftIsWithdrawn.
        """
        self._refuse_if_closed()
        asked = self.consultation if book is not None and book == self.book else None
        written = replace(self, text=text, book=book, faults=faults, consultation=asked)
        return self._next(written, "rewritten", by=by, at=at)

    def consult(self, consultation: Consultation, *, today: date, by: Caller, at: datetime) -> Self:
        """Record that opinions were asked for.

        Raises DraftHasFaults, ConsultationUnsound, DraftIsPublished, DraftIsWithdrawn.
        """
        self._refuse_if_closed()
        if self.book is None:
            raise DraftHasFaults(count=len(self.faults))
        if not consultation.from_on <= consultation.to_on <= today:
            raise ConsultationUnsound(to_on=consultation.to_on)
        return self._next(replace(self, consultation=consultation), "consulted", by=by, at=at)

    def publish(
        self, basis: str, *, live: Sequence[RuleBook], place: int, today: date, by: Caller, at: datetime
    ) -> tuple[Self, RuleBookPublished]:
        """Let it come into force on its first day, beside the books that are live.

        Raises DraftHasFaults, DraftNotConsulted, VersionTaken, StartsInThePast, StartsBeforeNewest,
        PeriodChangesMidYear, DraftIsPublished, DraftIsWithdrawn.
        """
        self._refuse_if_closed()
        if self.book is None:
            raise DraftHasFaults(count=len(self.faults))
        if self.consultation is None:
            raise DraftNotConsulted
        refuse_start(self.book, live, today=today)
        written = self.book.model_dump_json()
        digest = hashlib.sha256(written.encode()).hexdigest()[:_DIGEST_LENGTH]
        publication = Publication(basis, today, digest, place)
        published = self._next(replace(self, publication=publication), "published", by=by, at=at)
        return published, RuleBookPublished(
            organisation_id=self.path.organisation_id,
            standard=self.book.standard,
            version=self.book.version,
            effective_from=self.book.effective.from_,
            basis=basis,
            digest=digest,
            book=written,
            occurred_on=today,
        )

    def withdraw(self, *, by: Caller, at: datetime) -> Self:
        """Give it up. Raises DraftIsPublished, DraftIsWithdrawn."""
        self._refuse_if_closed()
        return self._next(replace(self, withdrawn=True), "withdrawn", by=by, at=at)

    def _refuse_if_closed(self) -> None:
        if self.publication is not None:
            raise DraftIsPublished(published_on=self.publication.published_on)
        if self.withdrawn:
            raise DraftIsWithdrawn

    def _next(self, changed: Self, step: DraftStep, *, by: Caller, at: datetime) -> Self:
        revision = self.revision + 1
        left = TrailEntry.left_by(by, step, revision=revision, at=at)
        return replace(changed, revision=revision, trail=(*self.trail, left))


def refuse_start(book: RuleBook, live: Sequence[RuleBook], *, today: date) -> None:
    """Refuse a version that does not follow those of its standard; a standard's first version is free.

    It may come into force today (自发布之日起施行), never earlier: what was scored under another version stays so.
    Raises VersionTaken, StartsBeforeNewest, StartsInThePast, PeriodChangesMidYear.
    """
    versions = [each for each in live if each.standard == book.standard]
    if not versions:
        return
    if any(each.version == book.version for each in versions):
        raise VersionTaken(title=book.title, version=book.version)
    start, newest = book.effective.from_, max(versions, key=lambda each: each.effective.from_)
    if start <= newest.effective.from_:
        raise StartsBeforeNewest(title=newest.title, version=newest.version, newest=newest.effective.from_)
    if start < today:
        raise StartsInThePast(start=start, today=today)
    if book.period != newest.period and (start.month, start.day) != (1, 1):
        raise PeriodChangesMidYear(before=_PERIODS[newest.period], after=_PERIODS[book.period])
