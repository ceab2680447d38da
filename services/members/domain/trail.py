"""The words of a trail (办理痕迹): what can be done to a record, and how it is noted."""

from dataclasses import Field, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from shared.kernel.access import Caller
from shared.kernel.trail import TrailEntry

Act = Literal[
    "registered",
    "changed",
    "moved",
    "go_live_set",
    "span_declared",
    "span_closed",
    "enrolled",
    "started",
    "ended",
    "published",
    "recorded",
    "granted",
    "withdrawn",
]


class _Traced(Protocol):
    """A record that keeps its trail."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def revision(self) -> int:
        """Grows by one with each change."""
        ...

    @property
    def trail(self) -> tuple[TrailEntry, ...]:
        """One entry a revision, the first first."""
        ...


T = TypeVar("T", bound=_Traced)


def noted(record: T, what: Act, by: Caller, at: datetime) -> T:
    """The record with who made its present revision written behind all that stands there; nothing is ever taken out."""
    entry = TrailEntry.left_by(by, what, at=at, revision=record.revision)
    return replace(record, trail=(*record.trail, entry))
