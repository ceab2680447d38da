"""A resolution: what was done about a problem, and what the citizen said of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self

from services.visits.domain.refusals import AlreadyConfirmed, ConfirmedBeforeResolved, ResolverMayNotConfirm
from shared.events.base import Correction, Entry
from shared.events.visits import ProblemConfirmed, ProblemResolved
from shared.kernel.ids import CadreId, MemberId, PersonId, TownshipId

Answer = Literal["yes", "no", "unreached"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the citizen said when last asked, and the revision it made: the same said again is the same request."""

    answer: Answer
    confirmed_on: date
    revision: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was done, by whom, when; `entered_by` differs from the cadre when somebody entered it for him.

    `entry` is how the resolution came in, whenever the problem did: all facts about the resolution say so. `helper_ids`
    are the members who helped (帮办), in the order of their ids, `helped_by` the persons they are, as far as known:
    they earn by its confirmation too. `township_id` is where it was recorded.
    """

    cadre_id: CadreId
    entered_by: PersonId
    resolved_on: date
    measure: str
    revision: int
    township_id: TownshipId
    confirmed_at_revision: int | None = None
    confirmed_on: date | None = None
    confirmed_by: PersonId | None = None
    entry: Entry = "live"
    helper_ids: tuple[MemberId, ...] = ()
    helped_by: tuple[PersonId, ...] = ()

    def refuse_confirmation(self, *, by: PersonId, on: date, today: date) -> None:
        """Who asks the citizen neither solved it nor entered it nor helped, and asks after it was solved.

        Raises AlreadyConfirmed, ResolverMayNotConfirm, ConfirmedBeforeResolved.
        """
        if self.confirmed_on is not None:
            raise AlreadyConfirmed
        if by in {self.cadre_id, self.entered_by, *self.helped_by}:
            raise ResolverMayNotConfirm
        if not self.resolved_on <= on <= today:
            raise ConfirmedBeforeResolved(resolved_on=self.resolved_on)

    def confirmed(self, *, by: PersonId, on: date, revision: int) -> Self:
        """The citizen said yes."""
        return replace(self, confirmed_at_revision=revision, confirmed_on=on, confirmed_by=by)

    def corrections(self) -> tuple[Correction, ...]:
        """The facts that fall with it, and whom they named: itself and, if there was one, its confirmation."""
        return tuple(self._facts())

    def _facts(self) -> Iterator[Correction]:
        day, helpers = self.resolved_on, self.helper_ids
        yield Correction(type=ProblemResolved.TYPE, revision=self.revision, day=day, concerned=helpers)
        if self.confirmed_at_revision is not None:
            at = self.confirmed_at_revision
            yield Correction(type=ProblemConfirmed.TYPE, revision=at, day=day, concerned=helpers)

    def overwritten(self) -> dict[str, str | None]:
        """What the trail keeps of it once it is taken back."""
        kept: dict[str, str | None] = {"resolved_on": self.resolved_on.isoformat(), "measure": self.measure}
        if self.helper_ids:
            kept["helper_ids"] = " ".join(self.helper_ids)
        if self.confirmed_on is not None:
            kept["confirmed_on"] = self.confirmed_on.isoformat()
        return kept
