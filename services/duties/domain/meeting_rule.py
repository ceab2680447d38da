"""What the regulations say of meetings, as data: whom each kind expects, how many make it count, when it is late."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.duties.domain.branch import Structure
from shared.events.duties import MeetingKind

Expects = Literal["members", "named"]
"""All members, computed; or whom the person who enters it names."""


@dataclass(frozen=True, slots=True)
class Quorum:
    """Which share of whom must come: at least that share, or (`strictly`) more than it."""

    of: Literal["voters", "expected"]
    share: Fraction
    strictly: bool

    def needed(self, count: int) -> int:
        """How many of so many must come; never less than one, for nobody alone holds a meeting of nobody."""
        part = self.share * count
        return max(1, math.floor(part) + 1 if self.strictly else math.ceil(part))


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """One kind of meeting: what it is called, the article it rests on, whom it expects, what it takes to count.

    Where people name who is expected, they name at least `expected_at_least`.
    """

    title: str
    source: str
    expects: Expects
    quorum: Quorum
    requires: Structure | None = None
    expected_at_least: int = 1


@dataclass(frozen=True, slots=True)
class MeetingProcedure:
    """A version of the procedure (procedures/meetings.yaml)."""

    version: str
    source: str
    rules: Mapping[MeetingKind, MeetingRule]
    late_after_days: int
