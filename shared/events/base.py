"""What every fact has in common: an event is a frozen value, a fact is an event with its envelope."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, field_validator

from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import NAMED_YEARS
from shared.kernel.clock import local_day
from shared.kernel.ids import EventId

Entry = Literal["live", "late", "history"]
"""How a fact came in: in time, after the grace (迟报), or inside a declared history span (补录)."""


YEARS = range(NAMED_YEARS.start + 1, NAMED_YEARS.stop - 1)
"""The years facts may speak of: what follows from a fact (its week, its grace) still has a year people can name."""


class _Dated(BaseModel):
    """What speaks of days; none of them lies in a year nobody means, where weeks and periods could not be told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @field_validator("*")
    @classmethod
    def _refuse_years_nobody_means(cls, value: object) -> object:
        if isinstance(value, str):  # most are ids, and every fact read passes here
            return value
        for day in value if isinstance(value, tuple) else (value,):
            if isinstance(day, date) and day.year not in YEARS:
                raise ValueError("not a year anybody means")
        return value


class Event(_Dated):
    """Something that happened, in the past tense; ids and dates only, no personal data.

    Subclasses set `TYPE` (`xianfeng.<service>.<subject>.<past verb>.v<n>`) and `KEY`, the payload field whose value is
    the Kafka key: `branch_id`, else an organisation's id. `KEY = None` keys by the last organisation of the path.
    A subclass has `occurred_at` (instant) or `occurred_on` (local day): when it happened, not when it was recorded.
    """

    TYPE: ClassVar[str]
    KEY: ClassVar[str | None] = "branch_id"

    @property
    def day(self) -> date:
        """The local day on which it happened."""
        happened: date | datetime = self.happened
        return local_day(happened) if isinstance(happened, datetime) else happened

    @property
    def happened(self) -> date | datetime:
        """When it happened: `occurred_at` if the event knows the instant, else `occurred_on`."""
        at: datetime | None = vars(self).get("occurred_at")
        if at is not None:
            return at
        on: date = getattr(self, "occurred_on")  # noqa: B009 - a subclass declares one of the two
        return on


class Correction(_Dated):
    """An earlier fact of the same aggregate that this one takes back: its type, revision and the day it counted for.

    `concerned` are the ids its lists named (who was absent, who helped): whoever scored them finds them again here,
    though the correcting fact may name others.
    """

    type: str
    revision: int
    day: date
    concerned: tuple[str, ...] = ()


E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Fact(Generic[E_co]):
    """An event as it was recorded.

    `subject` and `revision` name the aggregate and its version; one revision may hold several events, which `id` tells
    apart. `recorded_at` is the service's business clock. `path` is where the aggregate hung in the organisation tree
    then; a branch that moves gets a new path with a higher revision.
    """

    id: EventId
    source: str
    subject: str
    revision: int
    recorded_at: datetime
    path: OrganisationPath
    event: E_co
    traceparent: str | None = None

    @property
    def type(self) -> str:
        """The event's full type."""
        return self.event.TYPE

    @property
    def key(self) -> str:
        """The Kafka key: everything of one branch (or other organisation) stays in order."""
        if self.event.KEY is None:
            return self.path.organisation_id
        return str(getattr(self.event, self.event.KEY))


Instant = AwareDatetime
"""An instant with its zone; naive datetimes are refused."""
